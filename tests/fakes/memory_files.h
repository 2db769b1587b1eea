#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>

#include "support/file.h"
#include "support/mutex.h"

namespace footfall {

// MemoryFiles: a file system of texts that fails appends and syncs when the test says so.
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
    std::string text(const std::string& path) const {
        const MutexLock lock(mutex_);
        const auto found = texts_.find(path);
        return found == texts_.end() ? std::string() : found->second;
    }
    std::size_t syncs() const {
        const MutexLock lock(mutex_);
        return syncs_;
    }

    Result<std::unique_ptr<File>> openForAppend(const std::string& path) override {
        const MutexLock lock(mutex_);
        texts_.try_emplace(path);
        return std::make_unique<MemoryFile>(*this, path);
    }
    Result<std::string> readAll(const std::string& path) override {
        const MutexLock lock(mutex_);
        const auto found = texts_.find(path);
        if (found == texts_.end()) return fail(Code::kNotFound, "no file " + path);
        return found->second;
    }
    Result<void> replace(const std::string& path, std::string_view text) override {
        const MutexLock lock(mutex_);
        texts_[path] = text;
        return {};
    }
    Result<void> remove(const std::string& path) override {
        const MutexLock lock(mutex_);
        texts_.erase(path);
        return {};
    }
    Result<void> createDirectory(const std::string&) override { return {}; }

  private:
    class MemoryFile final : public File {
      public:
        MemoryFile(MemoryFiles& files, std::string path) : files_(files), path_(std::move(path)) {}
        Result<void> append(std::span<const std::byte> bytes) override {
            return files_.append(path_,
                                 {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
        }
        Result<void> syncData() override { return files_.sync(); }

      private:
        MemoryFiles& files_;
        std::string path_;
    };

    Result<void> append(const std::string& path, std::string_view text) {
        const MutexLock lock(mutex_);
        if (append_failures_ == 0) {
            texts_[path] += text;
            return {};
        }
        --append_failures_;
        texts_[path] += text.substr(0, text.size() / 2);
        return fail(Code::kIo, "append failed by the test");
    }
    Result<void> sync() {
        const MutexLock lock(mutex_);
        ++syncs_;
        if (sync_failures_ == 0) return {};
        --sync_failures_;
        return fail(Code::kIo, "sync failed by the test");
    }

    mutable Mutex mutex_;
    std::map<std::string, std::string> texts_ GUARDED_BY(mutex_);
    std::size_t append_failures_ GUARDED_BY(mutex_) = 0;
    std::size_t sync_failures_ GUARDED_BY(mutex_) = 0;
    std::size_t syncs_ GUARDED_BY(mutex_) = 0;
};

}  // namespace footfall
