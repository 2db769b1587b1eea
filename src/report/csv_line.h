#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "report/csv_cell.h"

namespace footfall {

// CsvLine: one line of CSV, cell by cell; null is an empty cell.   Threads: one.
class CsvLine {
  public:
    void add(std::string_view text) { cells_.push_back(csvCell(text)); }
    void add(bool value) { cells_.emplace_back(value ? "true" : "false"); }
    void add(std::int64_t value) { cells_.push_back(std::to_string(value)); }
    void add(double value) { cells_.push_back(fmt::format("{}", value)); }
    template <class T>
    void add(const std::optional<T>& value) {
        if (value)
            add(*value);
        else
            cells_.emplace_back();
    }
    std::string text() const { return fmt::format("{}\n", fmt::join(cells_, ",")); }

  private:
    std::vector<std::string> cells_;
};

}  // namespace footfall
