#include "queue_consumer/id_archive.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "support/crash_point.h"
#include "support/log.h"

namespace footfall {
namespace {

// A few milliseconds of work: a generation that waits to be written waits no longer than that.
constexpr std::size_t kEntriesPerStep = 65'536;

std::uint64_t numberIn(const std::string& name) {
    std::uint64_t number = 0;
    std::from_chars(name.data(), name.data() + name.size(), number);
    return number;
}

}  // namespace

IdArchive::IdArchive(FileSystem& files, std::string folder, Metrics& metrics,
                     std::uint64_t random_seed)
    : files_(files),
      folder_(std::move(folder)),
      ids_(metrics.gauge("deduplicator_archived_ids", "Event ids in files.")),
      run_count_(metrics.gauge("deduplicator_runs", "Files that hold them.")),
      filter_bytes_(metrics.gauge("deduplicator_filter_bytes", "Memory of the files' filters.")),
      flushes_(metrics.counter("deduplicator_flushes_total", "Generations written to files.")),
      merges_done_(metrics.counter("deduplicator_merges_total", "Merges of files.")),
      random_(random_seed),
      key_{random_.next()} {}

Result<void> IdArchive::open(SequenceNumber stored) {
    forget();
    if (auto created = files_.createDirectory(folder_); !created) return created;
    const auto text = files_.readAll(manifestPath());
    if (!text && text.error().code == Code::kNotFound) return clear();
    const auto manifest = text ? IdManifest::parse(*text) : std::nullopt;
    if (!manifest || manifest->covered > stored) {
        spdlog::warn("The id files {}; they are made anew from the database.",
                     manifest ? "cover more than the database holds" : "have no valid manifest");
        return clear();
    }
    auto runs = load(*manifest);
    if (!runs) {
        spdlog::warn("{}; the id files are made anew from the database.",
                     forLog(runs.error().what));
        return clear();
    }
    key_ = manifest->key;
    covered_ = manifest->covered;
    use(std::move(*runs));
    return removeUnlisted();
}

Result<IdArchive::RunPointers> IdArchive::load(const IdManifest& manifest) const {
    RunPointers runs;
    for (const IdRunInfo& info : manifest.runs) {
        auto run = IdRun::open(files_, folder_, manifest.key, info);
        if (!run) return std::unexpected(std::move(run.error()));
        runs.push_back(std::move(*run));
    }
    return runs;
}

Result<void> IdArchive::clear() {
    forget();
    key_ = {random_.next()};
    if (auto published = publish({}, {0}); !published) return published;
    return removeUnlisted();
}

void IdArchive::forget() {
    merges_.clear();
    garbage_.clear();
    filling_ = false;
    covered_ = {0};
    use({});
}

Result<void> IdArchive::removeUnlisted() {
    const auto names = files_.list(folder_);
    if (!names) return std::unexpected(names.error());
    std::set<std::string> listed = {"manifest"};
    for (const auto& run : runs()->runs()) listed.insert(run->info().fileName());
    for (const std::string& name : *names) {
        last_number_ = std::max(last_number_, numberIn(name));
        if (!listed.contains(name))
            if (auto removed = files_.remove(pathOf(name)); !removed) return removed;
    }
    return {};
}

std::shared_ptr<const IdRunSet> IdArchive::runs() const {
    const MutexLock lock(mutex_);
    return runs_;
}

Result<void> IdArchive::add(const IdSet& ids, SequenceNumber covered) {
    const IdRunInfo info{.number = ++last_number_, .tier = 0, .slice = 0, .count = ids.size()};
    auto run = writeRun(ids, info);
    if (!run) {
        removeFile(info.fileName());
        return std::unexpected(std::move(run.error()));
    }
    RunPointers next = runs()->runs();
    next.push_back(std::move(*run));
    if (auto published = publish(std::move(next), covered); !published) return published;
    flushes_.Increment();
    return {};
}

Result<std::shared_ptr<const IdRun>> IdArchive::writeRun(const IdSet& ids,
                                                         const IdRunInfo& info) const {
    auto writer = IdRunWriter::create(files_, folder_, key_, info);
    if (!writer) return std::unexpected(std::move(writer.error()));
    for (std::size_t shard = 0; shard < IdSet::kShardCount; ++shard)
        for (const IdEntry& entry : ids.sortedShard(shard))
            if (auto added = writer->add(entry); !added) return std::unexpected(added.error());
    return std::move(*writer).finish();
}

Result<void> IdArchive::beginFilling() {
    const IdManifest none{.key = key_, .covered = {0}, .runs = {}};
    if (auto replaced = files_.replace(manifestPath(), none.text()); !replaced) return replaced;
    filling_ = true;
    crashPoint("ids.after_filling_begin");
    return {};
}

Result<void> IdArchive::endFilling(SequenceNumber covered) {
    filling_ = false;
    crashPoint("ids.before_filling_end");
    return publish(runs()->runs(), covered);
}

Result<void> IdArchive::publish(RunPointers next, SequenceNumber covered) {
    const RunPointers before = runs()->runs();
    if (!filling_) {
        IdManifest manifest{.key = key_, .covered = covered, .runs = {}};
        for (const auto& run : next) manifest.runs.push_back(run->info());
        Result<void> done = files_.syncDirectory(folder_);  // the runs' names before theirs in it
        crashPoint("ids.before_manifest");
        if (done) done = files_.replace(manifestPath(), manifest.text());
        crashPoint("ids.after_manifest");
        if (!done) {
            removeLater(next, before);
            return done;
        }
    }
    removeLater(before, next);
    covered_ = covered;
    use(std::move(next));
    for (const std::string& name : std::exchange(garbage_, {})) removeFile(name);
    return {};
}

void IdArchive::use(RunPointers runs) {
    auto next = std::make_shared<const IdRunSet>(std::move(runs));
    ids_.Set(static_cast<double>(next->idCount()));
    run_count_.Set(static_cast<double>(next->runs().size()));
    filter_bytes_.Set(static_cast<double>(next->filterBytes()));
    const MutexLock lock(mutex_);
    runs_ = std::move(next);
}

void IdArchive::removeLater(const RunPointers& runs, const RunPointers& unless) {
    for (const auto& run : runs)
        if (std::ranges::find(unless, run) == unless.end())
            garbage_.push_back(run->info().fileName());
}

// One that cannot be removed is tried again after the next change, and by the next open().
void IdArchive::removeFile(const std::string& name) {
    const auto removed = files_.remove(pathOf(name));
    crashPoint("ids.after_removal");
    if (!removed && removed.error().code != Code::kNotFound) garbage_.push_back(name);
}

Result<bool> IdArchive::mergeStep() {
    planMerges();
    if (merges_.empty()) return false;
    // The lowest tier: there the runs come fastest, and a short merge never waits for a long one.
    const auto [group, merge] = *merges_.begin();
    const Result<bool> finished = merge->step(kEntriesPerStep);
    if (finished && !*finished) return true;
    merges_.erase(group);
    if (!finished) {
        for (const std::string& name : merge->fileNames()) removeFile(name);
        return finished;
    }
    if (auto published = publishMerge(*merge); !published)
        return std::unexpected(published.error());
    return true;
}

Result<void> IdArchive::publishMerge(const IdMerge& merge) {
    RunPointers next = merge.outputs();
    for (const auto& run : runs()->runs())
        if (std::ranges::find(merge.inputs(), run) == merge.inputs().end()) next.push_back(run);
    crashPoint("ids.before_merge");
    if (auto published = publish(std::move(next), covered_); !published) return published;
    crashPoint("ids.after_merge");
    merges_done_.Increment();
    return {};
}

void IdArchive::planMerges() {
    std::map<Group, RunPointers> groups;
    for (const auto& run : runs()->runs())
        groups[{run->info().tier, run->info().slice}].push_back(run);
    for (auto& [group, runs] : groups) {
        if (runs.size() < kRunsPerMerge || group.first == kTierMax || merges_.contains(group))
            continue;
        runs.resize(kRunsPerMerge);  // the oldest
        merges_.emplace(group, std::make_shared<IdMerge>(files_, folder_, key_, std::move(runs),
                                                         [this] { return ++last_number_; }));
    }
}

}  // namespace footfall
