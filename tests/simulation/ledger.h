#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fakes/failing_database.h"

namespace footfall {

// An event as its client knows it. Two of the same number and variant are the same event.
struct SentEvent {
    std::uint64_t number = 0;
    std::int64_t variant = 0;
    bool poison = false;  // the database can never store it

    static constexpr std::uint64_t kHigh = 0x0190'0000'0000'7000;
    static constexpr std::uint64_t kLow = 0x8000'0000'0000'0000;
    EventId id() const { return {.high = kHigh, .low = kLow | number}; }
};

// Ledger: the books of a client that believes answers only, and what must be true by them.
//   1. An acknowledged event is stored exactly once, or it is a dead letter.
//   2. No id is stored twice.
//   3. Nothing is stored, and nothing is a dead letter, that was never sent or was refused.
//   4. Of an id's events the first one wins: what is stored was sent no later than the first
//      acknowledged one. Where an answer is missing either is right.
//   5. At rest the counters add up; exactly, where no answer is missing and no process was ended.
// Threads: one.
class Ledger {
  public:
    enum class State { kPending, kAcknowledged, kRefused, kUnknown };
    using Request = std::size_t;

    Request sent(std::vector<SentEvent> valid, std::uint32_t rejected);
    void answered(Request request, State state) { requests_[request].state = state; }
    std::size_t requests() const { return requests_.size(); }
    State stateOf(Request request) const { return requests_[request].state; }
    // The process has ended: what was not answered will never be. Returns the number of those.
    std::size_t connectionsLost();
    // Of a request without a valid event; these counts may go with a process that is ended.
    void refusedWhole(std::uint32_t rejected) { rejected_whole_ += rejected; }
    void processEnded() { process_ended_ = true; }

    // "": all is well. REQUIRES: nothing is under way.
    std::string contradiction(const FailingDatabase& database, const std::string& dead_letters);

  private:
    struct Sent {
        std::vector<SentEvent> valid;
        std::uint32_t rejected = 0;
        State state = State::kPending;
    };
    // What may have come of an event.
    struct Attempt {
        std::int64_t variant;
        bool poison;
        bool acknowledged;
    };
    using Attempts = std::vector<Attempt>;

    struct Found {
        std::map<std::uint64_t, std::int64_t> stored;  // number to variant
        std::map<std::uint64_t, std::size_t> dead;     // number to count
        std::string contradiction;
    };
    static Found find(const FailingDatabase& database, const std::string& dead_letters);
    std::map<std::uint64_t, Attempts> attempts() const;
    static std::string judge(std::uint64_t number, const Attempts& attempts, const Found& found);
    std::string judgeCounters(const Applied& applied, std::size_t stored) const;
    std::string judgeExactly(const EventCounters& totals) const;

    std::vector<Sent> requests_;
    std::uint64_t rejected_whole_ = 0;
    bool process_ended_ = false;
};

}  // namespace footfall
