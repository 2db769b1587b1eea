#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <absl/container/flat_hash_set.h>

#include "database/stored_rows.h"
#include "event/event_id.h"
#include "event/journey.h"
#include "event/sequence.h"
#include "journey_index/code_names.h"
#include "journey_index/filter_tally.h"
#include "journey_index/journey_counts.h"
#include "journey_index/journey_tally.h"
#include "journey_index/log_splice.h"
#include "journey_index/outside_counts.h"
#include "journey_index/person_figures.h"
#include "journey_index/person_log.h"
#include "journey_index/person_logs.h"
#include "support/mutex.h"

namespace footfall {

// What is asked. The attributes are texts; nullopt: any.
struct JourneyQuestion {
    PersonQuestion person;
    std::optional<std::string> city;
    std::optional<std::string> device;
    std::optional<std::string> channel;
    bool every_attribute = false;  // devices and channels are counted
    // Decides whose conversion window has ended: a whole quarter of an hour.
    std::int64_t now_us = 0;

    bool operator==(const JourneyQuestion&) const = default;
};

// By their code in the database.
using Persons = std::vector<std::uint32_t>;

// JourneyState: the logs of all persons, what they add up to over all time (the standing counts),
// and the events of no stage.
// Threads: add, startCounting and replace one at a time; the rest any thread, beside them.
// Consistency: standing counts are those between two calls of add(). scan() sees each person whole,
//   but may see some before and some after an add() beside it.
class JourneyState {
  public:
    // `standing`: the question that the standing counts answer, for each city and for all.
    JourneyState(const Journey& journey, const std::string& currency, EventIdKey key,
                 const PersonQuestion& standing);

    // Rows with what the database does not tell.
    struct Rows {
        const StoredRows& stored;
        std::span<const std::uint64_t> orders;  // of orderHashes()
    };

    // One number a row for its order id; 0: it has none.
    std::vector<std::uint64_t> orderHashes(const StoredRows& rows) const;
    // Rows that are covered already, by their number, are left out. The order ids themselves are
    // not looked at. Of several together a person's log is changed once.
    void add(std::span<const Rows> all);
    void add(const Rows& rows) { add({&rows, 1}); }
    // From now on there are standing counts.
    void startCounting();
    // All rows of some persons. Their logs are made anew, in the order that is known now; a log
    // that has taken more events meanwhile stays as it is.
    void replace(const Rows& rows);

    // Whether the standing counts answer it.
    bool isStanding(const JourneyQuestion& question) const;
    // The standing counts. What is returned is right when `undecided` is empty: else the logs of
    // these have to be replaced first. REQUIRES: isStanding().
    StageCounts stages(const JourneyQuestion& question, Persons& undecided) const;
    std::vector<CityCount> cities(const JourneyQuestion& question, Persons& undecided) const;
    // Adds up the persons that a question is about, all of them or those among the given ones.
    // Returns the undecided ones, which are left out. Tally: QuestionTally or FilterTally; of
    // nobody before all are added.
    template <class Tally>
    Persons scan(const JourneyQuestion& question, Tally& tally) const;
    template <class Tally>
    Persons scan(const JourneyQuestion& question, std::span<const std::uint32_t> of,
                 Tally& tally) const;
    std::vector<CityCount> citiesOf(const JourneyTally& tally) const;
    FilterCounts filtersOf(const FilterTally& tally) const;
    std::optional<OutsideCount> outside(std::optional<std::int64_t> from_us,
                                        std::optional<std::int64_t> to_us) const;

    const JourneyShape& shape() const { return shape_; }
    PersonLogs& logs() { return logs_; }
    std::string outsideText() const;
    [[nodiscard]] Result<void> restoreOutside(std::string_view text, SequenceNumber covered);

  private:
    struct Wanted;
    template <class Tally>
    class Scanner;
    // A row of a stage. In one piece: persons come in no order, and each column of a row would be
    // waited for on its own.
    struct Arrived {
        SequenceNumber sequence;
        PersonLog::Arrival arrival;
    };
    // The rows of stages by person: the person in the upper half, the place in `arrived` in the
    // lower one.
    using PersonPlace = std::uint64_t;
    struct ByPerson {
        std::vector<Arrived> arrived;
        std::vector<PersonPlace> places;
    };

    ByPerson byPerson(std::span<const Rows> all) const REQUIRES(mutex_);
    void addToShard(std::span<const Arrived> arrived, std::span<const PersonPlace> places,
                    PersonLogs::Edit& edit) REQUIRES(mutex_);
    // The standing counts follow a person's log: first as it was, then as it is.
    void noteBefore(const PersonLog& log) REQUIRES(mutex_);
    void recount(std::uint32_t person, const PersonLog& log) REQUIRES(mutex_);
    // Puts events into a log as LogSplice does, or says that it cannot.
    bool splice(std::uint32_t person, LogSplice::Arrivals arrivals, PersonLogs::Edit& edit)
        REQUIRES(mutex_);
    // By what before_ and after_ have counted.
    void settle(std::uint32_t person) REQUIRES(mutex_);
    PersonLog::Arrival arrivalOf(const Rows& rows, std::size_t row) const REQUIRES(mutex_);
    OrderLine lineOf(const Rows& rows, std::size_t row) const REQUIRES(mutex_);
    TallyNames tallyNames() const REQUIRES(mutex_);
    std::optional<Wanted> wantedBy(const JourneyQuestion& question) const;

    const JourneyShape shape_;
    const PersonQuestion standing_;
    const EventIdKey key_;
    PersonLogs logs_;

    mutable Mutex mutex_;
    CodeNames names_ GUARDED_BY(mutex_);
    OutsideCounts outside_ GUARDED_BY(mutex_);
    SequenceNumber outside_covered_ GUARDED_BY(mutex_);
    bool counting_ GUARDED_BY(mutex_) = false;  // what follows is only of use then
    PersonCounter before_ GUARDED_BY(mutex_);
    PersonCounter after_ GUARDED_BY(mutex_);
    LogSplice splice_ GUARDED_BY(mutex_);
    JourneyTally tally_ GUARDED_BY(mutex_);
    absl::flat_hash_set<std::uint32_t> undecided_ GUARDED_BY(mutex_);
};

}  // namespace footfall
