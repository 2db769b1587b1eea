#include "main/import_rows.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <simdjson.h>
#include <xxhash.h>

#include "main/csv_reader.h"

namespace footfall {
namespace {

constexpr std::string_view kIdField = "event_id";

std::string jsonText(std::string_view text) {
    return nlohmann::json(text).dump();
}

// Gives rows their ids by their content.
class RowIds {
  public:
    explicit RowIds(bool keep_identical) : keep_identical_(keep_identical) {}

    // `fields`: `"name":value` pairs apart by commas.
    std::string withId(const std::string& fields) {
        return fmt::format("{{{}:\"{}\",{}}}", jsonText(kIdField), idOf(fields), fields);
    }

  private:
    std::string idOf(const std::string& fields) {
        const XXH128_hash_t hash = XXH3_128bits(fields.data(), fields.size());
        std::string id = fmt::format("import:{:016x}{:016x}", hash.high64, hash.low64);
        if (!keep_identical_) return id;
        // The first of a kind keeps the plain id; the order within a kind cannot matter.
        if (const std::uint32_t before = seen_[hash.high64 ^ hash.low64]++; before > 0)
            id += fmt::format("-{}", before);
        return id;
    }

    bool keep_identical_;
    std::unordered_map<std::uint64_t, std::uint32_t> seen_;
};

void appendField(std::string& fields, std::string_view quoted_name, std::string_view value) {
    if (!fields.empty()) fields += ',';
    fields.append(quoted_name).append(":").append(value);
}

// A text cell as a JSON value. Every text field and `amount` is taken as a text by the webhook;
// quantity and properties have no text form.
std::string cellValue(std::string_view field, const std::string& cell) {
    if (field == "quantity" &&
        std::ranges::all_of(cell, [](char c) { return c >= '0' && c <= '9'; }) && cell.size() < 19)
        return std::to_string(std::stoll(cell));
    if (field == "properties" && nlohmann::json::accept(cell))
        return nlohmann::json::parse(cell).dump();
    return jsonText(cell);
}

class CsvRows final : public ImportRows {
  public:
    CsvRows(ByteSource& source, const ImportRowOptions& options)
        : reader_(source, options.delimiter), ids_(options.keep_identical) {}

    Result<void> readHeader(const std::map<std::string, std::string>& columns) {
        const auto found = reader_.next(header_);
        if (!found) return std::unexpected(found.error());
        if (!*found) return fail(Code::kMalformed, "the file is empty; a CSV begins with a header");
        std::vector<bool> mapped(header_.size());
        for (const auto& [field, column] : columns) {
            const auto place = std::ranges::find(header_, column);
            if (place == header_.end())
                return fail(Code::kInvalidArgument,
                            fmt::format("--map {}={}: the file has no column {}; it has {}", field,
                                        column, column, fmt::join(header_, ", ")));
            const auto index = static_cast<std::size_t>(place - header_.begin());
            mapped[index] = true;
            fields_.push_back({field, jsonText(field), index});
        }
        for (std::size_t index = 0; index < header_.size(); ++index)
            if (!mapped[index] && !columns.contains(header_[index]))
                fields_.push_back({header_[index], jsonText(header_[index]), index});
        // The order of the columns shall not change a row's id.
        std::ranges::sort(fields_, {}, &Field::name);
        return {};
    }

    Result<bool> next(ImportRow& row) override {
        auto found = reader_.next(cells_);
        if (!found || !*found) return found;
        row.line = reader_.line();
        if (cells_.size() != header_.size())
            return fail(Code::kMalformed, fmt::format("line {}: {} fields, but the header has {}",
                                                      row.line, cells_.size(), header_.size()));
        std::string fields;
        bool has_id = false;
        for (const Field& field : fields_) {
            const std::string& cell = cells_[field.column];
            if (cell.empty()) continue;
            if (!simdjson::validate_utf8(cell))
                return fail(Code::kMalformed,
                            fmt::format("line {}: column {} is not UTF-8; convert the file first",
                                        row.line, header_[field.column]));
            has_id = has_id || field.name == kIdField;
            appendField(fields, field.quoted_name, cellValue(field.name, cell));
        }
        row.json = has_id ? fmt::format("{{{}}}", fields) : ids_.withId(fields);
        return true;
    }

  private:
    struct Field {
        std::string name;
        std::string quoted_name;
        std::size_t column;
    };
    CsvReader reader_;
    RowIds ids_;
    std::vector<std::string> header_;
    std::vector<std::string> cells_;
    std::vector<Field> fields_;
};

class JsonLineRows final : public ImportRows {
  public:
    JsonLineRows(ByteSource& source, const ImportRowOptions& options)
        : lines_(source), ids_(options.keep_identical) {
        for (const auto& [field, column] : options.columns) fields_of_[column].push_back(field);
        for (const auto& [field, column] : options.columns) fields_of_.try_emplace(field);
    }

    Result<bool> next(ImportRow& row) override {
        do {
            auto found = lines_.next(line_);
            if (!found || !*found) return found;
        } while (line_.find_first_not_of(" \t") == std::string::npos);
        row.line = lines_.number();
        if (!simdjson::validate_utf8(line_))
            return fail(Code::kMalformed,
                        fmt::format("line {} is not UTF-8; convert the file first", row.line));
        // A line that is no JSON object goes out as it is: the webhook says what is wrong with it.
        std::string fields;
        bool has_id = false;
        const bool is_object = readFields(fields, has_id);
        row.json = !is_object ? line_
                   : has_id   ? fmt::format("{{{}}}", fields)
                              : ids_.withId(fields);
        return true;
    }

  private:
    // Values are kept as they are written: a number through a double would change amounts.
    bool readFields(std::string& fields, bool& has_id) {
        const simdjson::padded_string padded(line_);
        simdjson::ondemand::document document;
        simdjson::ondemand::object object;
        if (!nlohmann::json::accept(line_)) return false;  // simdjson does not look into values
        if (parser_.iterate(padded).get(document) || document.get_object().get(object))
            return false;
        for (auto member : object) {
            std::string_view name;
            std::string_view value;
            if (member.unescaped_key().get(name)) return false;
            const std::string owned_name(name);
            if (simdjson::to_json_string(member.value()).get(value)) return false;
            const auto mapped = fields_of_.find(owned_name);
            const auto names =
                mapped == fields_of_.end() ? std::vector{owned_name} : mapped->second;
            for (const std::string& field : names) {
                has_id = has_id || (field == kIdField && value != "null");
                appendField(fields, jsonText(field), value);
            }
        }
        return !fields.empty();
    }

    LineReader lines_;
    RowIds ids_;
    // Of each mapped column. A field that is read from another column is not read from its own.
    std::unordered_map<std::string, std::vector<std::string>> fields_of_;
    simdjson::ondemand::parser parser_;
    std::string line_;
};

}  // namespace

Result<std::map<std::string, std::string>> parseColumnMap(
    const std::vector<std::string>& mappings) {
    std::map<std::string, std::string> columns;
    for (const std::string& mapping : mappings) {
        const std::size_t equals = mapping.find('=');
        if (equals == std::string::npos || equals == 0 || equals + 1 == mapping.size())
            return fail(Code::kInvalidArgument,
                        fmt::format("--map {}: write FIELD=COLUMN, as in user_id=user", mapping));
        if (!columns.emplace(mapping.substr(0, equals), mapping.substr(equals + 1)).second)
            return fail(Code::kInvalidArgument,
                        fmt::format("--map {}: this field is mapped twice", mapping));
    }
    return columns;
}

Result<std::unique_ptr<ImportRows>> openImportRows(ByteSource& source,
                                                   const ImportRowOptions& options) {
    if (options.format == ImportRowOptions::Format::kJsonLines)
        return std::make_unique<JsonLineRows>(source, options);
    auto rows = std::make_unique<CsvRows>(source, options);
    if (auto header = rows->readHeader(options.columns); !header)
        return std::unexpected(std::move(header.error()));
    return rows;
}

}  // namespace footfall
