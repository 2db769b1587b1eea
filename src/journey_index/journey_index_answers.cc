#include <algorithm>
#include <iterator>
#include <utility>

#include "journey_index/filter_tally.h"
#include "journey_index/journey_index.h"
#include "journey_index/question_tally.h"

// How JourneyIndex answers a question.
namespace footfall {
namespace {

constexpr int kDecideAttempts = 5;

template <class T>
void moveBehind(std::vector<T>& to, std::vector<T>&& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

void moveBehind(StoredRows& to, StoredRows&& from) {
    moveBehind(to.names, std::move(from.names));
    moveBehind(to.sequences, std::move(from.sequences));
    moveBehind(to.ids, std::move(from.ids));
    moveBehind(to.timestamps_us, std::move(from.timestamps_us));
    moveBehind(to.amounts_ten_thousandths, std::move(from.amounts_ten_thousandths));
    moveBehind(to.persons, std::move(from.persons));
    moveBehind(to.event_types, std::move(from.event_types));
    moveBehind(to.cities, std::move(from.cities));
    moveBehind(to.devices, std::move(from.devices));
    moveBehind(to.channels, std::move(from.channels));
    moveBehind(to.products, std::move(from.products));
    moveBehind(to.currencies, std::move(from.currencies));
}

}  // namespace

bool JourneyIndex::isOf(const Journey& journey, const std::string& currency) const {
    return currency == options_.currency && journey == options_.journey;
}

bool JourneyIndex::awaitCovered(SequenceNumber applied) {
    MutexLock lock(mutex_);
    asked_ = std::max(asked_, applied);
    changed_.notify_all();
    changed_.wait_for(lock, options_.patience, [&]() REQUIRES(mutex_) {
        return (phase_ == Phase::kLive && covered_ >= applied) || phase_ == Phase::kClosed;
    });
    return phase_ == Phase::kLive && covered_ >= applied;
}

std::optional<StageCounts> JourneyIndex::countStages(const JourneyQuestion& question,
                                                     SequenceNumber applied) {
    return count(
        question, applied, [&](Persons& undecided) { return state_.stages(question, undecided); },
        [](const QuestionTally& tally) { return tally.journey.stages(); });
}

std::optional<std::vector<CityCount>> JourneyIndex::countCities(const JourneyQuestion& question,
                                                                SequenceNumber applied) {
    return count(
        question, applied, [&](Persons& undecided) { return state_.cities(question, undecided); },
        [&](const QuestionTally& tally) { return state_.citiesOf(tally.journey); });
}

std::optional<std::vector<TrendCount>> JourneyIndex::countTrend(const JourneyQuestion& question,
                                                                SequenceNumber applied) {
    const auto tally = tallyOf(question, applied);
    (tally ? from_scan_ : left_to_sql_).Increment();
    return tally ? std::optional((*tally)->trend.counts()) : std::nullopt;
}

std::optional<FilterCounts> JourneyIndex::countFilters(JourneyQuestion question,
                                                       SequenceNumber applied) {
    question.every_attribute = true;
    std::optional<FilterCounts> counts;
    if (awaitCovered(applied))
        if (const auto tally = scan(question, FilterTally())) counts = state_.filtersOf(*tally);
    (counts ? from_scan_ : left_to_sql_).Increment();
    return counts;
}

// `ask` is for the standing counts, `read` for those of a scan.
template <class Ask, class Read>
auto JourneyIndex::count(const JourneyQuestion& question, SequenceNumber applied, const Ask& ask,
                         const Read& read)
    -> std::optional<decltype(ask(std::declval<Persons&>()))> {
    std::optional<decltype(ask(std::declval<Persons&>()))> counts;
    if (awaitCovered(applied) && state_.isStanding(question)) {
        counts = whenDecided(ask);
        if (counts) from_standing_.Increment();
    } else if (const auto tally = tallyOf(question, applied)) {
        counts = read(**tally);
        from_scan_.Increment();
    }
    if (!counts) left_to_sql_.Increment();
    return counts;
}

Result<JourneyIndex::LatestTallies::Kept> JourneyIndex::tallyOf(const JourneyQuestion& question,
                                                                SequenceNumber applied) {
    return tallies_.to({.question = question, .applied = applied, .now = clock_.utcNow()},
                       [&]() -> Result<QuestionTally> {
                           if (!awaitCovered(applied))
                               return fail(Code::kUnavailable, "the index is behind");
                           return scan(question, QuestionTally(state_.shape()));
                       });
}

std::optional<OutsideCount> JourneyIndex::countOutside(std::optional<std::int64_t> from_us,
                                                       std::optional<std::int64_t> to_us,
                                                       SequenceNumber applied) {
    if (!awaitCovered(applied)) return std::nullopt;
    return state_.outside(from_us, to_us);
}

// What `ask` counts, once it leaves nobody undecided.
template <class Ask>
auto JourneyIndex::whenDecided(const Ask& ask)
    -> std::optional<decltype(ask(std::declval<Persons&>()))> {
    for (int attempt = 0; attempt < kDecideAttempts; ++attempt) {
        Persons undecided;
        auto counts = ask(undecided);
        if (undecided.empty()) return counts;
        if (!decide(undecided)) break;
    }
    return std::nullopt;
}

template <class Tally>
Result<Tally> JourneyIndex::scan(const JourneyQuestion& question, Tally nobody) {
    Tally tally = std::move(nobody);
    Persons undecided = state_.scan(question, tally);
    for (int attempt = 0; attempt < kDecideAttempts && !undecided.empty(); ++attempt) {
        if (auto decided = decide(undecided); !decided)
            return std::unexpected(std::move(decided.error()));
        undecided = state_.scan(question, undecided, tally);
    }
    if (!undecided.empty()) return fail(Code::kUnavailable, "persons stay undecided");
    return tally;
}

// Reads again in which order the events of these persons come.
Result<void> JourneyIndex::decide(const Persons& undecided) {
    StoredRows all;
    std::vector<std::uint64_t> orders;
    const auto read = database_.rowsOfPersons(undecided, [&](StoredRows&& rows) {
        moveBehind(orders, state_.orderHashes(rows));
        moveBehind(all, std::move(rows));
    });
    if (!read) return std::unexpected(read.error());
    state_.replace({all, orders});
    return {};
}

}  // namespace footfall
