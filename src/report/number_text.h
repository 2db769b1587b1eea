#pragma once

#include <cstdint>
#include <string>

namespace footfall {

// "1,234,567".
std::string groupThousands(std::int64_t value);

}  // namespace footfall
