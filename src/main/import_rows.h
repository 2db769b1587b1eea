#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "main/input_file.h"

namespace footfall {

struct ImportRowOptions {
    enum class Format { kCsv, kJsonLines };
    Format format = Format::kCsv;
    char delimiter = ',';
    std::map<std::string, std::string> columns =
        {};  // field of an event -> column that it is read from
    // Two rows that are the same in every field are one event, so that a row that was sent twice
    // counts once. true: each is an event of its own, and only importing the file again adds none.
    bool keep_identical = false;
};

// "user_id=user" of each --map. Errors: kInvalidArgument.
[[nodiscard]] Result<std::map<std::string, std::string>> parseColumnMap(
    const std::vector<std::string>& mappings);

struct ImportRow {
    std::string json;        // an event as it is sent to the webhook, one line
    std::uint64_t line = 0;  // of the file, where the row begins
};

// ImportRows: the rows of a file as events. A column keeps its name unless it is mapped; what is no
// field of an event becomes a property at the webhook; empty CSV cells are absent. A row without
// event_id gets one from its content, so that importing it again stores nothing twice.
// Threads: one at a time.
// Memory: 24 bytes a row with keep_identical, else none.
// Errors: kMalformed naming line and column | kInvalidArgument for a mapped column that is not in
// the header | those of the source. What is wrong with a single event is the webhook's to say.
class ImportRows {
  public:
    virtual ~ImportRows() = default;
    // false at the end.
    [[nodiscard]] virtual Result<bool> next(ImportRow& row) = 0;
};

// Reads the header of a CSV file. `source` outlives what is returned.
[[nodiscard]] Result<std::unique_ptr<ImportRows>> openImportRows(ByteSource& source,
                                                                 const ImportRowOptions& options);

}  // namespace footfall
