#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

namespace footfall {

// CityTable: gives each city one name, however a client spells it.
// Threads: const, any thread.   Owns: its names.
// Source of the built-in table: data/cities.csv, the 60 largest cities of India.
class CityTable {
  public:
    static const CityTable& builtIn();
    // Columns: city,state,tier,aliases (aliases apart by '|'). Errors: kMalformed with the line.
    [[nodiscard]] static Result<CityTable> parse(std::string_view csv, std::string_view source);

    // NFC, trimmed, white space collapsed; nothing or a word for nothing gives "unknown"; a known
    // spelling, without regard to case, gives the city's name; else lower case with the first
    // letter of each word upper. REQUIRES: valid UTF-8. Cost: a cache of spellings by raw bytes may
    // be kept by the caller; this call normalises.
    std::string canonical(std::string_view spelling) const;
    // … private parts by its owner
};

}  // namespace footfall
