#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "queue_consumer/id_entry.h"
#include "queue_consumer/id_run.h"
#include "support/file.h"
#include "support/result.h"

namespace footfall {

// IdMerge: makes runs of one tier and slice into one of the next, or into four slices of it.
// Threads: one at a time.   Bounds: 64 KiB a run and the new runs' filters.
// Errors: kMalformed when a run is damaged; else the disk's. Both end the merge; its files stay for
//   its owner to remove.
class IdMerge {
  public:
    // `nextNumber` names the new runs.
    IdMerge(FileSystem& files, std::string folder, IdKey key,
            std::vector<std::shared_ptr<const IdRun>> inputs,
            std::function<std::uint64_t()> nextNumber);

    // Merges so many entries more. True: all of them are, and outputs() are on the disk.
    [[nodiscard]] Result<bool> step(std::size_t entries);

    const std::vector<std::shared_ptr<const IdRun>>& inputs() const { return inputs_; }
    const std::vector<std::shared_ptr<const IdRun>>& outputs() const { return outputs_; }
    // Of every file that was begun.
    const std::vector<std::string>& fileNames() const { return file_names_; }

  private:
    [[nodiscard]] Result<void> start();
    [[nodiscard]] Result<void> write(const IdEntry& entry);
    [[nodiscard]] Result<void> openWriter(std::uint32_t slice);
    [[nodiscard]] Result<void> closeWriter();
    IdRunReader* smallest();

    FileSystem& files_;
    const std::string folder_;
    const IdKey key_;
    const std::vector<std::shared_ptr<const IdRun>> inputs_;
    const std::function<std::uint64_t()> nextNumber_;
    std::uint64_t expected_count_ = 0;  // of one output
    std::vector<IdRunReader> readers_;
    std::optional<IdRunWriter> writer_;
    std::vector<std::shared_ptr<const IdRun>> outputs_;
    std::vector<std::string> file_names_;
};

}  // namespace footfall
