#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "event/journey.h"
#include "event/sequence.h"
#include "report/verdict.h"
#include "support/clock.h"
#include "support/result.h"
#include "support/time_text.h"

namespace footfall {

class JourneyIndex;

constexpr Micros kDefaultWindow = std::chrono::hours(7 * 24);
constexpr double kDefaultMargin = 0.20;

// How the rows of the city report are ordered, largest first.
enum class CitySort { kUsers, kRevenue, kRevenuePerUser, kConversion };

// What the buckets of a trend are.
enum class TrendStep { kDay, kWeek };

// What a report is asked for. What each one means: docs/reports.md.
struct ReportParameters {
    std::string journey = "storefront";
    std::optional<UtcTime> from;  // nullopt: no lower end
    std::optional<UtcTime> to;    // exclusive; nullopt: no upper end
    bool new_users = false;
    std::optional<std::string> city;
    std::optional<std::string> device;
    std::optional<std::string> channel;
    std::optional<Micros> window = kDefaultWindow;  // nullopt: unlimited
    double margin = kDefaultMargin;                 // of the overall conversion
    CitySort sort = CitySort::kUsers;
    TrendStep by = TrendStep::kDay;

    bool operator==(const ReportParameters&) const = default;
};

// Those that a count depends on, the others as usual: reports for which these are the same are made
// of the same counts.
ReportParameters countedFor(ReportParameters parameters);

// What the process knows and a report needs beside what is asked for.
struct ReportSettings {
    TimeZone zone = TimeZone::utc();
    std::string currency = "INR";  // of amounts that came without one
    UtcTime now{};                 // becomes generated_at
    // Answers where it can, with every event up to `applied`; SQL does the rest. nullptr: there is
    // none.
    JourneyIndex* index = nullptr;
    SequenceNumber applied;
};

enum class ReportFormat { kTable, kCsv, kJson, kMarkdown };

// How the table for people is drawn.
struct TableOptions {
    std::size_t columns = 80;
    bool ascii = false;       // drawn in ASCII; names stay what they are
    bool all_cities = false;  // every city a row instead of the largest and those that differ
    std::string source;       // the line "Source: …" without that word; "" leaves it out
};

// Which cities of a report have a row.
struct CityPage {
    std::optional<std::size_t> top;  // so many, in the report's order; nullopt: all
    std::size_t offset = 0;          // after so many that have none
    std::string search;              // only names that contain it, in any case; "": all
    std::string name;                // only the city of exactly this name; "": all
    std::vector<Verdict> verdicts;   // only cities with one of these; empty: all

    bool isWhole() const {
        return !top && offset == 0 && search.empty() && name.empty() && verdicts.empty();
    }
};

enum class ComparedWith { kPrevious, kOthers, kAsked };
// "previous", "others", "asked".
std::string_view comparedWithName(ComparedWith with);

// The other side of a comparison.
struct Comparand {
    ComparedWith with = ComparedWith::kAsked;
    ReportParameters parameters;  // kOthers: of everybody, this side among them
};

// One request for one report, as it came in a URL's query or from the command line.
struct ReportRequest {
    ReportParameters parameters;
    ReportFormat format = ReportFormat::kJson;
    TableOptions table;
    CityPage page;
    std::optional<Comparand> comparand;
    // A report will do that has this event and all before it. nullopt: it has to have every one
    // that is stored.
    std::optional<SequenceNumber> with_event;
};

using QueryPair = std::pair<std::string, std::string>;  // name and value, percent-decoded

// The parameters, for the API and the command line alike: journey, from, to, new_users, city,
// device, channel, window, margin, sort, by, top, offset,
// city_search, city_is, city_verdict, compare and what begins with it, with_event, format, columns,
// ascii, all (the last three are about format=table). Errors: kInvalidArgument that names a wrong,
// repeated or unknown parameter.
[[nodiscard]] Result<ReportRequest> parseReportRequest(std::span<const QueryPair> query,
                                                       const TimeZone& zone);

// Whether a database can hold it: valid UTF-8 without NUL.
bool isText(std::string_view text);

// "users", "revenue", "revenue_per_user", "conversion".
std::string_view sortName(CitySort sort);
// "day", "week".
std::string_view stepName(TrendStep step);

// The journey of that name. Errors: kInvalidArgument naming the parameter and those there are.
[[nodiscard]] Result<Journey> findJourney(std::span<const Journey> journeys, std::string_view name);

}  // namespace footfall
