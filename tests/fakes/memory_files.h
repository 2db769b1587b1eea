#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/file.h"
#include "support/mutex.h"
#include "tests/fakes/memory_disk.h"

namespace footfall {

// MemoryFiles: a file system in memory that fails, fills up, stops and forgets when the test says
// so. What losePower() leaves is MemoryDisk's matter.
// Threads: any.   Outlives: its files.
class MemoryFiles final : public FileSystem {
  public:
    // The next `count` appends write half of their bytes and fail.
    void failAppends(std::size_t count) {
        const MutexLock lock(mutex_);
        append_failures_ = count;
    }
    void failSyncs(std::size_t count) {
        const MutexLock lock(mutex_);
        sync_failures_ = count;
    }
    // The n-th sync from now, of a file or a folder, fails; 1 is the next one.
    void failSyncAt(std::size_t nth) {
        const MutexLock lock(mutex_);
        failing_sync_ = nth;
    }
    // The disk has room for `bytes` bytes more; nullopt: for any number.
    void setRoom(std::optional<std::size_t> bytes) {
        const MutexLock lock(mutex_);
        capacity_ = bytes ? std::optional(disk_.used() + *bytes) : std::nullopt;
    }
    // After `operations` more operations that change anything, everything fails.
    void stopAfter(std::size_t operations) {
        const MutexLock lock(mutex_);
        operations_left_ = operations;
    }
    bool stopped() const {
        const MutexLock lock(mutex_);
        return operations_left_ == 0;
    }
    // The machine goes off and on again. REQUIRES: no file is open.
    MemoryDisk::Losses losePower(Random& random) {
        const MutexLock lock(mutex_);
        operations_left_.reset();
        failing_sync_ = 0;
        return disk_.losePower(random);
    }
    // stopAfter() holds no more: it was the process alone that ended. What it wrote is there.
    void goOn() {
        const MutexLock lock(mutex_);
        operations_left_.reset();
    }

    std::string text(const std::string& path) const {
        const MutexLock lock(mutex_);
        const auto node = disk_.find(path);
        return node ? node->bytes : std::string();
    }
    // Syncs of files, failed ones included.
    std::size_t syncs() const {
        const MutexLock lock(mutex_);
        return syncs_;
    }

    Result<std::unique_ptr<File>> openForAppend(const std::string& path) override {
        const MutexLock lock(mutex_);
        auto node = disk_.find(path);
        if (!node) {
            if (Result<void> on = operate(); !on) return std::unexpected(on.error());
            node = disk_.create(path);
        }
        return std::make_unique<MemoryFile>(*this, std::move(node));
    }
    Result<std::unique_ptr<PositionedFile>> open(const std::string& path, OpenMode mode) override {
        const MutexLock lock(mutex_);
        auto node = disk_.find(path);
        if (mode == OpenMode::kCreate) {
            if (Result<void> on = operate(); !on) return std::unexpected(on.error());
            if (!node) node = disk_.create(path);
            node->bytes.clear();
            node->allocated = 0;
        }
        if (!node) return fail(Code::kNotFound, "no file " + path);
        return std::make_unique<MemoryFile>(*this, std::move(node));
    }
    Result<std::string> readAll(const std::string& path) override {
        const MutexLock lock(mutex_);
        const auto node = disk_.find(path);
        if (!node) return fail(Code::kNotFound, "no file " + path);
        return node->bytes;
    }
    Result<void> replace(const std::string& path, std::string_view text) override {
        const MutexLock lock(mutex_);
        if (Result<void> on = operate(); !on) return on;
        const auto node = disk_.create(path);
        MemoryDisk::write(*node, 0, text);
        MemoryDisk::sync(*node);
        disk_.syncFolder(folderOf(path));
        return {};
    }
    Result<void> remove(const std::string& path) override {
        const MutexLock lock(mutex_);
        if (!disk_.find(path)) return fail(Code::kNotFound, "no file " + path);
        if (Result<void> on = operate(); !on) return on;
        disk_.remove(path);
        disk_.syncFolder(folderOf(path));
        return {};
    }
    Result<void> rename(const std::string& from, const std::string& to) override {
        const MutexLock lock(mutex_);
        if (!disk_.find(from)) return fail(Code::kNotFound, "no file " + from);
        if (Result<void> on = operate(); !on) return on;
        disk_.rename(from, to);
        return {};
    }
    Result<void> link(const std::string& from, const std::string& to) override {
        const MutexLock lock(mutex_);
        if (!disk_.find(from)) return fail(Code::kNotFound, "no file " + from);
        if (disk_.find(to)) return fail(Code::kInvalidArgument, "there is a file " + to);
        if (Result<void> on = operate(); !on) return on;
        disk_.link(from, to);
        return {};
    }
    Result<std::vector<std::string>> list(const std::string& folder) override {
        const MutexLock lock(mutex_);
        return disk_.namesIn(folder);
    }
    Result<void> syncDirectory(const std::string& folder) override {
        const MutexLock lock(mutex_);
        if (Result<void> on = operate(); !on) return on;
        if (syncFails()) return fail(Code::kIo, "sync of a folder failed by the test");
        disk_.syncFolder(folder);
        return {};
    }
    Result<void> createDirectory(const std::string&) override { return {}; }

  private:
    using Node = MemoryDisk::Node;

    class MemoryFile final : public File, public PositionedFile {
      public:
        MemoryFile(MemoryFiles& files, MemoryDisk::NodePointer node)
            : files_(files), node_(std::move(node)) {}
        Result<void> append(std::span<const std::byte> bytes) override {
            return files_.append(*node_, bytes);
        }
        Result<std::size_t> readAt(std::uint64_t offset, std::span<std::byte> out) const override {
            const MutexLock lock(files_.mutex_);
            if (offset >= node_->bytes.size()) return 0;
            const std::size_t count =
                std::min<std::size_t>(out.size(), node_->bytes.size() - offset);
            std::memcpy(out.data(), node_->bytes.data() + offset, count);
            return count;
        }
        Result<std::uint64_t> size() const override {
            const MutexLock lock(files_.mutex_);
            return node_->bytes.size();
        }
        Result<void> writeAt(std::uint64_t offset, std::span<const std::byte> bytes) override {
            const MutexLock lock(files_.mutex_);
            return files_.write(*node_, offset, bytes);
        }
        Result<void> truncate(std::uint64_t bytes) override {
            const MutexLock lock(files_.mutex_);
            if (Result<void> on = files_.operate(); !on) return on;
            node_->bytes.resize(bytes, '\0');
            node_->allocated = bytes;
            return {};
        }
        Result<void> preallocate(std::uint64_t bytes) override {
            const MutexLock lock(files_.mutex_);
            if (Result<void> on = files_.operate(); !on) return on;
            if (files_.roomFor(*node_, bytes) < bytes) return fail(Code::kUnavailable, kFull);
            if (node_->bytes.size() < bytes) node_->bytes.resize(bytes, '\0');
            node_->allocated = std::max<std::size_t>(node_->allocated, bytes);
            return {};
        }
        Result<void> syncData() override { return files_.sync(*node_); }

      private:
        MemoryFiles& files_;
        MemoryDisk::NodePointer node_;
    };

    static constexpr const char* kFull = "the test's disk is full";

    static std::string folderOf(const std::string& path) {
        const std::size_t slash = path.rfind('/');
        return slash == std::string::npos ? "." : path.substr(0, slash);
    }
    Result<void> operate() REQUIRES(mutex_) {
        if (!operations_left_) return {};
        if (*operations_left_ == 0) return fail(Code::kIo, "the test's machine has no power");
        --*operations_left_;
        return {};
    }
    // Up to which size the file can be written.
    std::size_t roomFor(const Node& node, std::uint64_t wanted) const REQUIRES(mutex_) {
        const std::size_t has = std::max(node.allocated, node.bytes.size());
        if (!capacity_ || wanted <= has) return wanted;
        const std::size_t free = *capacity_ - std::min(*capacity_, disk_.used());
        return std::min<std::size_t>(wanted, has + free);
    }
    Result<void> write(Node& node, std::uint64_t offset, std::span<const std::byte> bytes)
        REQUIRES(mutex_) {
        if (Result<void> on = operate(); !on) return on;
        const std::size_t room = roomFor(node, offset + bytes.size());
        const std::size_t count = room > offset ? std::min(bytes.size(), room - offset) : 0;
        MemoryDisk::write(node, offset, {reinterpret_cast<const char*>(bytes.data()), count});
        if (count < bytes.size()) return fail(Code::kUnavailable, kFull);
        return {};
    }
    Result<void> append(Node& node, std::span<const std::byte> bytes) {
        const MutexLock lock(mutex_);
        if (append_failures_ == 0) return write(node, node.bytes.size(), bytes);
        --append_failures_;
        if (auto half = write(node, node.bytes.size(), bytes.first(bytes.size() / 2)); !half)
            return half;
        return fail(Code::kIo, "append failed by the test");
    }
    bool syncFails() REQUIRES(mutex_) { return failing_sync_ > 0 && --failing_sync_ == 0; }
    Result<void> sync(Node& node) {
        const MutexLock lock(mutex_);
        if (Result<void> on = operate(); !on) return on;
        ++syncs_;
        const bool fails = syncFails();
        if (!fails && sync_failures_ == 0) {
            MemoryDisk::sync(node);
            return {};
        }
        if (!fails) --sync_failures_;
        MemoryDisk::failSync(node);
        return fail(Code::kIo, "sync failed by the test");
    }

    mutable Mutex mutex_;
    MemoryDisk disk_ GUARDED_BY(mutex_);
    std::size_t append_failures_ GUARDED_BY(mutex_) = 0;
    std::size_t sync_failures_ GUARDED_BY(mutex_) = 0;
    std::size_t failing_sync_ GUARDED_BY(mutex_) = 0;
    std::size_t syncs_ GUARDED_BY(mutex_) = 0;
    std::optional<std::size_t> capacity_ GUARDED_BY(mutex_);
    std::optional<std::size_t> operations_left_ GUARDED_BY(mutex_);
};

}  // namespace footfall
