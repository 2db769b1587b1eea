#include "support/config.h"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>

// The same in every file that includes toml++, or the program has two versions of its types.
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace footfall {
namespace {

// A single value as the text that one would give to the flag; nullopt for an array or a table.
std::optional<std::string> textOf(const toml::node& node) {
    if (const auto* text = node.as_string()) return text->get();
    if (node.is_array() || node.is_table()) return std::nullopt;
    std::ostringstream out;
    node.visit([&out](const auto& value) {
        if constexpr (toml::is_value<decltype(value)>) out << value;
    });
    return out.str();
}

std::optional<std::vector<std::string>> textsOf(const toml::node& node) {
    std::vector<std::string> texts;
    if (const auto* array = node.as_array()) {
        for (const toml::node& element : *array) {
            auto text = textOf(element);
            if (!text) return std::nullopt;
            texts.push_back(std::move(*text));
        }
        return texts;
    }
    auto text = textOf(node);
    if (!text) return std::nullopt;
    texts.push_back(std::move(*text));
    return texts;
}

Result<void> appendEntry(std::string_view section, const toml::key& key, const toml::node& node,
                         std::string_view source, std::vector<ConfigEntry>& out) {
    const int line = static_cast<int>(key.source().begin.line);
    auto values = textsOf(node);
    if (!values)
        return fail(Code::kMalformed, fmt::format("{}:{}: {} must be a value or a list of values",
                                                  source, line, key.str()));
    std::string name(key.str());
    std::ranges::replace(name, '_', '-');
    out.push_back({std::string(section), std::move(name), std::move(*values), line});
    return {};
}

Result<void> appendTable(std::string_view section, const toml::table& table,
                         std::string_view source, std::vector<ConfigEntry>& out) {
    for (const auto& [key, node] : table) {
        const bool is_section = section.empty() && node.is_table();
        auto appended = is_section ? appendTable(key.str(), *node.as_table(), source, out)
                                   : appendEntry(section, key, node, source, out);
        if (!appended) return appended;
    }
    return {};
}

}  // namespace

Result<std::vector<ConfigEntry>> parseConfig(std::string_view toml, std::string_view source) {
    const toml::parse_result parsed = toml::parse(toml);
    if (!parsed)
        return fail(Code::kMalformed,
                    fmt::format("{}:{}: {}", source, parsed.error().source().begin.line,
                                parsed.error().description()));
    std::vector<ConfigEntry> entries;
    if (auto appended = appendTable("", parsed.table(), source, entries); !appended)
        return std::unexpected(std::move(appended.error()));
    std::ranges::stable_sort(entries, {}, &ConfigEntry::line);
    return entries;
}

}  // namespace footfall
