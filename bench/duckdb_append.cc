// duckdb_append: what does a commit cost, by its size?
//
// Run without arguments: 1,966,080 events in batches of 100, committed 122,880 (one DuckDB row
// group), 10,240 and 1,000 rows at a time into a new file each; other sizes can be named. CPU is
// the whole process's, user and system, during the commits. The rows are verified before a line is
// printed.

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "database/duckdb_database.h"
#include "support/check.h"

namespace footfall::bench {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr std::uint64_t kEvents = 16 * 122'880;
constexpr std::size_t kBatchEvents = 100;
constexpr std::uint64_t kUsers = 1'000'000;
constexpr std::uint64_t kCities = 2'000;

EventBatch makeBatch(std::uint64_t first, EventBatchBuilder& builder, Random& random) {
    for (std::uint64_t number = first; number < first + kBatchEvents; ++number) {
        const std::string user =
            fmt::format("0190f7c2-89ab-7cde-8f01-{:012x}", random.below(kUsers));
        const std::string session = fmt::format("{:016x}", random.below(kUsers * 4));
        const std::string order = fmt::format("order-{}", number);
        const std::string city = fmt::format("City {}", random.below(kCities));
        const std::string product = fmt::format("sku-{}", random.below(20'000));
        EventView event{
            .id = {.high = random.next(), .low = number},
            .timestamp_us = 1'772'323'200'000'000 + static_cast<std::int64_t>(number),
            .amount_ten_thousandths = static_cast<std::int64_t>(number % 5'000) * 10'000,
            .payload_hash = static_cast<PayloadHash>(number),
            .texts = {}};
        event.text(TextField::kUserId) = user;
        event.text(TextField::kEventType) = number % 7 == 0 ? "place_order" : "view_products";
        event.text(TextField::kCity) = city;
        event.text(TextField::kDevice) = number % 3 == 0 ? "ios" : "android";
        event.text(TextField::kChannel) = number % 2 == 0 ? "organic" : "paid";
        event.text(TextField::kProductId) = product;
        event.text(TextField::kSessionId) = session;
        if (number % 7 == 0) event.text(TextField::kOrderId) = order;
        event.text(TextField::kProperties) = R"({"app_version":"5.2.1","network":"4g"})";
        builder.append(event);
    }
    return builder.take();
}

// The parts of commits of `rows` rows; a batch is cut where a commit ends.
std::vector<Commit> makeCommits(const std::vector<EventBatch>& batches, std::uint64_t rows) {
    std::vector<Commit> commits;
    for (std::uint64_t number = 0; number < kEvents; ++number) {
        if (number % rows == 0)
            commits.push_back(
                {.parts = {}, .range = {.first = {number + 1}, .last = {}}, .delta = {}});
        Commit& commit = commits.back();
        const std::uint64_t index = number / kBatchEvents;
        const EventBatch* batch = &batches[index];
        if (commit.parts.empty() || commit.parts.back().batch != batch)
            commit.parts.push_back(
                {.batch = batch, .first = {index * kBatchEvents + 1}, .rows = {}});
        commit.parts.back().rows.push_back(static_cast<std::uint32_t>(number % kBatchEvents));
        commit.range.last = {number + 1};
        ++commit.delta.stored;
    }
    return commits;
}

Seconds cpuTime() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return Seconds(seconds(usage.ru_utime) + seconds(usage.ru_stime));
}

class RowCounter final : public CommitObserver {
  public:
    void committed(SequenceRange, StoredRows&& rows) override { rows_ += rows.size(); }
    std::uint64_t rows() const { return rows_; }

  private:
    std::uint64_t rows_ = 0;
};

void measure(const std::vector<EventBatch>& batches, std::uint64_t rows, bool observed) {
    std::string folder = (std::filesystem::temp_directory_path() / "duckdb_append-XXXXXX").string();
    CHECK(::mkdtemp(folder.data()) != nullptr, "a temporary folder");
    const DuckDbOptions options{.path = folder + "/events.duckdb"};
    const SystemClock clock;
    const std::vector<Commit> commits = makeCommits(batches, rows);
    RowCounter counter;
    {
        const auto database = DuckDbDatabase::open(options, clock).value();
        if (observed) database->observe(&counter);
        const Seconds cpu = cpuTime();
        const SteadyTime start = clock.steadyNow();
        for (const Commit& commit : commits) CHECK(database->commit(commit), "a commit succeeds");
        CHECK(database->checkpoint(), "the last checkpoint succeeds");
        const Seconds elapsed = clock.steadyNow() - start;
        const Seconds spent = cpuTime() - cpu;
        CHECK(database->storedRows().value() == kEvents, "every row is there");
        CHECK(counter.rows() == (observed ? kEvents : 0), "every row was told");
        const auto bytes = static_cast<double>(std::filesystem::file_size(options.path));
        fmt::print("{:>11} {:>12.0f} {:>15.2f} {:>13.2f} {:>11.1f}\n", rows,
                   kEvents / elapsed.count(), spent.count() / kEvents * 1e6,
                   elapsed.count() / static_cast<double>(commits.size()) * 1e3, bytes / kEvents);
        std::fflush(stdout);
    }
    std::filesystem::remove_all(folder);
}

}  // namespace

int run(std::vector<std::uint64_t> sizes, bool observed) {
    if (sizes.empty()) sizes = {122'880, 10'240, 1'000};
    EventBatchBuilder builder;
    Random random(1);
    std::vector<EventBatch> batches;
    for (std::uint64_t first = 0; first < kEvents; first += kBatchEvents)
        batches.push_back(makeBatch(first, builder, random));
    fmt::print("{:>11} {:>12} {:>15} {:>13} {:>11}\n", "commit rows", "rows/s", "CPU us per row",
               "ms per commit", "B/row");
    for (const std::uint64_t rows : sizes) measure(batches, rows, observed);
    return 0;
}

}  // namespace footfall::bench

int main(int argc, char** argv) {
    std::vector<std::uint64_t> sizes;
    bool observed = false;
    for (int i = 1; i < argc; ++i)
        if (std::string_view(argv[i]) == "--observed")
            observed = true;
        else
            sizes.push_back(std::stoull(argv[i]));
    return footfall::bench::run(std::move(sizes), observed);
}
