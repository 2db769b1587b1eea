#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <absl/container/flat_hash_map.h>

#include "support/result.h"

namespace footfall {

struct City {
    std::string name;  // the one name it is stored and reported under
    std::string state;
    int tier = 0;                      // 1: metropolis, 2, 3
    std::vector<std::string> aliases;  // other spellings, as the table has them
};

// CityTable: gives each city one name, however a client spells it.
// Threads: const, any thread.   Owns: its names.
// Source of the built-in table: data/cities.csv, the 60 largest cities of India.
class CityTable {
  public:
    static const CityTable& builtIn();
    // Columns: city,state,tier,aliases (aliases apart by '|'), no quotes. A spelling belongs to one
    // city. Errors: kMalformed with source, line and fix.
    [[nodiscard]] static Result<CityTable> parse(std::string_view csv, std::string_view source);

    // NFC, trimmed, white space collapsed; nothing or a word for nothing gives "unknown"; a known
    // spelling, without regard to case, gives the city's name; else lower case with the first
    // letter of each word upper. REQUIRES: valid UTF-8. Cost: about 1 µs; whoever asks often keeps
    // the answers.
    std::string canonical(std::string_view spelling) const;

    const std::vector<City>& cities() const { return cities_; }

  private:
    // Errors of these two: kMalformed without the place, which parse() adds.
    [[nodiscard]] Result<void> addLine(std::string_view line);
    [[nodiscard]] Result<void> addSpelling(std::string_view spelling, std::size_t city);

    std::vector<City> cities_;
    absl::flat_hash_map<std::string, std::size_t> city_by_spelling_;  // caseless key -> index
};

}  // namespace footfall
