#include "report/report_parameters.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ranges>
#include <set>

#include <fmt/format.h>
#include <utf8proc.h>

#include "event/city_table.h"
#include "report/comparand.h"

namespace footfall {
namespace {

constexpr std::array<std::string_view, 4> kSortNames = {"users", "revenue", "revenue_per_user",
                                                        "conversion"};
constexpr std::array<std::string_view, 2> kStepNames = {"day", "week"};
constexpr std::array<std::string_view, 3> kComparedWithNames = {"previous", "others", "asked"};
constexpr std::array<std::string_view, 4> kFormatNames = {"table", "csv", "json", "markdown"};
constexpr std::size_t kColumnsMin = 40;
constexpr std::size_t kColumnsMax = 1000;

std::unexpected<Error> wrong(std::string_view name, std::string_view value, std::string_view fix) {
    return fail(Code::kInvalidArgument, fmt::format("{}: \"{}\" is not {}", name, value, fix));
}

template <class Number>
std::optional<Number> numberOf(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

// Each takes a parameter's text into its place.
Result<void> take(std::string& target, const QueryPair& pair) {
    target = pair.second;
    return {};
}

Result<void> take(std::optional<std::string>& target, const QueryPair& pair) {
    target = pair.second;
    return {};
}

Result<void> takeCity(std::optional<std::string>& target, const QueryPair& pair) {
    target = CityTable::builtIn().canonical(pair.second);
    return {};
}

Result<void> take(bool& target, const QueryPair& pair) {
    const auto& [name, text] = pair;
    if (text == "true" || text == "1")
        target = true;
    else if (text == "false" || text == "0")
        target = false;
    else
        return wrong(name, text, "true or false");
    return {};
}

Result<void> take(std::optional<UtcTime>& target, const QueryPair& pair, const TimeZone& zone) {
    const auto time = parseTime(pair.second, zone);
    if (!time)
        return wrong(pair.first, pair.second,
                     "a time: a date, an RFC 3339 time or an epoch number");
    target = *time;
    return {};
}

Result<void> take(std::optional<Micros>& target, const QueryPair& pair) {
    const auto window = parseWindow(pair.second);
    if (!window)
        return wrong(pair.first, pair.second, "a duration: 60s, 15m, 12h, 7d or unlimited");
    target = *window;
    return {};
}

template <class Enum>
Result<void> take(Enum& target, const QueryPair& pair, std::span<const std::string_view> names) {
    const auto found = std::ranges::find(names, pair.second);
    if (found == names.end())
        return wrong(pair.first, pair.second, fmt::format("one of {}", fmt::join(names, ", ")));
    target = static_cast<Enum>(found - names.begin());
    return {};
}

// "better,worse"
Result<void> take(std::vector<Verdict>& target, const QueryPair& pair) {
    for (const auto name : std::views::split(pair.second, ',')) {
        Verdict verdict{};
        const QueryPair one{pair.first, std::string(name.begin(), name.end())};
        if (auto taken = take(verdict, one, kVerdictNames); !taken) return taken;
        target.push_back(verdict);
    }
    return {};
}

Result<void> takeComparedWith(std::optional<ComparedWith>& target, const QueryPair& pair) {
    // What is compared with by its own parameters is not a word.
    const auto words = std::span(kComparedWithNames).first(2);
    ComparedWith with{};
    if (const auto taken = take(with, pair, words); !taken) return taken;
    target = with;
    return {};
}

Result<void> takeMargin(double& target, const QueryPair& pair) {
    const auto margin = numberOf<double>(pair.second);
    if (!margin || !(*margin > 0 && *margin < 1))
        return wrong(pair.first, pair.second, "a part between 0 and 1, such as 0.2");
    target = *margin;
    return {};
}

Result<void> takeColumns(std::size_t& target, const QueryPair& pair) {
    const auto columns = numberOf<std::size_t>(pair.second);
    if (!columns || *columns < kColumnsMin || *columns > kColumnsMax)
        return wrong(pair.first, pair.second,
                     fmt::format("a width from {} to {}", kColumnsMin, kColumnsMax));
    target = *columns;
    return {};
}

Result<void> take(std::optional<SequenceNumber>& target, const QueryPair& pair) {
    const auto number = numberOf<std::uint64_t>(pair.second);
    if (!number) return wrong(pair.first, pair.second, "the number of an event");
    target = SequenceNumber{*number};
    return {};
}

Result<void> takePlace(std::size_t& target, const QueryPair& pair, std::size_t lowest) {
    const auto place = numberOf<std::size_t>(pair.second);
    if (!place || *place < lowest)
        return wrong(pair.first, pair.second, fmt::format("a number from {}", lowest));
    target = *place;
    return {};
}

// compare and what begins with it; nullopt: another parameter.
std::optional<Result<void>> takeComparison(ComparisonAsked& asked, const QueryPair& pair,
                                           const TimeZone& zone) {
    const std::string_view name = pair.first;
    if (name == "compare") return takeComparedWith(asked.with, pair);
    if (name == "compare_from") return take(asked.other.from, pair, zone);
    if (name == "compare_to") return take(asked.other.to, pair, zone);
    if (name == "compare_city") return takeCity(asked.other.city, pair);
    if (name == "compare_device") return take(asked.other.device, pair);
    if (name == "compare_channel") return take(asked.other.channel, pair);
    return std::nullopt;
}

Result<void> takeOne(ReportRequest& request, ComparisonAsked& comparison, const QueryPair& pair,
                     const TimeZone& zone) {
    const auto& [name, text] = pair;
    ReportParameters& parameters = request.parameters;
    if (text.empty() || !isText(text)) return wrong(name, isText(text) ? text : "…", "a text");

    if (name == "journey") return take(parameters.journey, pair);
    if (name == "city") return takeCity(parameters.city, pair);
    if (name == "device") return take(parameters.device, pair);
    if (name == "channel") return take(parameters.channel, pair);
    if (name == "from") return take(parameters.from, pair, zone);
    if (name == "to") return take(parameters.to, pair, zone);
    if (name == "new_users") return take(parameters.new_users, pair);
    if (name == "window") return take(parameters.window, pair);
    if (name == "margin") return takeMargin(parameters.margin, pair);
    if (name == "sort") return take(parameters.sort, pair, kSortNames);
    if (name == "by") return take(parameters.by, pair, kStepNames);
    if (name == "top") return takePlace(request.page.top.emplace(), pair, 1);
    if (name == "offset") return takePlace(request.page.offset, pair, 0);
    if (name == "city_search") return take(request.page.search, pair);
    if (name == "city_is") return take(request.page.name, pair);
    if (name == "city_verdict") return take(request.page.verdicts, pair);
    if (name == "with_event") return take(request.with_event, pair);
    if (name == "format") return take(request.format, pair, kFormatNames);
    if (name == "columns") return takeColumns(request.table.columns, pair);
    if (name == "ascii") return take(request.table.ascii, pair);
    if (name == "all") return take(request.table.all_cities, pair);
    if (const auto taken = takeComparison(comparison, pair, zone)) return *taken;
    return fail(Code::kInvalidArgument, fmt::format("{}: there is no such parameter", name));
}

}  // namespace

ReportParameters countedFor(ReportParameters parameters) {
    const ReportParameters usual;
    parameters.margin = usual.margin;
    parameters.sort = usual.sort;
    parameters.by = usual.by;
    return parameters;
}

bool isText(std::string_view text) {
    while (!text.empty()) {
        utf8proc_int32_t character = 0;
        const utf8proc_ssize_t bytes =
            utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                             static_cast<utf8proc_ssize_t>(text.size()), &character);
        if (bytes <= 0 || character == 0) return false;
        text.remove_prefix(static_cast<std::size_t>(bytes));
    }
    return true;
}

Result<ReportRequest> parseReportRequest(std::span<const QueryPair> query, const TimeZone& zone) {
    ReportRequest request;
    ComparisonAsked comparison;
    std::set<std::string_view> seen;
    for (const QueryPair& pair : query) {
        if (!seen.insert(pair.first).second)
            return fail(Code::kInvalidArgument,
                        fmt::format("{}: is given more than once", pair.first));
        if (const Result<void> taken = takeOne(request, comparison, pair, zone); !taken)
            return std::unexpected(taken.error());
    }
    const ReportParameters& parameters = request.parameters;
    if (parameters.from && parameters.to && *parameters.from >= *parameters.to)
        return fail(Code::kInvalidArgument, "to: must be after from");
    auto comparand = comparandOf(parameters, comparison);
    if (!comparand) return std::unexpected(comparand.error());
    request.comparand = std::move(*comparand);
    return request;
}

std::string_view comparedWithName(ComparedWith with) {
    return kComparedWithNames[static_cast<std::size_t>(with)];
}

std::string_view sortName(CitySort sort) {
    return kSortNames[static_cast<std::size_t>(sort)];
}

std::string_view stepName(TrendStep step) {
    return kStepNames[static_cast<std::size_t>(step)];
}

Result<Journey> findJourney(std::span<const Journey> journeys, std::string_view name) {
    const auto found = std::ranges::find(journeys, name, &Journey::name);
    if (found != journeys.end()) return *found;
    std::vector<std::string_view> names;
    for (const Journey& journey : journeys) names.push_back(journey.name);
    return wrong("journey", name, fmt::format("one of {}", fmt::join(names, ", ")));
}

}  // namespace footfall
