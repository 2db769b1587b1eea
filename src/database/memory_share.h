#pragma once

#include <cstddef>
#include <cstdint>

namespace footfall {

// What DuckDB may hold in memory where nobody says otherwise: an eighth of what this process may
// have (of the machine, or of its cgroup), from 192 MiB to 4 GiB. A report needs some 0.5 KB a
// person, so the least is enough for 300,000 persons, and 8 GiB of memory for 1.7 million.
std::size_t databaseMemoryBytes();

// The same for a process that may have `bytes`.
std::size_t databaseMemoryOf(std::uint64_t bytes);

}  // namespace footfall
