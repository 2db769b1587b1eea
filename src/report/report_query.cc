#include "report/report_query.h"

#include <algorithm>

#include <fmt/format.h>

#include "journey_index/journey_index.h"
#include "report/number_text.h"
#include "support/check.h"

namespace footfall {
namespace {

Value timeOrNull(std::optional<UtcTime> time) {
    return time ? Value(*time) : Value();
}

Value textOrNull(const std::optional<std::string>& text) {
    return text ? Value(*text) : Value();
}

ShadowTable parametersTable(const ReportQuestion& question) {
    const ReportParameters& asked = question.parameters;
    const Value window = asked.window ? Value(std::int64_t{asked.window->count()}) : Value();
    return {.name = "report_parameters",
            .rows = {{question.journey.name, timeOrNull(asked.from), timeOrNull(asked.to),
                      asked.new_users, textOrNull(asked.city), textOrNull(asked.device),
                      textOrNull(asked.channel), window, question.currency}}};
}

ShadowTable stagesTable(const Journey& journey) {
    ShadowTable table{.name = "journey_stages", .rows = {}};
    std::int64_t position = 0;
    for (const Stage& stage : journey.stages)
        table.rows.push_back({journey.name, ++position, stage.name, stage.optional});
    return table;
}

ShadowTable eventTypesTable(const Journey& journey) {
    ShadowTable table{.name = "journey_event_types", .rows = {}};
    std::int64_t position = 0;
    for (const Stage& stage : journey.stages) {
        ++position;
        for (const std::string& type : stage.event_types)
            table.rows.push_back({journey.name, position, type});
    }
    return table;
}

std::string outsideNote(std::int64_t types, std::int64_t events) {
    return fmt::format("{} event type{} to no stage ({} event{}): footfall events",
                       groupThousands(types), types == 1 ? " belongs" : "s belong",
                       groupThousands(events), events == 1 ? "" : "s");
}

// Whose conversion window has ended is looked at once in a quarter of an hour, so that it can be
// counted ahead.
UtcTime clockOf(const ReportQuestion& question) {
    const std::int64_t now_us = microsSinceEpoch(question.now);
    return utcFromMicros(now_us - now_us % kQuarterHourUs);
}

std::optional<std::int64_t> microsOrNone(const std::optional<UtcTime>& time) {
    return time ? std::optional(microsSinceEpoch(*time)) : std::nullopt;
}

Result<OutsideCount> countOutside(Database& database, const ReportQuestion& question) {
    if (questionToIndex(question)) {
        const auto counted =
            question.index->countOutside(microsOrNone(question.parameters.from),
                                         microsOrNone(question.parameters.to), question.applied);
        if (counted) return *counted;
    }
    const Result<QueryResult> result = ask(database, question, "FROM events_outside_journey");
    if (!result) return std::unexpected(result.error());
    const RowReader row(*result, 0);
    return OutsideCount{.event_types = row.integer("event_types"), .events = row.integer("events")};
}

}  // namespace

ReportQuestion questionOf(const Journey& journey, const ReportParameters& parameters,
                          const ReportSettings& settings) {
    return {.journey = journey,
            .parameters = parameters,
            .currency = settings.currency,
            .now = settings.now,
            .index = settings.index,
            .applied = settings.applied};
}

std::optional<JourneyQuestion> questionToIndex(const ReportQuestion& question) {
    if (question.index == nullptr || !question.index->isOf(question.journey, question.currency))
        return std::nullopt;
    const ReportParameters& asked = question.parameters;
    JourneyQuestion to_index{
        .person = {}, .city = asked.city, .device = asked.device, .channel = asked.channel};
    PersonQuestion& person = to_index.person;
    person.from_us = microsOrNone(asked.from).value_or(person.from_us);
    person.to_us = microsOrNone(asked.to).value_or(person.to_us);
    person.new_users = asked.new_users;
    if (asked.window) person.window_us = asked.window->count();
    to_index.now_us = microsSinceEpoch(clockOf(question));
    return to_index;
}

Result<QueryResult> ask(Database& database, const ReportQuestion& question, std::string_view sql) {
    return database.query({.sql = std::string(sql),
                           .shadows = {parametersTable(question),
                                       {.name = "report_clock", .rows = {{clockOf(question)}}},
                                       stagesTable(question.journey),
                                       eventTypesTable(question.journey)}});
}

const Value& RowReader::value(std::string_view column) const {
    const auto found = std::ranges::find(result_.columns, column);
    CHECK(found != result_.columns.end(), "the report's SQL answers this column");
    return result_.rows[row_][static_cast<std::size_t>(found - result_.columns.begin())];
}

std::int64_t RowReader::integer(std::string_view column) const {
    return std::get<std::int64_t>(value(column));
}

std::optional<std::int64_t> RowReader::integerOrNull(std::string_view column) const {
    const Value& cell = value(column);
    if (std::holds_alternative<std::monostate>(cell)) return std::nullopt;
    return std::get<std::int64_t>(cell);
}

UtcTime RowReader::time(std::string_view column) const {
    return std::get<UtcTime>(value(column));
}

const std::string& RowReader::text(std::string_view column) const {
    return std::get<std::string>(value(column));
}

Result<std::vector<std::string>> reportNotes(Database& database, const ReportQuestion& question,
                                             const std::vector<std::int64_t>& stage_users) {
    const Result<OutsideCount> outside = countOutside(database, question);
    if (!outside) return std::unexpected(outside.error());

    std::vector<std::string> notes;
    if (outside->events > 0) notes.push_back(outsideNote(outside->event_types, outside->events));

    std::vector<std::string_view> unreached;
    for (std::size_t i = 0; i < stage_users.size(); ++i)
        if (stage_users[i] == 0) unreached.push_back(question.journey.stages[i].name);
    if (!unreached.empty())
        notes.push_back(fmt::format("Nobody reached {}.", fmt::join(unreached, ", ")));
    return notes;
}

}  // namespace footfall
