#include "event/journey.h"

#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include "eventFiles.h"
#include "support/check.h"

namespace footfall {
namespace {

constexpr std::string_view kDefaultPath = "data/journeys/storefront.toml";

// JourneyReader: turns a TOML table into a Journey; stops at the first thing that is wrong.
// Lifetime: one parse.
class JourneyReader {
  public:
    explicit JourneyReader(std::string_view source) : source_(source) {}

    Result<Journey> read(const toml::table& root);

  private:
    Result<Stage> readStage(const toml::node& node);
    Result<std::string> readName(const toml::table& table, std::string_view key);
    Result<bool> readOptional(const toml::table& table);
    Result<std::vector<std::string>> readEventTypes(const toml::table& table);
    // Notes who has the name or type; the error names the line of both.
    Result<void> claim(std::map<std::string, unsigned>& owners, const std::string& text,
                       std::string_view what);
    Result<void> checkKeys(const toml::table& table, const std::set<std::string_view>& known);
    std::unexpected<Error> wrong(const toml::node& node, std::string_view message);

    std::string_view source_;
    unsigned stage_line_ = 0;
    std::map<std::string, unsigned> line_of_stage_;
    std::map<std::string, unsigned> line_of_event_type_;
};

std::unexpected<Error> JourneyReader::wrong(const toml::node& node, std::string_view message) {
    return fail(Code::kInvalidArgument,
                fmt::format("{}:{}: {}", source_, node.source().begin.line, message));
}

Result<void> JourneyReader::checkKeys(const toml::table& table,
                                      const std::set<std::string_view>& known) {
    for (const auto& [key, value] : table)
        if (!known.contains(key.str()))
            return wrong(value, fmt::format("unknown key \"{}\"; the keys here are {}", key.str(),
                                            fmt::join(known, ", ")));
    return {};
}

Result<std::string> JourneyReader::readName(const toml::table& table, std::string_view key) {
    const toml::node* const node = table.get(key);
    if (node == nullptr)
        return wrong(table, fmt::format("\"{}\" is missing; add {} = \"…\"", key, key));
    const std::optional<std::string> name = node->value_exact<std::string>();
    if (!name || name->empty())
        return wrong(*node, fmt::format("\"{}\" must be a text that is not empty", key));
    return *name;
}

Result<bool> JourneyReader::readOptional(const toml::table& table) {
    const toml::node* const node = table.get("optional");
    if (node == nullptr) return false;
    const std::optional<bool> optional = node->value_exact<bool>();
    if (!optional) return wrong(*node, "\"optional\" must be true or false");
    return *optional;
}

Result<std::vector<std::string>> JourneyReader::readEventTypes(const toml::table& table) {
    const toml::node* const node = table.get("event_types");
    if (node == nullptr)
        return wrong(table, "\"event_types\" is missing; add event_types = [\"…\"]");
    const toml::array* const array = node->as_array();
    if (array == nullptr || array->empty())
        return wrong(*node, "\"event_types\" must be a list of at least one event type");

    std::vector<std::string> types;
    for (const toml::node& item : *array) {
        const std::optional<std::string> type = item.value_exact<std::string>();
        if (!type || type->empty())
            return wrong(item, "each of \"event_types\" must be a text that is not empty");
        if (const Result<void> claimed = claim(line_of_event_type_, *type, "event type"); !claimed)
            return std::unexpected(claimed.error());
        types.push_back(*type);
    }
    return types;
}

Result<void> JourneyReader::claim(std::map<std::string, unsigned>& owners, const std::string& text,
                                  std::string_view what) {
    const auto [owner, added] = owners.emplace(text, stage_line_);
    if (added) return {};
    return fail(Code::kInvalidArgument,
                fmt::format("{}:{}: the {} \"{}\" stands in the stage of line {} already; remove "
                            "one of the two",
                            source_, stage_line_, what, text, owner->second));
}

Result<Stage> JourneyReader::readStage(const toml::node& node) {
    const toml::table* const table = node.as_table();
    if (table == nullptr) return wrong(node, "a stage is a table; write [[stage]] above it");
    stage_line_ = node.source().begin.line;
    if (Result<void> known = checkKeys(*table, {"name", "optional", "event_types"}); !known)
        return std::unexpected(std::move(known.error()));

    Result<std::string> name = readName(*table, "name");
    if (!name) return std::unexpected(std::move(name.error()));
    if (Result<void> claimed = claim(line_of_stage_, *name, "stage"); !claimed)
        return std::unexpected(std::move(claimed.error()));
    const Result<bool> optional = readOptional(*table);
    if (!optional) return std::unexpected(optional.error());
    Result<std::vector<std::string>> event_types = readEventTypes(*table);
    if (!event_types) return std::unexpected(std::move(event_types.error()));
    return Stage{*std::move(name), *optional, *std::move(event_types)};
}

Result<Journey> JourneyReader::read(const toml::table& root) {
    if (Result<void> known = checkKeys(root, {"name", "stage"}); !known)
        return std::unexpected(std::move(known.error()));
    Result<std::string> name = readName(root, "name");
    if (!name) return std::unexpected(std::move(name.error()));
    const toml::node* const node = root.get("stage");
    if (node == nullptr)
        return wrong(root, "the journey has no stage; add [[stage]] with name and event_types");
    const toml::array* const stages = node->as_array();
    if (stages == nullptr || stages->empty())
        return wrong(*node, "\"stage\" must be a list of tables; write [[stage]] above each");

    Journey journey{.name = *std::move(name), .stages = {}};
    for (const toml::node& item : *stages) {
        Result<Stage> stage = readStage(item);
        if (!stage) return std::unexpected(std::move(stage.error()));
        journey.stages.push_back(*std::move(stage));
    }
    if (journey.stages.back().optional)
        return wrong(
            stages->back(),
            fmt::format("the last stage, \"{}\", is the conversion and cannot be optional; "
                        "remove optional = true or add a stage after it",
                        journey.stages.back().name));
    return journey;
}

}  // namespace

Result<Journey> parseJourney(std::string_view toml, std::string_view source) {
    const toml::parse_result parsed = toml::parse(toml, source);
    if (!parsed)
        return fail(Code::kMalformed,
                    fmt::format("{}:{}: {}", source, parsed.error().source().begin.line,
                                parsed.error().description()));
    return JourneyReader(source).read(parsed.table());
}

const Journey& defaultJourney() {
    static const Journey journey = [] {
        Result<Journey> parsed = parseJourney(eventFiles(kDefaultPath), kDefaultPath);
        CHECK(parsed.has_value(), "the built-in journey is well-formed");
        return *std::move(parsed);
    }();
    return journey;
}

}  // namespace footfall
