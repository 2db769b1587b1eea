// deduplicator_bench: what does it cost to know every event id for ever?
//
// Run without arguments: 1, 10 and 50 million ids go through the deduplicator, as many together as
// a full commit has, with its files in a temporary folder; other sizes, in millions, can be named.
// At each size it is asked for ids that are new, that were just sent, and that are old and in a
// file (which is in the page cache). "archive ns" is the whole cost of writing and merging an id
// since the size before, which in a server another thread bears. All are processor time. Every
// verdict is verified before a line is printed.

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "queue_consumer/deduplicator.h"
#include "support/check.h"
#include "tests/fakes/failing_database.h"

namespace footfall::bench {
namespace {

using Verdict = Deduplicator::Verdict;
using Nanoseconds = std::chrono::duration<double, std::nano>;

constexpr std::uint64_t kCommitIds = 122'880;
constexpr std::uint64_t kAsked = 8 * kCommitIds;
constexpr std::uint64_t kAskedOld = 2 * kCommitIds;

struct Batch {
    std::vector<EventId> ids;
    std::vector<PayloadHash> payload_hashes;
};

EventId idOf(std::uint64_t number) {
    return {.high = mixBits(number), .low = mixBits(~number)};
}

// Processor time of this thread: the files are in the page cache, so nothing else is waited for,
// and other work on the machine does not count.
Nanoseconds cpuTime() {
    timespec time{};
    CHECK(::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0, "the thread has a clock");
    return Nanoseconds(static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec));
}

// Resident memory of the process in MB.
double residentMegabytes() {
    unsigned long pages = 0;
    std::FILE* file = std::fopen("/proc/self/statm", "r");
    CHECK(file != nullptr && std::fscanf(file, "%*u %lu", &pages) == 1, "Linux tells the memory");
    std::fclose(file);
    return static_cast<double>(pages) * static_cast<double>(::sysconf(_SC_PAGESIZE)) * 1e-6;
}

class Bench {
  public:
    explicit Bench(const std::string& folder) : ids_({}, files_, folder, metrics_) {
        CHECK(ids_.restore(database_), "an empty archive");
    }

    void growTo(std::uint64_t count) {
        grown_from_ = sent_;
        archive_time_ = {};
        while (sent_ < count) askForNew(kCommitIds);
        archiveAll();
    }
    void report() {
        const double grown = static_cast<double>(sent_ - grown_from_);
        const double archive_ns = archive_time_.count() / grown;
        const std::uint64_t archived = static_cast<std::uint64_t>(metric("archived_ids"));
        const double filter_bytes = metric("filter_bytes") / metric("archived_ids");
        const double runs = metric("runs");

        const Nanoseconds hot = ask(sent_ - kAsked / 4, kAsked / 4, kAsked, Verdict::kDuplicate);
        const Nanoseconds old = ask(0, archived, kAskedOld, Verdict::kDuplicate);
        const Nanoseconds fresh = askForNew(kAsked);
        fmt::print("{:>11} {:>5.0f} {:>11.2f} {:>9.0f} {:>9.0f} {:>9.0f} {:>9.0f} {:>11.0f}\n",
                   archived, runs, filter_bytes, residentMegabytes(), fresh.count() / kAsked,
                   hot.count() / kAsked, old.count() / kAskedOld, archive_ns);
        std::fflush(stdout);
    }

  private:
    // Ids never sent before, in batches that were made ready.
    Nanoseconds askForNew(std::uint64_t count) {
        Nanoseconds spent{};
        for (std::uint64_t end = sent_ + count; sent_ < end;) {
            Batch batch;
            for (std::uint64_t i = 0; i < kCommitIds; ++i) add(batch, sent_++);
            makeRoom();
            spent += decide(batch, Verdict::kNew);
        }
        return spent;
    }
    Nanoseconds ask(std::uint64_t first, std::uint64_t count, std::uint64_t asked,
                    Verdict expected) {
        Nanoseconds spent{};
        for (std::uint64_t i = 0; i < asked; i += kCommitIds) {
            Batch batch;
            for (std::uint64_t j = 0; j < kCommitIds; ++j) add(batch, first + random_.below(count));
            spent += decide(batch, expected);
        }
        return spent;
    }
    static void add(Batch& batch, std::uint64_t number) {
        batch.ids.push_back(idOf(number));
        batch.payload_hashes.push_back(static_cast<PayloadHash>(number));
    }
    Nanoseconds decide(const Batch& batch, Verdict expected) {
        const Nanoseconds begin = cpuTime();
        const auto verdicts = ids_.decide(batch.ids, batch.payload_hashes);
        const Nanoseconds spent = cpuTime() - begin;
        CHECK(verdicts, "nothing is damaged");
        for (const Verdict verdict : *verdicts) CHECK(verdict == expected, "a right verdict");
        return spent;
    }
    void makeRoom() {
        while (!ids_.makeRoom({sent_})) step();
    }
    void archiveAll() {
        while (step()) continue;
    }
    bool step() {
        const Nanoseconds begin = cpuTime();
        const Result<bool> worked = ids_.step();
        archive_time_ += cpuTime() - begin;
        CHECK(worked, "the disk is not full");
        return *worked;
    }
    double metric(const std::string& name) const {
        const std::string text = metrics_.render();
        const std::string line = "\nfootfall_deduplicator_" + name + " ";
        return std::stod(text.substr(text.find(line) + line.size()));
    }

    FailingDatabase database_;  // holds nothing
    PosixFileSystem files_;
    Metrics metrics_;
    Deduplicator ids_;
    Random random_{1};
    std::uint64_t sent_ = 0;
    std::uint64_t grown_from_ = 0;
    Nanoseconds archive_time_{};
};

}  // namespace

int run(std::vector<std::uint64_t> millions) {
    if (millions.empty()) millions = {1, 10, 50};
    std::string folder =
        (std::filesystem::temp_directory_path() / "deduplicator_bench-XXXXXX").string();
    CHECK(::mkdtemp(folder.data()) != nullptr, "a temporary folder");
    fmt::print("{:>11} {:>5} {:>11} {:>9} {:>9} {:>9} {:>9} {:>11}\n", "archived", "runs",
               "filter B/id", "RSS MB", "new ns", "hot ns", "old ns", "archive ns");
    {
        Bench bench(folder + "/ids");
        for (const std::uint64_t size : millions) {
            bench.growTo((size + 1) * 1'000'000);
            bench.report();
        }
    }
    std::filesystem::remove_all(folder);
    return 0;
}

}  // namespace footfall::bench

int main(int argc, char** argv) {
    std::vector<std::uint64_t> millions;
    for (int i = 1; i < argc; ++i) millions.push_back(std::stoull(argv[i]));
    return footfall::bench::run(std::move(millions));
}
