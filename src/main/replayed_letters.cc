#include "main/replayed_letters.h"

#include <algorithm>
#include <span>
#include <utility>

#include <nlohmann/json.hpp>

#include "support/crc32c.h"
#include "support/time_text.h"

namespace footfall {
namespace {

constexpr std::size_t kWindowBytes = 256 << 10;
constexpr std::string_view kEnding = ".jsonl";

}  // namespace

std::string ReplayedLetters::pathFor(const std::string& letters_path) {
    std::string path = letters_path;
    if (path.ends_with(kEnding)) path.resize(path.size() - kEnding.size());
    return path + ".replayed";
}

ReplayedLetters::ReplayedLetters(FileSystem& files, std::string path,
                                 std::unique_ptr<PositionedFile> letters)
    : files_(files), path_(std::move(path)), letters_(std::move(letters)) {}

Result<ReplayedLetters> ReplayedLetters::load(FileSystem& files, const std::string& letters_path) {
    auto letters = files.open(letters_path, OpenMode::kRead);
    if (!letters) return std::unexpected(std::move(letters.error()));
    ReplayedLetters replayed(files, pathFor(letters_path), std::move(*letters));
    const auto text = files.readAll(replayed.path_);
    if (!text && text.error().code == Code::kNotFound) return replayed;
    if (!text) return std::unexpected(text.error());
    for (const Range& range : parse(*text)) {
        const auto crc = replayed.crcOf(range, 0);
        if (!crc) return std::unexpected(crc.error());
        if (*crc == range.crc) replayed.ranges_.push_back(range);
    }
    std::ranges::sort(replayed.ranges_, {}, &Range::from);
    return replayed;
}

std::vector<ReplayedLetters::Range> ReplayedLetters::parse(const std::string& text) {
    std::vector<Range> ranges;
    try {
        const auto json = nlohmann::json::parse(text);
        for (const auto& range : json.at("replayed")) {
            const auto time = parseTime(range.at("time").get<std::string>(), TimeZone::utc());
            if (!time) return {};
            ranges.push_back({.from = range.at("from"),
                              .to = range.at("to"),
                              .crc = range.at("crc32c"),
                              .time = *time});
        }
    } catch (const nlohmann::json::exception&) {
        return {};
    }
    return ranges;
}

// nullopt: the file ends before the range does.
Result<std::optional<std::uint32_t>> ReplayedLetters::crcOf(const Range& range,
                                                            std::uint32_t before) const {
    std::vector<std::byte> window(kWindowBytes);
    std::uint32_t crc = before;
    for (std::uint64_t at = range.from; at < range.to;) {
        const auto wanted = std::span(window).first(
            static_cast<std::size_t>(std::min<std::uint64_t>(kWindowBytes, range.to - at)));
        const auto count = letters_->readAt(at, wanted);
        if (!count) return std::unexpected(count.error());
        if (*count < wanted.size()) return std::nullopt;
        crc = crc32c(wanted, crc);
        at += wanted.size();
    }
    return crc;
}

std::optional<UtcTime> ReplayedLetters::timeOf(const DeadLetter& letter) const {
    const auto after = std::ranges::upper_bound(ranges_, letter.begin, {}, &Range::from);
    if (after == ranges_.begin()) return std::nullopt;
    const Range& range = *std::prev(after);
    return letter.end <= range.to ? std::optional(range.time) : std::nullopt;
}

Result<void> ReplayedLetters::add(const DeadLetter& letter, UtcTime time) {
    const Range added{.from = letter.begin, .to = letter.end, .crc = 0, .time = time};
    auto after = std::ranges::upper_bound(ranges_, letter.begin, {}, &Range::from);
    const bool goes_on = after != ranges_.begin() && std::prev(after)->to == letter.begin &&
                         std::prev(after)->time == time;
    const auto crc = crcOf(added, goes_on ? std::prev(after)->crc : 0);
    if (!crc) return std::unexpected(crc.error());
    if (!*crc) return fail(Code::kIo, "the file of the dead letters became shorter");
    if (!goes_on) after = std::next(ranges_.insert(after, added));
    std::prev(after)->to = letter.end;
    std::prev(after)->crc = **crc;
    return {};
}

Result<void> ReplayedLetters::save() {
    auto list = nlohmann::ordered_json::array();
    for (const Range& range : ranges_)
        list.push_back({{"from", range.from},
                        {"to", range.to},
                        {"crc32c", range.crc},
                        {"time", formatUtc(range.time)}});
    return files_.replace(path_, nlohmann::ordered_json{{"replayed", list}}.dump() + "\n");
}

}  // namespace footfall
