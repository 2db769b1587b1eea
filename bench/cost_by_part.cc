// cost_by_part: where does the CPU that an event costs go, from the request's bytes to the row?
//
// Run without arguments: 1,966,080 events of the canonical workload in requests of 1,000, and as
// many in requests of 100, go through every part of the server but HTTP and the hand-over between
// threads: one part after the other on one thread, 16 requests a group of the journal, 122,880 rows
// a commit. Other sizes can be named. CPU is the whole process's, user and system, so that other
// work on the machine changes it little; the rows are verified before a line is printed. What HTTP,
// threads and the kernel add is the difference to bench/end_to_end.

#include <array>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <stdlib.h>
#include <time.h>

#include "bench/event_bodies.h"
#include "database/duckdb_database.h"
#include "event/event_json.h"
#include "in_memory_queue/journal.h"
#include "queue_consumer/commit_plan.h"
#include "support/check.h"

namespace footfall::bench {
namespace {

using Microseconds = std::chrono::duration<double, std::micro>;

constexpr std::uint64_t kCommitEvents = 122'880;
constexpr std::uint64_t kEvents = 16 * kCommitEvents;
constexpr std::uint64_t kGatheredEvents = kCommitEvents + kCommitEvents / 8;  // as QueueConsumer
constexpr std::size_t kGroupRequests = 16;
constexpr std::size_t kCommitsACheckpoint = 4;

enum Part { kParse, kEncode, kJournal, kDuplicates, kPlan, kCommit, kCheckpoint, kArchive, kFree };
constexpr std::array<const char*, 9> kPartNames = {
    "parse and normalise",       "journal: encode, checksum",
    "journal: write, fdatasync", "duplicates: decide",
    "plan of the commit",        "DuckDB: append and commit",
    "DuckDB: checkpoint",        "archive of ids",
    "give the memory back"};

class Costs {
  public:
    template <class Work>
    auto of(Part part, Work work) {
        const Stopwatch stopwatch(spent_[part]);
        return work();
    }
    void print(std::uint64_t events) const {
        Microseconds sum{};
        for (std::size_t i = 0; i < spent_.size(); ++i) {
            sum += spent_[i];
            line(kPartNames[i], spent_[i], events);
        }
        line("all", sum, events);
        std::fflush(stdout);
    }

  private:
    static Microseconds cpuTime() {
        timespec time{};
        CHECK(::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0, "the process has a clock");
        return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
    }
    struct Stopwatch {
        explicit Stopwatch(Microseconds& sum) : sum_(sum) {}
        ~Stopwatch() { sum_ += cpuTime() - begin_; }
        Microseconds& sum_;
        const Microseconds begin_ = cpuTime();
    };
    static void line(const char* name, Microseconds spent, std::uint64_t events) {
        fmt::print("{:<28} {:>8.3f}\n", name, spent.count() / static_cast<double>(events));
    }

    std::array<Microseconds, kPartNames.size()> spent_{};
};

// The server's parts, called one after the other.
class Way {
  public:
    Way(const std::string& folder, std::size_t request_events)
        : bodies_({.batch_events = request_events, .duplicate_share = 0.01}, 0),
          journal_(Journal::open({.folder = folder + "/journal"}, files_, clock_, metrics_, {0})
                       .value()),
          database_(DuckDbDatabase::open({.path = folder + "/events.duckdb"}, clock_).value()),
          deduplicator_({}, files_, folder + "/ids", metrics_) {
        CHECK(deduplicator_.restore(*database_), "an empty archive");
    }

    std::uint64_t run() {
        for (std::size_t commits = 1; applied_.value < kEvents; ++commits) {
            while (events_ < applied_.value + kGatheredEvents) receiveGroup();
            store();
            if (commits % kCommitsACheckpoint == 0) checkpoint();
        }
        while (applied_.value < events_) store();
        CHECK(database_->storedRows().value() == bodies_.distinctEvents(), "every id once");
        return events_;
    }
    const Costs& costs() const { return costs_; }

  private:
    void receiveGroup() {
        for (std::size_t i = 0; i < kGroupRequests; ++i) {
            const std::string& request = bodies_.next();
            std::string body = request.substr(request.find("\r\n\r\n") + 4);
            EventBatch batch;
            const auto parsed = costs_.of(
                kParse, [&] { return parser_.parse(body, false, clock_.utcNow(), batch); });
            CHECK(parsed && parsed->rejected == 0, "the workload is valid");
            events_ += batch.size();
            auto record = costs_.of(kEncode, [&] { return EncodedRecord::ofEvents(batch); });
            costs_.of(kJournal, [&] {
                journal_->submit(std::move(record.value()),
                                 [this, batch = std::move(batch)](auto first) mutable {
                                     batches_.push_back({first.value(), std::move(batch)});
                                 });
            });
        }
        costs_.of(kJournal, [&] { return journal_->commitGroup(); });
    }

    void store() {
        costs_.of(kArchive, [&] {
            CHECK(deduplicator_.makeRoom(applied_), "the archive keeps up");
            while (deduplicator_.step().value()) {
            }
        });
        auto plan = costs_.of(kDuplicates, [&] {
            return CommitPlan::make(batches_, applied_, 0, kCommitEvents, deduplicator_);
        });
        CHECK(plan, "nothing is damaged");
        Commit commit = costs_.of(kPlan, [&] { return plan->commitOf(plan->range()); });
        CHECK(costs_.of(kCommit, [&] { return database_->commit(commit); }), "a commit succeeds");
        applied_ = commit.range.last;
        costs_.of(kFree, [&] {
            commit = {};
            plan = fail(Code::kClosed, "done");
        });
    }

    void checkpoint() {
        CHECK(costs_.of(kCheckpoint, [&] { return database_->checkpoint(); }), "a checkpoint");
        CHECK(journal_->trim(applied_), "the journal is trimmed");
    }

    Metrics metrics_;
    PosixFileSystem files_;
    SystemClock clock_;
    EventBodies bodies_;
    EventParser parser_{{.key = EventIdKey(1), .zone = TimeZone::utc()}, 1};
    std::unique_ptr<Journal> journal_;
    std::unique_ptr<DuckDbDatabase> database_;
    Deduplicator deduplicator_;
    Costs costs_;
    std::vector<QueuedBatch> batches_;
    SequenceNumber applied_{0};
    std::uint64_t events_ = 0;
};

void measure(std::size_t request_events) {
    std::string folder = (std::filesystem::temp_directory_path() / "cost_by_part-XXXXXX").string();
    CHECK(::mkdtemp(folder.data()) != nullptr, "a temporary folder");
    {
        Way way(folder, request_events);
        const std::uint64_t events = way.run();
        fmt::print("{:<28} {:>8}\n", fmt::format("requests of {}", request_events), "us/event");
        way.costs().print(events);
    }
    std::filesystem::remove_all(folder);
}

}  // namespace

int run(std::vector<std::size_t> sizes) {
    if (sizes.empty()) sizes = {1'000, 100};
    for (const std::size_t size : sizes) measure(size);
    return 0;
}

}  // namespace footfall::bench

int main(int argc, char** argv) {
    std::vector<std::size_t> sizes;
    for (int i = 1; i < argc; ++i) sizes.push_back(std::stoull(argv[i]));
    return footfall::bench::run(std::move(sizes));
}
