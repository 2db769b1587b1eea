#include "queue_consumer/deduplicator.h"

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <functional>
#include <limits>
#include <memory>
#include <utility>

#include "support/check.h"
#include "support/log.h"
#include "support/radix_sort.h"

namespace footfall {
namespace {

// After a step failed: what fails is the disk, and the consumer waits for it as well.
constexpr std::chrono::seconds kPauseAfterFailure{1};

// The places of the entries in the order of their hashes; of one id's the first comes first.
// Neighbours of a hash stand near each other in the sets, filters and files.
std::vector<std::uint32_t> placesByHash(std::span<const IdEntry> entries) {
    CHECK(entries.size() <= std::numeric_limits<std::uint32_t>::max(), "places are 32 bits");
    // The upper bits of the hash, the place below: nothing has to be fetched to compare.
    const std::uint64_t place_bits = std::bit_ceil(entries.size() + 1) - 1;
    std::vector<std::uint64_t> hash_places(entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i)
        hash_places[i] = (entries[i].hash() & ~place_bits) | i;
    radixSort(hash_places, std::identity());
    std::vector<std::uint32_t> places(entries.size());
    std::ranges::transform(hash_places, places.begin(), [&](std::uint64_t hash_place) {
        return static_cast<std::uint32_t>(hash_place & place_bits);
    });
    return places;
}

}  // namespace

Deduplicator::Deduplicator(DeduplicatorOptions options, FileSystem& files,
                           const std::string& folder, Metrics& metrics)
    : options_(options),
      known_ids_(metrics.gauge("deduplicator_ids", "Event ids known to be stored.")),
      hot_ids_(metrics.gauge("deduplicator_hot_ids", "Event ids in memory, in all generations.")),
      generations_(metrics.gauge("deduplicator_generations", "Generations of ids in memory.")),
      confirmed_(metrics.counter("deduplicator_positives_confirmed_total",
                                 "Ids that a filter suspected and a file held.")),
      false_positives_(metrics.counter("deduplicator_positives_false_total",
                                       "Ids that a filter suspected and no file held.")),
      waits_(metrics.counter("deduplicator_waits_total",
                             "Commits put off until the archive has taken a generation.")),
      restores_(metrics.counter("deduplicator_restores_total", "Times the ids were read.")),
      window_(options.generations_max),
      archive_(files, folder, metrics, options.random_seed) {
    CHECK(options.generation_ids > 0 && options.generations_max >= 2,
          "a generation being written stays in memory");
}

Result<std::vector<Deduplicator::Verdict>> Deduplicator::decide(
    std::span<const EventId> ids, std::span<const PayloadHash> payload_hashes) {
    CHECK(ids.size() == payload_hashes.size(), "each id has a payload");
    if (needsRestore()) return fail(Code::kMalformed, "the known ids have to be read again");
    // What leaves the window, in makeRoom(), was in the runs before.
    const std::shared_ptr<const IdRunSet> runs = archive_.runs();
    const IdKey key = archive_.key();

    std::vector<IdEntry> entries(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i)
        entries[i] = IdEntry::of(ids[i], payload_hashes[i], key);
    const std::vector<std::uint32_t> all_places = placesByHash(entries);

    std::vector<Verdict> verdicts(ids.size());
    std::array<IdLookup, IdRunSet::kLookupsMax> block;
    for (std::span<const std::uint32_t> left(all_places); !left.empty();) {
        const auto places = left.first(std::min(block.size(), left.size()));
        const std::span lookups(block.data(), places.size());
        for (std::size_t i = 0; i < places.size(); ++i) lookups[i] = {.entry = entries[places[i]]};
        if (auto done = lookUp(lookups, *runs); !done) return std::unexpected(done.error());
        for (std::size_t i = 0; i < places.size(); ++i) verdicts[places[i]] = mark(lookups[i]);
        left = left.subspan(places.size());
    }
    showSizes();
    return verdicts;
}

Result<void> Deduplicator::lookUp(std::span<IdLookup> lookups, const IdRunSet& runs) {
    window_.find(lookups);
    const auto positives = runs.find(lookups);
    if (!positives) {
        foundDamage();
        return std::unexpected(positives.error());
    }
    if (positives->confirmed > 0) confirmed_.Increment(static_cast<double>(positives->confirmed));
    if (positives->false_ones > 0)
        false_positives_.Increment(static_cast<double>(positives->false_ones));
    return {};
}

Deduplicator::Verdict Deduplicator::mark(const IdLookup& lookup) {
    PayloadHash first_payload = lookup.payload_hash;
    if (!lookup.found) {
        // Known all the same when it came twice within the block.
        const IdEntry* const known = window_.insert(lookup.entry);
        if (known == nullptr) return Verdict::kNew;
        first_payload = known->payload_hash;
    }
    return first_payload == lookup.entry.payload_hash ? Verdict::kDuplicate : Verdict::kConflict;
}

void Deduplicator::forget(EventId id) {
    window_.erase(IdEntry::of(id, 0, archive_.key()));
}

void Deduplicator::replace(EventId id, PayloadHash payload_hash) {
    const IdEntry entry = IdEntry::of(id, payload_hash, archive_.key());
    window_.erase(entry);
    window_.insert(entry);
}

bool Deduplicator::makeRoom(SequenceNumber covered) {
    const bool full = window_.young().size() >= options_.generation_ids;
    const bool sealed = full && window_.seal(covered);
    showSizes();
    if (sealed) wakeWorker();
    if (full && !sealed) waits_.Increment();
    return !full || sealed;
}

std::size_t Deduplicator::size() const {
    // What is archived between the two is counted twice, not left out.
    const std::size_t in_memory = window_.young().size() + window_.waitingIds();
    return in_memory + archive_.runs()->idCount();
}

void Deduplicator::showSizes() {
    known_ids_.Set(static_cast<double>(size()));
    hot_ids_.Set(static_cast<double>(window_.ids()));
    generations_.Set(static_cast<double>(window_.generations()));
}

bool Deduplicator::needsRestore() const {
    const MutexLock lock(mutex_);
    return needs_restore_;
}

bool Deduplicator::damaged() const {
    const MutexLock lock(mutex_);
    return damaged_;
}

void Deduplicator::foundDamage() {
    const MutexLock lock(mutex_);
    needs_restore_ = true;
    damaged_ = true;
}

Result<void> Deduplicator::restore(Database& database) {
    const MutexLock step_lock(step_mutex_);
    restores_.Increment();
    Result<void> restored = restoreOnce(database);
    if (restored || restored.error().code != Code::kMalformed) return restored;
    // A file whose header is whole turned out to be damaged when it was read.
    foundDamage();
    return restoreOnce(database);
}

Result<void> Deduplicator::restoreOnce(Database& database) {
    const Result<Applied> applied = database.applied();
    if (!applied) return std::unexpected(applied.error());
    if (auto opened = openArchive(applied->last); !opened) return opened;
    window_.clear();
    filling_ = false;
    if (auto read = readIds(database); !read) return read;
    if (filling_) {
        if (auto archived = archiveYoung(); !archived) return archived;
        if (auto ended = archive_.endFilling(applied->last); !ended) return ended;
    }
    showSizes();
    {
        const MutexLock lock(mutex_);
        needs_restore_ = false;
    }
    wakeWorker();
    return {};
}

Result<void> Deduplicator::openArchive(SequenceNumber stored) {
    if (!damaged()) return archive_.open(stored);
    if (auto cleared = archive_.clear(); !cleared) return cleared;
    const MutexLock lock(mutex_);
    damaged_ = false;
    return {};
}

Result<void> Deduplicator::readIds(Database& database) {
    Result<void> kept;
    const Result<void> scanned =
        database.scanIds(archive_.covered(), [&](std::span<const StoredId> piece) {
            for (const StoredId& stored : piece)
                if (kept) kept = keep(stored);
        });
    return scanned ? kept : scanned;
}

Result<void> Deduplicator::keep(const StoredId& stored) {
    const std::size_t limit =
        filling_ ? options_.generation_ids : options_.generation_ids * options_.generations_max;
    if (window_.young().size() >= limit)
        if (auto archived = archiveYoung(); !archived) return archived;
    window_.insert(IdEntry::of(stored.id, stored.payload_hash, archive_.key()));
    return {};
}

// While it restores: what is young goes to the archive, of which the disk knows nothing until all
// of it is there.
Result<void> Deduplicator::archiveYoung() {
    if (!filling_)
        if (auto begun = archive_.beginFilling(); !begun) return begun;
    filling_ = true;
    if (auto added = archive_.add(window_.young(), {0}); !added) return added;
    window_.clear();
    Result<bool> merged = true;
    while (merged && *merged) merged = archive_.mergeStep();
    if (!merged) return std::unexpected(merged.error());
    return {};
}

Result<bool> Deduplicator::step() {
    const MutexLock step_lock(step_mutex_);
    if (needsRestore()) return false;
    Result<bool> worked = stepOnce();
    if (!worked && worked.error().code == Code::kMalformed) foundDamage();
    return worked;
}

Result<bool> Deduplicator::stepOnce() {
    const std::shared_ptr<const IdGeneration> generation = window_.toArchive();
    if (!generation) return archive_.mergeStep();
    if (auto added = archive_.add(generation->ids, generation->covered); !added)
        return std::unexpected(added.error());
    window_.archived();
    return true;
}

void Deduplicator::run(const std::stop_token& stop) {
    bool failed_before = false;
    while (!stop.stop_requested()) {
        {
            const MutexLock lock(mutex_);
            has_work_ = false;
        }
        const Result<bool> worked = step();
        if (!worked && !failed_before)
            spdlog::warn(
                "The ids of stored events cannot be written to their files; tried again "
                "until it succeeds: {}",
                forLog(worked.error().what));
        failed_before = !worked;
        if (!worked)
            pauseAfterFailure(stop);
        else if (!*worked)
            waitForWork(stop);
    }
}

void Deduplicator::wakeWorker() {
    {
        const MutexLock lock(mutex_);
        has_work_ = true;
    }
    changed_.notify_all();
}

void Deduplicator::pauseAfterFailure(const std::stop_token& stop) {
    MutexLock lock(mutex_);
    changed_.wait_for(lock, stop, kPauseAfterFailure, [] { return false; });
}

void Deduplicator::waitForWork(const std::stop_token& stop) {
    MutexLock lock(mutex_);
    changed_.wait(lock, stop, [this]() REQUIRES(mutex_) { return has_work_; });
}

}  // namespace footfall
