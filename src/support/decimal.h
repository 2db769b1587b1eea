#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "support/result.h"

namespace footfall {

__extension__ using Int128 = __int128;

// Decimal: an exact amount of money with 4 decimals, as a count of 1/10,000. The sum of 10^20
// largest events still fits.
// Threads: a value.
struct Decimal {
    Int128 ten_thousandths = 0;

    auto operator<=>(const Decimal&) const = default;
    Decimal& operator+=(Decimal other) {
        ten_thousandths += other.ten_thousandths;
        return *this;
    }
};

// Text as in a JSON number: "1e3", "-2.5", "0.00010". Evaluated in decimal, never through a double.
// Errors: kMalformed when it is not of that grammar, kInvalidArgument when it has more than 4
// decimals that are not zero or is over 10^12 in size.
[[nodiscard]] Result<Decimal> parseDecimal(std::string_view text);

// Always four decimals: "1234.5000".
std::string toString(Decimal value);

// numerator / denominator, rounded half away from zero to 4 decimals. REQUIRES: denominator > 0.
Decimal divide(Decimal numerator, std::uint64_t denominator);

}  // namespace footfall
