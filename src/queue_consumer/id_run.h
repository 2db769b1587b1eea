#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "queue_consumer/id_entry.h"
#include "queue_consumer/id_filter.h"
#include "support/file.h"
#include "support/result.h"

namespace footfall {

// What a run is, as the manifest lists it and its file repeats it.
struct IdRunInfo {
    std::uint64_t number = 0;  // names the file; a younger run has a higher one
    std::uint32_t tier = 0;    // how often its ids were merged
    std::uint32_t slice = 0;   // which part of the hashes it holds, see sliceBitsOf()
    std::uint64_t count = 0;   // of ids

    std::string fileName() const;
    bool operator==(const IdRunInfo&) const = default;
};

// The hashes of a slice share their upper bits. From tier 2 on a merge leaves four slices instead
// of a run four times as long: so a merge, its memory and its room on the disk stay bounded.
constexpr std::uint32_t kTierMax = 12;
constexpr unsigned sliceBitsOf(std::uint32_t tier) {
    return tier < 2 ? 0 : 2 * (tier - 1);
}
constexpr std::uint32_t sliceOf(std::uint64_t hash, std::uint32_t tier) {
    return static_cast<std::uint32_t>(hash >> 32 >> (32 - sliceBitsOf(tier)));
}

// 1 KiB of a run's file: what is read to confirm one id, and checked whenever it is read.
struct IdPage {
    static constexpr std::size_t kEntryCount = 68;
    // An entry as far as the filter does not tell it: 2^40 hashes have the same place there.
    struct Entry {
        std::array<std::uint8_t, 5> low_of_hash;
        std::array<std::uint8_t, 8> rest;
        std::array<std::uint8_t, 2> payload_hash;
    };
    std::array<Entry, kEntryCount> entries;
    std::uint32_t checksum;
};
static_assert(sizeof(IdPage) == 1024);

// IdRun: a file of ids in the order of their hashes that never changes, and its filter in memory.
// Threads: all const, any thread.   Layout on disk: docs/id_files.md.
// Errors: kMalformed when the file is damaged, of another folder or cannot be read.
// Bounds: memory is the filter, 2.27 bytes an id; find() reads a page, rarely two.
class IdRun {
  public:
    // Reads and checks header and filter; pages are checked when they are read.
    [[nodiscard]] static Result<std::shared_ptr<const IdRun>> open(FileSystem& files,
                                                                   const std::string& folder,
                                                                   IdKey key,
                                                                   const IdRunInfo& info);

    const IdRunInfo& info() const { return info_; }
    const IdFilter& filter() const { return filter_; }
    // The hash as the filter takes it.
    std::uint64_t filterHash(std::uint64_t hash) const { return hash << sliceBitsOf(info_.tier); }

    // The payload's hash of this id, which can be at these positions of the filter's.
    [[nodiscard]] Result<std::optional<PayloadHash>> find(const IdEntry& entry,
                                                          IdFilter::Positions positions) const;
    // Pages first, first + 1, … as many as `pages` has.
    [[nodiscard]] Result<void> readPages(std::uint64_t first, std::span<IdPage> pages) const;
    std::uint64_t pageCount() const;

  private:
    friend class IdRunWriter;
    IdRun(std::unique_ptr<PositionedFile> file, IdKey key, IdRunInfo info)
        : file_(std::move(file)), key_(key), info_(info) {}
    [[nodiscard]] Result<void> load();
    [[nodiscard]] Result<void> readExactly(std::uint64_t offset, std::span<std::byte> out) const;
    std::unexpected<Error> damaged(std::string_view what) const;

    std::unique_ptr<PositionedFile> file_;
    IdKey key_;
    IdRunInfo info_;
    IdFilter filter_;
};

// IdRunWriter: writes a run from entries as they come, in ascending order of their hashes.
// Threads: one at a time.   Bounds: 64 KiB and the filter.
// Errors: the disk's. What was written then is of no use; the file stays for its owner to remove.
class IdRunWriter {
  public:
    // `info.count`: about how many entries there will be.
    [[nodiscard]] static Result<IdRunWriter> create(FileSystem& files, const std::string& folder,
                                                    IdKey key, const IdRunInfo& info);

    const IdRunInfo& info() const { return info_; }
    [[nodiscard]] Result<void> add(const IdEntry& entry);
    // On the disk when it returns; that its name is too is for the caller to see to.
    [[nodiscard]] Result<std::shared_ptr<const IdRun>> finish() &&;

  private:
    IdRunWriter(std::unique_ptr<PositionedFile> file, IdKey key, IdRunInfo info);
    [[nodiscard]] Result<void> flush();
    [[nodiscard]] Result<void> append(std::span<const std::byte> bytes);

    std::unique_ptr<PositionedFile> file_;
    IdKey key_;
    IdRunInfo info_;
    IdFilterBuilder filter_;
    std::uint64_t written_bytes_;
    std::uint64_t synced_bytes_ = 0;
    std::uint64_t count_ = 0;
    std::vector<IdPage> pages_;  // not yet written
};

// IdRunReader: a run's entries from its first to its last. Threads: one at a time.
// Bounds: 64 KiB.   Errors: as IdRun.
class IdRunReader {
  public:
    explicit IdRunReader(std::shared_ptr<const IdRun> run);

    // Reads on where that is needed; after success atEnd(), or entry().
    [[nodiscard]] Result<void> advance();
    bool atEnd() const { return next_ > run_->info().count; }
    const IdEntry& entry() const { return entry_; }

  private:
    std::shared_ptr<const IdRun> run_;
    std::uint64_t next_ = 0;  // the position that advance() goes to; one past count: at the end
    std::uint64_t bucket_ = 0;
    std::vector<IdPage> pages_;
    std::uint64_t first_page_ = 0;
    IdEntry entry_{};
};

}  // namespace footfall
