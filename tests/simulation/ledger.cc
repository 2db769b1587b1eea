#include "tests/simulation/ledger.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace footfall {
namespace {

std::optional<std::uint64_t> numberOf(EventId id) {
    if (id.high != SentEvent::kHigh || (id.low & SentEvent::kLow) == 0) return std::nullopt;
    return id.low & ~SentEvent::kLow;
}

// The number of the event in a line of the dead letters; nullopt for what a crash left of a line.
std::optional<std::uint64_t> deadNumber(std::string_view line) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    if (!json.is_object() || !json.contains("event")) return std::nullopt;
    const auto& event = json["event"];
    if (event.value("event_type", "") != "poison") return std::nullopt;
    const auto id = parseUuid(event.value("event_id", ""));
    return id ? numberOf(*id) : std::nullopt;
}

}  // namespace

Ledger::Request Ledger::sent(std::vector<SentEvent> valid, std::uint32_t rejected) {
    requests_.push_back({.valid = std::move(valid), .rejected = rejected});
    return requests_.size() - 1;
}

std::size_t Ledger::connectionsLost() {
    std::size_t lost = 0;
    for (Sent& request : requests_) {
        if (request.state != State::kPending) continue;
        request.state = State::kUnknown;
        ++lost;
    }
    return lost;
}

std::string Ledger::contradiction(const FailingDatabase& database,
                                  const std::string& dead_letters) {
    const Found found = find(database, dead_letters);
    if (!found.contradiction.empty()) return found.contradiction;
    const std::map<std::uint64_t, Attempts> all = attempts();
    for (const auto& [number, attempts] : all)
        if (std::string wrong = judge(number, attempts, found); !wrong.empty()) return wrong;
    for (const auto& [number, variant] : found.stored)
        if (!all.contains(number)) return fmt::format("event {} was never sent", number);
    for (const auto& [number, count] : found.dead)
        if (!all.contains(number)) return fmt::format("dead letter {} was never sent", number);
    return judgeCounters(database.appliedNow(), found.stored.size());
}

Ledger::Found Ledger::find(const FailingDatabase& database, const std::string& dead_letters) {
    Found found;
    for (const FailingDatabase::Committed& commit : database.commits())
        for (std::size_t i = 0; i < commit.rows.size(); ++i) {
            const auto number = numberOf(commit.rows[i].id);
            if (!number)
                found.contradiction = "an id is stored that nobody sent";
            else if (!found.stored.emplace(*number, commit.quantities[i]).second)
                found.contradiction = fmt::format("event {} is stored twice", *number);
        }
    std::string_view rest = dead_letters;
    while (!rest.empty()) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        if (const auto number = deadNumber(line)) ++found.dead[*number];
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    }
    return found;
}

// In the order in which they were sent, which is that of their numbers in the journal.
std::map<std::uint64_t, Ledger::Attempts> Ledger::attempts() const {
    std::map<std::uint64_t, Attempts> all;
    for (const Sent& request : requests_) {
        if (request.state == State::kRefused) continue;
        for (const SentEvent& event : request.valid)
            all[event.number].push_back({.variant = event.variant,
                                         .poison = event.poison,
                                         .acknowledged = request.state == State::kAcknowledged});
    }
    return all;
}

std::string Ledger::judge(std::uint64_t number, const Attempts& attempts, const Found& found) {
    const auto stored = found.stored.find(number);
    const bool is_stored = stored != found.stored.end();
    const bool is_dead = found.dead.contains(number);
    bool may_be_stored = false;  // by an event sent so far
    for (const Attempt& attempt : attempts) {
        const bool is_it = is_stored && !attempt.poison && attempt.variant == stored->second;
        if (is_it) return "";
        if (attempt.acknowledged && attempt.poison && !is_dead && !(is_stored && may_be_stored))
            return fmt::format("poisonous event {} is no dead letter", number);
        if (attempt.acknowledged && !attempt.poison)
            return is_stored ? fmt::format("of event {} variant {} is stored, not {} or one before",
                                           number, stored->second, attempt.variant)
                             : fmt::format("event {} is lost", number);
        may_be_stored |= !attempt.poison;
    }
    return is_stored ? fmt::format("variant {} of event {} was never sent", stored->second, number)
                     : "";
}

std::string Ledger::judgeCounters(const Applied& applied, std::size_t stored) const {
    const EventCounters& totals = applied.totals;
    std::uint64_t acknowledged = 0;
    std::uint64_t unknown = 0;
    std::uint64_t rejected = process_ended_ ? 0 : rejected_whole_;
    std::uint64_t rejected_max = rejected_whole_;
    for (const Sent& request : requests_) {
        const bool is_acknowledged = request.state == State::kAcknowledged;
        if (request.state == State::kRefused) continue;
        (is_acknowledged ? acknowledged : unknown) += request.valid.size();
        rejected += is_acknowledged ? request.rejected : 0;
        rejected_max += request.rejected;
    }
    const std::uint64_t decided = totals.stored + totals.duplicates + totals.dead_lettered;
    if (totals.stored != stored)
        return fmt::format("{} events are stored, {} were counted", stored, totals.stored);
    if (decided != applied.last.value)
        return fmt::format("{} events were decided, {} numbers given", decided, applied.last.value);
    if (decided < acknowledged || decided > acknowledged + unknown)
        return fmt::format("{} events were decided; {} acknowledged, {} unknown", decided,
                           acknowledged, unknown);
    if (totals.rejected < rejected || totals.rejected > rejected_max)
        return fmt::format("{} events were counted as rejected, not {} to {}", totals.rejected,
                           rejected, rejected_max);
    if (totals.conflicts > totals.duplicates) return "more conflicts than duplicates";
    return unknown == 0 && !process_ended_ ? judgeExactly(totals) : "";
}

// Every event was acknowledged or refused, so it is known what became of it.
std::string Ledger::judgeExactly(const EventCounters& totals) const {
    EventCounters expected;
    std::map<std::uint64_t, std::int64_t> stored;
    for (const Sent& request : requests_) {
        if (request.state != State::kAcknowledged) continue;
        for (const SentEvent& event : request.valid) {
            const auto first = stored.find(event.number);
            if (first != stored.end()) {
                ++expected.duplicates;
                expected.conflicts += event.poison || first->second != event.variant ? 1 : 0;
            } else if (event.poison) {
                ++expected.dead_lettered;
            } else {
                stored.emplace(event.number, event.variant);
                ++expected.stored;
            }
        }
    }
    if (totals.duplicates == expected.duplicates && totals.conflicts == expected.conflicts &&
        totals.dead_lettered == expected.dead_lettered)
        return "";
    return fmt::format(
        "{} duplicates, {} conflicts and {} dead letters were counted, not {}, {} and {}",
        totals.duplicates, totals.conflicts, totals.dead_lettered, expected.duplicates,
        expected.conflicts, expected.dead_lettered);
}

}  // namespace footfall
