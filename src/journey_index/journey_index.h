#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "database/database.h"
#include "event/journey.h"
#include "journey_index/index_files.h"
#include "journey_index/journey_state.h"
#include "journey_index/latest_answers.h"
#include "journey_index/question_tally.h"
#include "support/clock.h"
#include "support/file.h"
#include "support/metrics.h"
#include "support/mutex.h"

namespace footfall {

// JourneyIndex: the state of every user's journey in memory, kept up to date as events are stored,
// so that the reports of one journey are not computed from all events at each look.
//
// Over all time and with the default window, whole and by city, the counts are simply there. Every
// other question about this journey (a period, a device, another window) goes through the persons'
// logs. Both give the numbers that the SQL gives (docs/reports.md); what neither can tell is
// nullopt, and SQL answers. Never the only copy: at the start it is read from its files and, from
// where they end, from the database.
//
// Threads: run() is the loop for a std::jthread; committed() as CommitObserver; the rest any
// thread. Blocks: committed() while kWaitingMax commits wait to be taken in; a count until the
// events that it
//   is asked to know are known, at most `patience`.
// Memory: some 80 bytes a person with ten events.
// Errors: none come out: without the index everything goes on, slower.
class JourneyIndex final : public CommitObserver {
  public:
    struct Options {
        Journey journey;       // REQUIRES: at most JourneyShape::kStagesMax stages
        std::string currency;  // of amounts that came without one
        EventIdKey key;
        std::string folder;                          // for its files
        std::chrono::milliseconds patience{10'000};  // of a count
    };
    JourneyIndex(Options options, Database& database, FileSystem& files, const Clock& clock,
                 Metrics& metrics);

    void committed(SequenceRange range, StoredRows&& rows) override;
    void run(const std::stop_token& stop);

    // The steps that run() consists of. Brings the index up to what the database has, and begins to
    // keep what it is told of. Errors: those of the database. When a scan breaks off the index is
    // of no use any more, and neither answers nor writes its files; the next start makes a new one.
    [[nodiscard]] Result<void> restore();
    // Takes in the commits that wait, waiting for one at most so long. Returns whether there was
    // one.
    bool takeNext(std::chrono::milliseconds wait);
    // Brings up all files, those first that are the oldest, until the deadline.
    void writeAll(SteadyTime deadline);

    // Whether it answers for this journey; one of the same name may be another.
    bool isOf(const Journey& journey, const std::string& currency) const;
    // With every event up to `applied`, and maybe more. nullopt: it cannot tell.
    std::optional<StageCounts> countStages(const JourneyQuestion& question, SequenceNumber applied);
    std::optional<std::vector<CityCount>> countCities(const JourneyQuestion& question,
                                                      SequenceNumber applied);
    std::optional<std::vector<TrendCount>> countTrend(const JourneyQuestion& question,
                                                      SequenceNumber applied);
    std::optional<FilterCounts> countFilters(JourneyQuestion question, SequenceNumber applied);
    std::optional<OutsideCount> countOutside(std::optional<std::int64_t> from_us,
                                             std::optional<std::int64_t> to_us,
                                             SequenceNumber applied);

  private:
    // A commit that is not taken in yet.
    struct Waiting {
        SequenceRange range;
        StoredRows rows;
        std::vector<std::uint64_t> orders;
    };
    enum class Phase {
        kBehind,     // is not told of commits; the database has to be read
        kListening,  // keeps the commits that it is told of, while the rest is read
        kLive,       // takes them in
        kClosed,
    };

    void readFiles(SequenceNumber applied);
    // Takes in what the database has above what is covered. Returns how far that goes.
    [[nodiscard]] Result<SequenceNumber> readDatabase();
    [[nodiscard]] Result<void> readUntilLive();
    void enter(Phase phase);
    Phase phase() const;
    SequenceNumber covered() const;
    void cover(SequenceNumber last);
    void noteHighestPerson(const StoredRows& rows);

    void writeSome(std::uint64_t rows);
    void writePiece(std::size_t piece);

    bool awaitCovered(SequenceNumber applied);
    template <class Ask, class Read>
    auto count(const JourneyQuestion& question, SequenceNumber applied, const Ask& ask,
               const Read& read) -> std::optional<decltype(ask(std::declval<Persons&>()))>;
    // What a scan adds up. Errors: the index cannot tell.
    using LatestTallies = LatestAnswers<JourneyQuestion, QuestionTally>;
    Result<LatestTallies::Kept> tallyOf(const JourneyQuestion& question, SequenceNumber applied);
    template <class Tally>
    [[nodiscard]] Result<Tally> scan(const JourneyQuestion& question, Tally nobody);
    template <class Ask>
    auto whenDecided(const Ask& ask) -> std::optional<decltype(ask(std::declval<Persons&>()))>;
    [[nodiscard]] Result<void> decide(const Persons& undecided);

    const Options options_;
    Database& database_;
    FileSystem& file_system_;
    const Clock& clock_;
    prometheus::Gauge& memory_;
    // Counts of stages or cities, by what gave them.
    prometheus::Counter& from_standing_;
    prometheus::Counter& from_scan_;
    prometheus::Counter& left_to_sql_;
    JourneyState state_;
    // Of 5,000 cities some 3 MB each: the panels of a page and what they are compared with.
    LatestTallies tallies_{4, std::chrono::seconds(60)};

    // The index's thread's.
    std::optional<IndexFiles> files_;
    bool counting_ = false;
    bool restore_failed_ = false;  // and it was said
    // A scan broke off: nobody knows which of its rows are in the state.
    bool is_torn_ = false;
    std::uint32_t highest_person_ = 0;
    // By piece: the shards, then the events of no stage. As of when it was written; 0: never.
    std::vector<std::uint64_t> written_;
    std::size_t next_piece_ = 0;
    double pieces_due_ = 0;
    bool write_failed_ = false;  // and it was said
    SteadyTime last_taken_;

    mutable Mutex mutex_;
    std::condition_variable_any changed_;
    Phase phase_ GUARDED_BY(mutex_) = Phase::kBehind;
    std::deque<Waiting> waiting_ GUARDED_BY(mutex_);
    SequenceNumber covered_ GUARDED_BY(mutex_);
    SequenceNumber asked_ GUARDED_BY(mutex_);  // a count has waited for this one
};

}  // namespace footfall
