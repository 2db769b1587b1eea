#include "event_producer/toml_reader.h"

#include <fmt/format.h>

namespace footfall {

const toml::node* TomlReader::node(std::string_view path) {
    used_.emplace(path);
    return root_.at_path(path).node();
}

double TomlReader::number(std::string_view path, double min, double max) {
    const toml::node* found = node(path);
    const std::optional<double> value = found ? found->value<double>() : std::nullopt;
    if (value && *value >= min && *value <= max) return *value;
    refuse(path, fmt::format("must be a number from {} to {}", min, max));
    return min;
}

int TomlReader::whole(std::string_view path, int min, int max) {
    const toml::node* found = node(path);
    const std::optional<int> value = found ? found->value<int>() : std::nullopt;
    if (value && *value >= min && *value <= max) return *value;
    refuse(path, fmt::format("must be a whole number from {} to {}", min, max));
    return min;
}

std::string TomlReader::text(std::string_view path) {
    const toml::node* found = node(path);
    const std::optional<std::string> value = found ? found->value<std::string>() : std::nullopt;
    if (value && !value->empty()) return *value;
    refuse(path, "must be a text");
    return {};
}

std::vector<std::string> TomlReader::texts(std::string_view path) {
    std::vector<std::string> all;
    const toml::node* found = node(path);
    const toml::array* array = found ? found->as_array() : nullptr;
    if (!array) refuse(path, "must be an array of texts");
    for (std::size_t at = 0; array && at < array->size(); ++at) {
        const std::optional<std::string> value = array->get(at)->value<std::string>();
        if (!value) refuse(path, "must be an array of texts");
        all.push_back(value.value_or(""));
    }
    return all;
}

std::vector<double> TomlReader::weights(std::string_view path) {
    std::vector<double> all;
    double sum = 0;
    const toml::node* found = node(path);
    const toml::array* array = found ? found->as_array() : nullptr;
    for (std::size_t at = 0; array && at < array->size(); ++at) {
        const double value = array->get(at)->value<double>().value_or(-1);
        if (!(value >= 0)) refuse(path, "must hold weights of 0 or more");
        all.push_back(value);
        sum += value;
    }
    if (sum > 0) return all;
    refuse(path, "must be an array of weights, at least one above 0");
    return {1.0};
}

std::vector<std::pair<std::string, double>> TomlReader::namedWeights(std::string_view path) {
    std::vector<std::pair<std::string, double>> all;
    const toml::node* found = node(path);
    if (const toml::table* table = found ? found->as_table() : nullptr) {
        for (const auto& [key, value] : *table) {
            all.emplace_back(key.str(), value.value<double>().value_or(-1));
            if (!(all.back().second > 0))
                refuse(fmt::format("{}.{}", path, key.str()), "must be a weight above 0");
        }
    }
    if (!all.empty()) return all;
    refuse(path, "must be a table of names and weights");
    return {{"none", 1.0}};
}

void TomlReader::refuse(std::string_view path, std::string_view why) {
    if (refused_) return;
    const toml::node* found = root_.at_path(path).node();
    const auto line = found ? found->source().begin.line : 0;
    refused_ = line ? fmt::format("{}:{}: {} {}", source_, line, path, why)
                    : fmt::format("{}: {} is missing; it {}", source_, path, why);
}

std::optional<Error> TomlReader::problem() const {
    if (refused_) return Error{Code::kInvalidArgument, *refused_};
    if (const std::optional<std::string> key = unknownKey(root_, ""))
        return Error{Code::kInvalidArgument, fmt::format("{}: unknown key {}", source_, *key)};
    return std::nullopt;
}

std::optional<std::string> TomlReader::unknownKey(const toml::table& table,
                                                  const std::string& prefix) const {
    for (const auto& [key, value] : table) {
        std::string path = prefix + std::string(key.str());
        if (used_.contains(path)) continue;
        const toml::table* inner = value.as_table();
        if (!inner) return path;
        if (const std::optional<std::string> found = unknownKey(*inner, path + ".")) return found;
    }
    return std::nullopt;
}

}  // namespace footfall
