#include "queue_consumer/id_merge.h"

#include <utility>

namespace footfall {

IdMerge::IdMerge(FileSystem& files, std::string folder, IdKey key,
                 std::vector<std::shared_ptr<const IdRun>> inputs,
                 std::function<std::uint64_t()> nextNumber)
    : files_(files),
      folder_(std::move(folder)),
      key_(key),
      inputs_(std::move(inputs)),
      nextNumber_(std::move(nextNumber)) {
    const std::uint32_t tier = inputs_.front()->info().tier;
    for (const auto& input : inputs_) expected_count_ += input->info().count;
    expected_count_ >>= sliceBitsOf(tier + 1) - sliceBitsOf(tier);
}

Result<bool> IdMerge::step(std::size_t entries) {
    if (readers_.empty())
        if (auto started = start(); !started) return std::unexpected(started.error());
    for (std::size_t i = 0; i < entries; ++i) {
        IdRunReader* const next = smallest();
        if (next == nullptr) {
            if (auto closed = closeWriter(); !closed) return std::unexpected(closed.error());
            return true;
        }
        if (auto written = write(next->entry()); !written) return std::unexpected(written.error());
        if (auto advanced = next->advance(); !advanced) return std::unexpected(advanced.error());
    }
    return false;
}

Result<void> IdMerge::start() {
    readers_.reserve(inputs_.size());
    for (const auto& input : inputs_) {
        readers_.emplace_back(input);
        if (auto advanced = readers_.back().advance(); !advanced) return advanced;
    }
    return {};
}

IdRunReader* IdMerge::smallest() {
    IdRunReader* smallest = nullptr;
    for (IdRunReader& reader : readers_)
        if (!reader.atEnd() &&
            (smallest == nullptr || reader.entry().hash() < smallest->entry().hash()))
            smallest = &reader;
    return smallest;
}

Result<void> IdMerge::write(const IdEntry& entry) {
    const std::uint32_t slice = sliceOf(entry.hash(), inputs_.front()->info().tier + 1);
    if (!writer_ || writer_->info().slice != slice) {
        if (auto closed = closeWriter(); !closed) return closed;
        if (auto opened = openWriter(slice); !opened) return opened;
    }
    return writer_->add(entry);
}

Result<void> IdMerge::openWriter(std::uint32_t slice) {
    const IdRunInfo info{.number = nextNumber_(),
                         .tier = inputs_.front()->info().tier + 1,
                         .slice = slice,
                         .count = expected_count_};
    file_names_.push_back(info.fileName());
    auto writer = IdRunWriter::create(files_, folder_, key_, info);
    if (!writer) return std::unexpected(std::move(writer.error()));
    writer_.emplace(std::move(*writer));
    return {};
}

Result<void> IdMerge::closeWriter() {
    if (!writer_) return {};
    auto run = std::move(*writer_).finish();
    writer_.reset();
    if (!run) return std::unexpected(std::move(run.error()));
    outputs_.push_back(std::move(*run));
    return {};
}

}  // namespace footfall
