#include "tests/simulation/tally.h"

#include <fmt/format.h>

namespace footfall {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Injection::kCount)> kInjections = {
    "process killed",
    "power lost",
    "unsynced page dropped",
    "unsynced page torn",
    "unsynced page torn, garbage behind",
    "directory entry lost",
    "stopped at any operation of the disk",
    "disk full",
    "disk freed again",
    "sync failed",
    "append failed",
    "slow disk, over 4 s",
    "commits failed for a while",
    "commit failed, reopen needed",
    "poisonous event sent",
    "commit's outcome unknown, happened",
    "commit's outcome unknown, did not happen",
    "reopens failed",
    "checkpoints failed",
    "database away for long",
    "database's log lost",
    "file of ids lost",
    "file of ids damaged",
    "wall clock stepped",
    "clean stop",
    "start failed",
};

constexpr std::array<std::string_view, static_cast<std::size_t>(Outcome::kCount)> kOutcomes = {
    "requests",
    "answered 202",
    "answered 400",
    "answered 422",
    "answered 429, journal full",
    "answered 503",
    "not answered",
    "sent again",
    "batches read from the journal",
    "segments trimmed",
    "files of ids written",
    "files of ids merged",
    "dead letters",
    "events stored",
};

}  // namespace

Tally& Tally::operator+=(const Tally& other) {
    for (std::size_t i = 0; i < injections_.size(); ++i) injections_[i] += other.injections_[i];
    for (std::size_t i = 0; i < outcomes_.size(); ++i) outcomes_[i] += other.outcomes_[i];
    return *this;
}

std::string Tally::text() const {
    std::string text = "Injected\n";
    for (std::size_t i = 0; i < injections_.size(); ++i)
        text += fmt::format("  {:<42}{:>12}\n", kInjections[i], injections_[i]);
    text += "What came of it\n";
    for (std::size_t i = 0; i < outcomes_.size(); ++i)
        text += fmt::format("  {:<42}{:>12}\n", kOutcomes[i], outcomes_[i]);
    return text;
}

}  // namespace footfall
