#include "main/dead_letter_list.h"

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <vector>

#include <absl/time/time.h>
#include <fmt/format.h>
#include <unistd.h>

#include "main/terminal.h"
#include "report/csv_cell.h"
#include "report/text_layout.h"
#include "support/log.h"

namespace footfall {
namespace {

constexpr std::size_t kReasonsMax = 1'000;  // counted apart; a reason may quote the event
constexpr std::size_t kReasonsShown = 10;
constexpr std::size_t kTextColumnsMax = 24;
constexpr std::size_t kTimeColumns = 25;
constexpr std::size_t kIdColumns = 36;
constexpr std::size_t kReasonColumnsMin = 20;

// What one pass over the letters finds.
struct Counts {
    std::uint64_t shown = 0;
    std::uint64_t replayed = 0;
    std::unordered_map<std::string, std::uint64_t> reasons;
    std::uint64_t other_reasons = 0;
    std::size_t type_columns = 10;  // of the headings, at least
    std::size_t user_columns = 4;
};

void count(const DeadLetter& letter, Counts& counts) {
    ++counts.shown;
    const auto widened = [](std::size_t columns, const std::string& text) {
        return std::max(columns, std::min(kTextColumnsMax, displayWidth(forLog(text))));
    };
    counts.type_columns = widened(counts.type_columns, letter.event_type);
    counts.user_columns = widened(counts.user_columns, letter.user);
    if (counts.reasons.size() < kReasonsMax || counts.reasons.contains(letter.reason))
        ++counts.reasons[letter.reason];
    else
        ++counts.other_reasons;
}

void printReasons(const Counts& counts) {
    std::vector<std::pair<std::uint64_t, std::string>> reasons;
    for (const auto& [reason, times] : counts.reasons) reasons.emplace_back(times, reason);
    std::ranges::sort(reasons, [](const auto& left, const auto& right) {
        return left.first != right.first ? left.first > right.first : left.second < right.second;
    });
    std::uint64_t others = counts.other_reasons;
    for (std::size_t i = 0; i < reasons.size(); ++i) {
        if (i < kReasonsShown)
            fmt::print("  {:>7}  {}\n", reasons[i].first, forLog(reasons[i].second));
        else
            others += reasons[i].first;
    }
    if (others > 0) fmt::print("  {:>7}  other reasons\n", others);
}

// List: one listing. The steps are in the order in which they run.
class List {
  public:
    List(DeadLetterFile& file, const DeadLetterListOptions& options)
        : file_(file), options_(options) {}

    Result<void> run() {
        if (options_.format == "json")
            return forEach([](const DeadLetter& letter) { fmt::print("{}\n", letter.event); });
        if (options_.format == "csv") {
            fmt::print("time,event_type,user,event_id,reason,replayed_at\n");
            return forEach([this](const DeadLetter& letter) { printCsv(letter); });
        }
        if (auto counted = forEach([this](const auto& letter) { count(letter, counts_); });
            !counted)
            return counted;
        printSummary();
        if (counts_.shown == 0) return {};
        printHeading();
        return forEach([this](const DeadLetter& letter) { printRow(letter); });
    }

  private:
    template <class Show>
    Result<void> forEach(const Show& show) {
        counts_.replayed = 0;
        return file_.forEach([&](const DeadLetter& letter) -> Result<void> {
            const bool replayed = file_.replayed().timeOf(letter).has_value();
            counts_.replayed += replayed ? 1 : 0;
            if (options_.all || !replayed) show(letter);
            return {};
        });
    }

    void printSummary() const {
        const std::uint64_t waiting = counts_.shown - (options_.all ? counts_.replayed : 0);
        if (waiting + counts_.replayed == 0) {
            fmt::print("No dead letters.\n");
        } else if (waiting == 0) {
            fmt::print("No dead letters wait; {} replayed{}.\n", replayedText(),
                       options_.all ? "" : ", see them with --all");
        } else {
            fmt::print(
                "{} in {}; {} replayed.\n",
                waiting == 1 ? "1 dead letter waits" : fmt::format("{} dead letters wait", waiting),
                file_.path(), replayedText());
        }
        if (counts_.shown > 0) printReasons(counts_);
    }

    std::string replayedText() const {
        if (counts_.replayed == 0) return "none was";
        return counts_.replayed == 1 ? "1 was" : fmt::format("{} were", counts_.replayed);
    }

    void printHeading() const {
        fmt::print("\n");
        printCells("Refused at", "Event type", "User", "Event id", "Replayed at", "Reason");
    }

    void printRow(const DeadLetter& letter) const {
        printCells(timeText(letter.time, "%Y-%m-%d %H:%M:%S%Ez"), forLog(letter.event_type),
                   forLog(letter.user), forLog(letter.event_id),
                   replayedAt(letter, "%Y-%m-%d %H:%M:%S%Ez"), forLog(letter.reason));
    }

    void printCells(const std::string& time, const std::string& type, const std::string& user,
                    const std::string& id, const std::string& replayed,
                    const std::string& reason) const {
        const TextStyle style = wantsPlainText() ? TextStyle::kAscii : TextStyle::kUnicode;
        std::string line = padRight(time, kTimeColumns, style) + "  " +
                           padRight(type, counts_.type_columns, style) + "  " +
                           padRight(user, counts_.user_columns, style) + "  " +
                           padRight(id, kIdColumns, style) + "  ";
        if (options_.all) line += padRight(replayed, kTimeColumns, style) + "  ";
        // Whole for a pipe, and in what is left of a terminal.
        const std::size_t columns = terminalColumns();
        const std::size_t left =
            ::isatty(STDOUT_FILENO) == 0
                ? displayWidth(reason)
                : std::max(kReasonColumnsMin, columns - std::min(columns, displayWidth(line)));
        line += displayWidth(reason) <= left ? reason : padRight(reason, left, style);
        fmt::print("{}\n", line);
    }

    void printCsv(const DeadLetter& letter) const {
        constexpr const char* kRfc3339 = "%Y-%m-%dT%H:%M:%E*S%Ez";
        fmt::print("{},{},{},{},{},{}\n", timeText(letter.time, kRfc3339),
                   csvCell(letter.event_type), csvCell(letter.user), csvCell(letter.event_id),
                   csvCell(letter.reason), replayedAt(letter, kRfc3339));
    }

    // "" for one that waits.
    std::string replayedAt(const DeadLetter& letter, const char* format) const {
        const auto time = file_.replayed().timeOf(letter);
        return time ? timeText(*time, format) : "";
    }

    std::string timeText(UtcTime time, const char* format) const {
        return absl::FormatTime(format, absl::FromUnixMicros(microsSinceEpoch(time)),
                                options_.zone.zone());
    }

    DeadLetterFile& file_;
    const DeadLetterListOptions& options_;
    Counts counts_;
};

}  // namespace

Result<void> printDeadLetters(DeadLetterFile& file, const DeadLetterListOptions& options) {
    return List(file, options).run();
}

}  // namespace footfall
