#include "queue_consumer/id_run.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "support/check.h"
#include "support/crash_point.h"

namespace footfall {
namespace {

static_assert(std::endian::native == std::endian::little, "files hold numbers as memory does");

constexpr std::size_t kPagesAtATime = 64;  // 64 KiB
// Synced while it is written, so that no sync of the journal's ever waits for more than this.
constexpr std::uint64_t kUnsyncedBytesMax = 8 << 20;
// Of a hash, in a page: enough to tell those apart that have one place in the filter.
constexpr unsigned kLowBits = 8 * sizeof(IdPage::Entry::low_of_hash);
static_assert((std::uint64_t{1} << 48) / (IdFilter::kGroupsMin * IdFilter::kBucketsPerGroup) <
              std::uint64_t{1} << kLowBits);
constexpr std::uint64_t kFilterPlace = ~0ULL - 1;
constexpr std::uint64_t kHeaderPlace = ~0ULL - 2;

// The file's first 56 bytes; the pages begin at 1,024, then come the filter's groups and its
// remainders.
struct Header {
    std::array<char, 8> magic;
    std::uint64_t number;
    std::uint32_t tier;
    std::uint32_t slice;
    std::uint64_t count;
    std::uint64_t group_count;
    std::uint64_t filter_checksum;
    std::uint64_t checksum;  // of the bytes before
};
static_assert(sizeof(Header) == 56);
constexpr std::array<char, 8> kMagic = {'F', 'F', 'I', 'D', 'S', '0', '0', '3'};

std::uint64_t checksumOf(const Header& header, IdKey key) {
    return key.checksumOf(&header, offsetof(Header, checksum), kHeaderPlace);
}
std::uint64_t placeOf(const IdRunInfo& info, std::uint64_t page) {
    return info.number << 24 ^ page;
}
std::uint32_t checksumOf(const IdPage& page, IdKey key, std::uint64_t place) {
    return static_cast<std::uint32_t>(key.checksumOf(&page, offsetof(IdPage, checksum), place));
}
std::uint64_t checksumOf(const IdFilter& filter, IdKey key) {
    const std::uint64_t groups =
        key.checksumOf(filter.groups().data(), filter.groups().size_bytes(), kFilterPlace);
    return key.checksumOf(filter.remainders().data(), filter.remainders().size_bytes(), groups);
}

std::uint64_t pagesFor(std::uint64_t count) {
    return (count + IdPage::kEntryCount - 1) / IdPage::kEntryCount;
}
constexpr std::uint64_t offsetOfPage(std::uint64_t page) {
    return (page + 1) * sizeof(IdPage);
}
std::uint64_t bytesOf(std::uint64_t count, std::uint64_t group_count) {
    return offsetOfPage(pagesFor(count)) + group_count * sizeof(IdFilter::Group) +
           count * sizeof(std::uint16_t);
}

// Right where it stays: to copy fifteen bytes that were just written in parts is slow.
void pack(const IdEntry& entry, IdPage::Entry& out) {
    const std::uint64_t hash = entry.hash();
    const std::uint64_t rest = entry.rest();
    std::memcpy(out.low_of_hash.data(), &hash, out.low_of_hash.size());
    std::memcpy(out.rest.data(), &rest, sizeof rest);
    std::memcpy(out.payload_hash.data(), &entry.payload_hash, sizeof entry.payload_hash);
}

// `first`: of the 2^40 hashes that can be this one's, which all leave out the upper `slice_bits`.
IdEntry unpacked(const IdPage::Entry& packed, std::uint64_t first, const IdRunInfo& info) {
    std::uint64_t low = 0;
    std::uint64_t rest = 0;
    PayloadHash payload_hash = 0;
    std::memcpy(&low, packed.low_of_hash.data(), packed.low_of_hash.size());
    std::memcpy(&rest, packed.rest.data(), sizeof rest);
    std::memcpy(&payload_hash, packed.payload_hash.data(), sizeof payload_hash);
    const unsigned slice_bits = sliceBitsOf(info.tier);
    const std::uint64_t range = (std::uint64_t{1} << (kLowBits + slice_bits)) - 1;
    const std::uint64_t in_slice = first + (((low << slice_bits) - first) & range);
    // In two steps: a run that is no slice has none of these bits.
    const std::uint64_t slice = std::uint64_t{info.slice} << 32 << (32 - slice_bits);
    return IdEntry::of(in_slice >> slice_bits | slice, rest, payload_hash);
}

std::string pathOf(const std::string& folder, const IdRunInfo& info) {
    return folder + "/" + info.fileName();
}

}  // namespace

std::string IdRunInfo::fileName() const {
    return fmt::format("{:08}.run", number);
}

Result<std::shared_ptr<const IdRun>> IdRun::open(FileSystem& files, const std::string& folder,
                                                 IdKey key, const IdRunInfo& info) {
    auto file = files.open(pathOf(folder, info), OpenMode::kRead);
    if (!file) return fail(Code::kMalformed, std::move(file.error().what));
    std::shared_ptr<IdRun> run(new IdRun(std::move(*file), key, info));
    if (const Result<void> loaded = run->load(); !loaded) return std::unexpected(loaded.error());
    return run;
}

Result<void> IdRun::load() {
    Header header;
    if (auto read = readExactly(0, std::as_writable_bytes(std::span(&header, 1))); !read)
        return read;
    if (header.magic != kMagic || header.checksum != checksumOf(header, key_))
        return damaged("its header");
    const IdRunInfo found{
        .number = header.number, .tier = header.tier, .slice = header.slice, .count = header.count};
    const auto size = file_->size();
    if (found != info_ || !size || *size != bytesOf(header.count, header.group_count))
        return damaged("its size");

    std::vector<IdFilter::Group> groups(header.group_count);
    std::vector<std::uint16_t> remainders(header.count);
    const std::uint64_t offset = offsetOfPage(pageCount());
    if (auto read = readExactly(offset, std::as_writable_bytes(std::span(groups))); !read)
        return read;
    if (auto read = readExactly(offset + groups.size() * sizeof(IdFilter::Group),
                                std::as_writable_bytes(std::span(remainders)));
        !read)
        return read;
    auto filter = IdFilter::of(std::move(groups), std::move(remainders));
    if (!filter || checksumOf(*filter, key_) != header.filter_checksum)
        return damaged("its filter");
    filter_ = std::move(*filter);
    return {};
}

Result<std::optional<PayloadHash>> IdRun::find(const IdEntry& entry,
                                               IdFilter::Positions positions) const {
    IdPage::Entry wanted;
    pack(entry, wanted);
    IdPage page;
    std::uint64_t loaded = pageCount();  // none
    for (std::uint64_t at = positions.begin; at < positions.end; ++at) {
        if (at / IdPage::kEntryCount != loaded) {
            loaded = at / IdPage::kEntryCount;
            if (auto read = readPages(loaded, std::span(&page, 1)); !read)
                return std::unexpected(read.error());
        }
        // The position is that of the hash's other bits.
        const IdPage::Entry& candidate = page.entries[at % IdPage::kEntryCount];
        if (candidate.low_of_hash == wanted.low_of_hash && candidate.rest == wanted.rest)
            return std::bit_cast<PayloadHash>(candidate.payload_hash);
    }
    return std::nullopt;
}

Result<void> IdRun::readPages(std::uint64_t first, std::span<IdPage> pages) const {
    if (auto read = readExactly(offsetOfPage(first), std::as_writable_bytes(pages)); !read)
        return read;
    for (std::size_t i = 0; i < pages.size(); ++i)
        if (pages[i].checksum != checksumOf(pages[i], key_, placeOf(info_, first + i)))
            return damaged("a page");
    return {};
}

std::uint64_t IdRun::pageCount() const {
    return pagesFor(info_.count);
}

Result<void> IdRun::readExactly(std::uint64_t offset, std::span<std::byte> out) const {
    const auto count = file_->readAt(offset, out);
    if (!count) return fail(Code::kMalformed, count.error().what);
    if (*count != out.size()) return damaged("its end");
    return {};
}

std::unexpected<Error> IdRun::damaged(std::string_view what) const {
    return fail(Code::kMalformed,
                fmt::format("the id file {} is damaged: {}", info_.fileName(), what));
}

Result<IdRunWriter> IdRunWriter::create(FileSystem& files, const std::string& folder, IdKey key,
                                        const IdRunInfo& info) {
    auto file = files.open(pathOf(folder, info), OpenMode::kCreate);
    if (!file) return std::unexpected(std::move(file.error()));
    return IdRunWriter(std::move(*file), key, info);
}

IdRunWriter::IdRunWriter(std::unique_ptr<PositionedFile> file, IdKey key, IdRunInfo info)
    : file_(std::move(file)),
      key_(key),
      info_(info),
      filter_(info.count),
      written_bytes_(offsetOfPage(0)) {
    pages_.reserve(kPagesAtATime);
}

Result<void> IdRunWriter::add(const IdEntry& entry) {
    const std::size_t slot = count_ % IdPage::kEntryCount;
    if (slot == 0) {
        if (pages_.size() == kPagesAtATime)
            if (auto flushed = flush(); !flushed) return flushed;
        pages_.emplace_back();
    }
    pack(entry, pages_.back().entries[slot]);
    filter_.add(entry.hash() << sliceBitsOf(info_.tier));
    ++count_;
    return {};
}

Result<std::shared_ptr<const IdRun>> IdRunWriter::finish() && {
    if (auto flushed = flush(); !flushed) return std::unexpected(flushed.error());
    IdFilter filter = std::move(filter_).build();
    for (const auto bytes : {std::as_bytes(filter.groups()), std::as_bytes(filter.remainders())})
        if (auto added = append(bytes); !added) return std::unexpected(added.error());

    info_.count = count_;
    Header header{.magic = kMagic,
                  .number = info_.number,
                  .tier = info_.tier,
                  .slice = info_.slice,
                  .count = count_,
                  .group_count = filter.groups().size(),
                  .filter_checksum = checksumOf(filter, key_),
                  .checksum = 0};
    header.checksum = checksumOf(header, key_);
    if (auto written = file_->writeAt(0, std::as_bytes(std::span(&header, 1))); !written)
        return std::unexpected(written.error());
    crashPoint("ids.after_run_write");
    if (auto synced = file_->syncData(); !synced) return std::unexpected(synced.error());
    crashPoint("ids.after_run_sync");

    std::shared_ptr<IdRun> run(new IdRun(std::move(file_), key_, info_));
    run->filter_ = std::move(filter);
    return run;
}

Result<void> IdRunWriter::flush() {
    std::uint64_t page = written_bytes_ / sizeof(IdPage) - 1;
    for (IdPage& full : pages_) full.checksum = checksumOf(full, key_, placeOf(info_, page++));
    if (auto added = append(std::as_bytes(std::span(pages_))); !added) return added;
    pages_.clear();
    return {};
}

Result<void> IdRunWriter::append(std::span<const std::byte> bytes) {
    if (auto written = file_->writeAt(written_bytes_, bytes); !written) return written;
    written_bytes_ += bytes.size();
    if (written_bytes_ - synced_bytes_ < kUnsyncedBytesMax) return {};
    synced_bytes_ = written_bytes_;
    return file_->syncData();
}

IdRunReader::IdRunReader(std::shared_ptr<const IdRun> run) : run_(std::move(run)) {}

Result<void> IdRunReader::advance() {
    CHECK(!atEnd(), "nothing comes after the end");
    const std::uint64_t position = next_++;
    if (position == run_->info().count) return {};
    const std::uint64_t page = position / IdPage::kEntryCount;
    if (page >= first_page_ + pages_.size()) {
        first_page_ = page;
        pages_.resize(std::min<std::uint64_t>(kPagesAtATime, run_->pageCount() - page));
        if (auto read = run_->readPages(page, pages_); !read) return read;
    }
    const IdFilter& filter = run_->filter();
    while (filter.endOf(bucket_) <= position) ++bucket_;
    const auto& entry = pages_[page - first_page_].entries[position % IdPage::kEntryCount];
    entry_ = unpacked(entry, filter.lowestHash(bucket_, static_cast<std::uint32_t>(position)),
                      run_->info());
    return {};
}

}  // namespace footfall
