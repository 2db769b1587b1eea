#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace footfall {

// What the simulation does to the pipeline. Each kind is counted, so that a run shows what it
// tried.
enum class Injection : std::uint8_t {
    kProcessKilled,
    kPowerLost,
    kPagesDropped,
    kPagesTorn,
    kPagesGarbled,
    kNamesLost,
    kStoppedAtOperation,
    kDiskFull,
    kDiskFreed,
    kSyncFailed,
    kAppendFailed,
    kSlowDisk,
    kCommitsFailed,
    kCommitFatal,
    kContentRefused,
    kUnknownHappened,
    kUnknownDidNotHappen,
    kReopensFailed,
    kCheckpointsFailed,
    kDatabaseAway,
    kLogLost,
    kIdFileLost,
    kIdFileDamaged,
    kClockStepped,
    kCleanStop,
    kStartFailed,
    kCount,
};

// What came of it: a run that never filled the journal has shown nothing about that.
enum class Outcome : std::uint8_t {
    kRequests,
    kAnswered202,
    kAnswered400,
    kAnswered422,
    kAnswered429,
    kAnswered503,
    kNotAnswered,
    kResent,
    kReadFromJournal,
    kSegmentsTrimmed,
    kIdFilesWritten,
    kIdFilesMerged,
    kDeadLetters,
    kEventsStored,
    kCount,
};

// Tally: how often each of these happened.
// Threads: one at a time; added up afterwards.
class Tally {
  public:
    void add(Injection injection, std::uint64_t count = 1) {
        injections_[static_cast<std::size_t>(injection)] += count;
    }
    void add(Outcome outcome, std::uint64_t count = 1) {
        outcomes_[static_cast<std::size_t>(outcome)] += count;
    }
    Tally& operator+=(const Tally& other);
    // A table, a line a kind.
    std::string text() const;

  private:
    std::array<std::uint64_t, static_cast<std::size_t>(Injection::kCount)> injections_{};
    std::array<std::uint64_t, static_cast<std::size_t>(Outcome::kCount)> outcomes_{};
};

}  // namespace footfall
