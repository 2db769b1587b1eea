#include "event/city_table.h"

#include <algorithm>
#include <array>
#include <ranges>

#include <fmt/format.h>

#include "event/unicode.h"
#include "eventFiles.h"
#include "support/check.h"

namespace footfall {
namespace {

constexpr std::string_view kUnknown = "unknown";
constexpr std::string_view kHeader = "city,state,tier,aliases";
constexpr std::string_view kBuiltInPath = "data/cities.csv";

// Keys of the words that clients send when they know no city.
bool meansNothing(std::string_view key) {
    static constexpr std::array<std::string_view, 5> kWords = {"", "unknown", "null", "n/a",
                                                               "(not set)"};
    return std::find(kWords.begin(), kWords.end(), key) != kWords.end();
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (const auto part : std::views::split(text, separator))
        parts.emplace_back(part.begin(), part.end());
    return parts;
}

std::vector<std::string> splitAliases(std::string_view text) {
    if (text.empty()) return {};
    const std::vector<std::string_view> aliases = split(text, '|');
    return {aliases.begin(), aliases.end()};
}

}  // namespace

const CityTable& CityTable::builtIn() {
    static const CityTable table = [] {
        Result<CityTable> parsed = parse(eventFiles(kBuiltInPath), kBuiltInPath);
        CHECK(parsed.has_value(), "the built-in city table is well-formed");
        return *std::move(parsed);
    }();
    return table;
}

Result<CityTable> CityTable::parse(std::string_view csv, std::string_view source) {
    CityTable table;
    std::size_t number = 0;
    for (std::string_view text : split(csv, '\n')) {
        ++number;
        if (text.ends_with('\r')) text.remove_suffix(1);
        if (number == 1) {
            if (text != kHeader)
                return fail(Code::kMalformed,
                            fmt::format("{}:1: the first line must be {}", source, kHeader));
            continue;
        }
        if (text.empty()) continue;
        if (const Result<void> added = table.addLine(text); !added)
            return fail(Code::kMalformed,
                        fmt::format("{}:{}: {}", source, number, added.error().what));
    }
    return table;
}

Result<void> CityTable::addLine(std::string_view line) {
    const std::vector<std::string_view> columns = split(line, ',');
    if (columns.size() != 4)
        return fail(Code::kMalformed,
                    fmt::format("needs 4 columns ({}) and has {}", kHeader, columns.size()));
    if (columns[0].empty()) return fail(Code::kMalformed, "the city has no name");
    if (columns[2].size() != 1 || columns[2][0] < '1' || columns[2][0] > '3')
        return fail(Code::kMalformed, fmt::format("the tier of {} must be 1, 2 or 3", columns[0]));

    City city{.name = std::string(columns[0]),
              .state = std::string(columns[1]),
              .tier = columns[2][0] - '0',
              .aliases = splitAliases(columns[3])};
    const std::size_t index = cities_.size();
    if (const Result<void> added = addSpelling(city.name, index); !added) return added;
    for (const std::string& alias : city.aliases)
        if (const Result<void> added = addSpelling(alias, index); !added) return added;
    cities_.push_back(std::move(city));
    return {};
}

Result<void> CityTable::addSpelling(std::string_view spelling, std::size_t city) {
    const std::string key = caselessKey(tidyText(spelling));
    if (meansNothing(key))
        return fail(Code::kMalformed, fmt::format("\"{}\" means no city; remove it", spelling));
    if (!city_by_spelling_.emplace(key, city).second)
        return fail(Code::kMalformed,
                    fmt::format("\"{}\" stands in the table already; a spelling belongs to one "
                                "city, so remove one of the two",
                                spelling));
    return {};
}

std::string CityTable::canonical(std::string_view spelling) const {
    const std::string tidy = tidyText(spelling);
    const std::string key = caselessKey(tidy);
    if (meansNothing(key)) return std::string(kUnknown);
    if (const auto known = city_by_spelling_.find(key); known != city_by_spelling_.end())
        return cities_[known->second].name;
    return capitalizeWords(tidy);
}

}  // namespace footfall
