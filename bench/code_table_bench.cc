// code_table_bench: what does the code of a text cost, in time and in memory, by how many there
// are?
//
// Run without arguments: 5,000,000 texts of 36 bytes get their codes, 1,000 a call as the entries
// of a request, and then 5,000,000 random ones of them are looked up; other counts can be named.
// Every code is verified. Time is the thread's of the processor. Memory is what the process has
// more than before, and at its most; the longest call is what a commit may have to wait for, at
// most.

#include <algorithm>
#include <chrono>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "database/code_table.h"
#include "support/check.h"
#include "support/random.h"

namespace footfall::bench {
namespace {

using Microseconds = std::chrono::duration<double, std::micro>;

constexpr std::size_t kCallTexts = 1'000;

double bytesNow() {
    std::ifstream file("/proc/self/statm");
    double all = 0;
    double resident = 0;
    file >> all >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double bytesAtMost() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) * 1024;
}

Microseconds cpuTime() {
    timespec time{};
    CHECK(::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0, "the thread has a clock");
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

// Calls of kCallTexts texts each, and what they took.
class Calls {
  public:
    explicit Calls(CodeTable& table) : table_(table) {}

    // Asks for the texts of these numbers.
    void ask(std::span<const std::uint32_t> numbers) {
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            texts_[i] =
                fmt::format("0190f7c2-89ab-7cde-8f01-{:012x}", numbers[i] * 2'654'435'761ULL);
            views_[i] = texts_[i];
        }
        const Microseconds start = cpuTime();
        table_.codesOf(std::span(views_).first(numbers.size()), false, codes_);
        const Microseconds spent = cpuTime() - start;
        sum_ += spent;
        longest_ = std::max(longest_, spent);
        asked_ += numbers.size();
        table_.confirm();
        for (std::size_t i = 0; i < numbers.size(); ++i)
            CHECK(codes_[i] == numbers[i] + 1, "codes are given in order, and found again");
    }
    double nanosecondsEach() const { return sum_.count() * 1e3 / static_cast<double>(asked_); }
    double longestMilliseconds() const { return longest_.count() / 1e3; }

  private:
    CodeTable& table_;
    std::vector<std::string> texts_ = std::vector<std::string>(kCallTexts);
    std::vector<std::string_view> views_ = std::vector<std::string_view>(kCallTexts);
    std::vector<std::uint32_t> codes_ = std::vector<std::uint32_t>(kCallTexts);
    Microseconds sum_{};
    Microseconds longest_{};
    std::size_t asked_ = 0;
};

void measure(std::uint32_t count) {
    std::vector<std::uint32_t> numbers(kCallTexts);
    const double before = bytesNow();
    CodeTable table;
    Calls made(table);
    for (std::uint32_t begin = 0; begin < count; begin += kCallTexts) {
        for (std::uint32_t i = 0; i < kCallTexts; ++i) numbers[i] = begin + i;
        made.ask(numbers);
    }
    const double bytes = (bytesNow() - before) / count;
    const double bytes_at_most = (bytesAtMost() - before) / count;
    Random random(1);
    Calls found(table);
    for (std::uint32_t asked = 0; asked < count; asked += kCallTexts) {
        std::ranges::generate(numbers,
                              [&] { return static_cast<std::uint32_t>(random.below(count)); });
        found.ask(numbers);
    }
    fmt::print("{:>11} {:>10.1f} {:>10.1f} {:>15.2f} {:>10.1f} {:>14.1f}\n", count,
               found.nanosecondsEach(), made.nanosecondsEach(), made.longestMilliseconds(), bytes,
               bytes_at_most);
    std::fflush(stdout);
}

}  // namespace

int run(std::vector<std::uint32_t> counts) {
    if (counts.empty()) counts = {5'000'000};
    fmt::print("{:>11} {:>10} {:>10} {:>15} {:>10} {:>14}\n", "texts", "ns known", "ns new",
               "longest call ms", "B a text", "B at the most");
    for (const std::uint32_t count : counts) measure(count);
    return 0;
}

}  // namespace footfall::bench

int main(int argc, char** argv) {
    std::vector<std::uint32_t> counts;
    for (int i = 1; i < argc; ++i)
        counts.push_back(static_cast<std::uint32_t>(std::stoul(argv[i])));
    return footfall::bench::run(std::move(counts));
}
