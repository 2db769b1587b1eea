// simulation [COUNT | FIRST LAST | --seed N]: runs that many seeds, or these, on all cores, and
// prints what was done to the pipeline and what came of it. --seed runs one and writes a line for
// each step. A seed gives the same run on every machine. Exit code: 1 when something did not hold.
#include <atomic>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "tests/simulation/world.h"

namespace footfall {
namespace {

constexpr std::uint64_t kDefaultCount = 100'000;
constexpr std::size_t kFailuresShown = 20;

struct Arguments {
    std::uint64_t first = 1;
    std::uint64_t last = kDefaultCount;
    bool log = false;
};

std::optional<std::uint64_t> numberIn(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<Arguments> parse(const std::vector<std::string_view>& texts) {
    if (texts.empty()) return Arguments{};
    const auto last = numberIn(texts.back());
    if (!last || texts.size() > 2) return std::nullopt;
    if (texts.size() == 1) return Arguments{.last = *last};
    if (texts[0] == "--seed") return Arguments{.first = *last, .last = *last, .log = true};
    const auto first = numberIn(texts[0]);
    if (!first || *first > *last) return std::nullopt;
    return Arguments{.first = *first, .last = *last};
}

// A CHECK that fails ends the process: it shall say in which seed.
thread_local std::uint64_t running_seed = 0;
extern "C" void tellSeed(int) {
    char text[64] = "in seed ";
    char* const end = std::to_chars(text + 8, text + 60, running_seed).ptr;
    *end = '\n';
    std::ignore = ::write(STDERR_FILENO, text, static_cast<std::size_t>(end + 1 - text));
    std::signal(SIGABRT, SIG_DFL);
}

// Simulation: the seeds, shared out among threads.
class Simulation {
  public:
    explicit Simulation(Arguments arguments) : arguments_(arguments), next_(arguments.first) {}

    int run() {
        const auto begin = std::chrono::steady_clock::now();
        {
            std::vector<std::jthread> threads;
            const std::uint64_t count = arguments_.last - arguments_.first + 1;
            const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
            for (unsigned i = 0; i < cores && i < count; ++i)
                threads.emplace_back([this] { runSome(); });
        }
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        const std::uint64_t done = arguments_.last - arguments_.first + 1;
        fmt::print("{}{} seeds in {:.1f} s, {:.0f} a second; {} failed\n", tally_.text(), done,
                   took.count(), static_cast<double>(done) / took.count(), failures_);
        return failures_ == 0 ? 0 : 1;
    }

  private:
    void runSome() {
        Tally tally;
        while (true) {
            const std::uint64_t seed = next_.fetch_add(1);
            if (seed > arguments_.last) break;
            running_seed = seed;
            const std::string violation = World(seed, arguments_.log, tally).run();
            if (!violation.empty()) tell(seed, violation);
        }
        const std::lock_guard lock(mutex_);
        tally_ += tally;
    }
    void tell(std::uint64_t seed, const std::string& violation) {
        const std::lock_guard lock(mutex_);
        if (++failures_ > kFailuresShown) return;
        fmt::print("seed {}: {}; ./dev sim --seed {}\n", seed, violation, seed);
        std::fflush(stdout);
    }

    const Arguments arguments_;
    std::atomic<std::uint64_t> next_;
    std::mutex mutex_;
    Tally tally_;
    std::uint64_t failures_ = 0;
};

}  // namespace
}  // namespace footfall

int main(int argc, char** argv) {
    const auto arguments = footfall::parse(std::vector<std::string_view>(argv + 1, argv + argc));
    if (!arguments) {
        fmt::print(stderr, "usage: simulation [COUNT | FIRST LAST | --seed N]\n");
        return 2;
    }
    std::signal(SIGABRT, footfall::tellSeed);
    spdlog::set_default_logger(spdlog::stdout_logger_st("simulation"));
    spdlog::set_pattern("                      %l: %v");
    spdlog::set_level(arguments->log ? spdlog::level::info : spdlog::level::off);
    return footfall::Simulation(*arguments).run();
}
