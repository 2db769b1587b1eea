#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "support/file.h"
#include "support/result.h"

namespace footfall {

// DataFolder: the folder of one shop, held by one process at a time.
// Threads: one at a time.   Owns: the lock on `lock` and, once announced, `server.json`.
// Lifetime: destroying it removes server.json and lets go of the lock; a killed process lets go of
// the lock as well, which is how others know that its server.json is a leftover.
// Errors of open: kUnavailable when another process holds it, naming it | kIo when the folder
// cannot be made or written.
class DataFolder {
  public:
    // Makes the folder (0700) and its id.key (0600, the seed of EventIdKey) if they are missing.
    [[nodiscard]] static Result<DataFolder> open(const std::string& path);
    DataFolder(DataFolder&& other) noexcept;
    DataFolder& operator=(DataFolder&&) = delete;
    ~DataFolder();

    const std::string& path() const { return path_; }
    std::uint64_t idKeySeed() const { return id_key_seed_; }
    std::string databasePath() const { return databasePathIn(path_); }
    std::string deadLettersPath() const { return deadLettersPathIn(path_); }
    std::string journalPath() const { return path_ + "/journal"; }
    std::string idsPath() const { return path_ + "/ids"; }
    std::string indexPath() const { return path_ + "/journeys"; }
    static std::string databasePathIn(const std::string& path) { return path + "/footfall.duckdb"; }
    static std::string deadLettersPathIn(const std::string& path) {
        return path + "/dead_letters.jsonl";
    }

    // Writes server.json, for commands that look for the server of this folder.
    [[nodiscard]] Result<void> announce(const std::string& url);

  private:
    DataFolder(std::string path, int lock_fd) : path_(std::move(path)), lock_fd_(lock_fd) {}
    [[nodiscard]] Result<void> readOrCreateIdKey();

    std::string path_;
    int lock_fd_;  // -1: moved away
    std::uint64_t id_key_seed_ = 0;
    bool announced_ = false;
};

// Who holds a data folder now.
struct FolderHolder {
    std::optional<std::string> url;  // of its server; none while it starts, or for an import
    std::int64_t pid = 0;            // 0: not known
};
// nullopt when nobody does, or there is no such folder.
std::optional<FolderHolder> holderOf(const std::string& data_dir);

}  // namespace footfall
