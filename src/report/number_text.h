#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "support/clock.h"
#include "support/decimal.h"

// Numbers as people read them.
namespace footfall {

enum class TextStyle { kUnicode, kAscii };

// "1,234,567".
std::string groupThousands(std::int64_t value);
// "1 city", "60 cities".
std::string countText(std::int64_t count, std::string_view one, std::string_view many);

// "₹1.10 crore", "₹4.52 lakh", "₹98,765"; in other currencies "USD 1,234,567". In ASCII the code
// stands for every sign: "INR 1.10 crore".
std::string moneyText(Decimal amount, const std::string& currency, TextStyle style);
// The same without the sign in at most seven columns: "58.4", "98,765", "4.5 L", "1.1 Cr", "3.2 M".
std::string shortAmount(Decimal amount, const std::string& currency);
// The sign or code alone: "₹", "USD".
std::string currencySign(const std::string& currency, TextStyle style);

// "48 s", "4 m 05 s", "3 h 20 m", "2 d 4 h".
std::string durationText(double seconds);
// "7 days", "12 hours", "any time".
std::string windowText(std::optional<Micros> window);

}  // namespace footfall
