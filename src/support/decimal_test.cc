#include "support/decimal.h"

#include <gtest/gtest.h>

namespace footfall {
namespace {

std::string parsed(std::string_view text) {
    const Result<Decimal> value = parseDecimal(text);
    return value ? toString(*value) : value.error().what;
}

TEST(Decimal, readsEveryFormOfAJsonNumber) {
    EXPECT_EQ(parsed("0"), "0.0000");
    EXPECT_EQ(parsed("-0"), "0.0000");
    EXPECT_EQ(parsed("1e3"), "1000.0000");
    EXPECT_EQ(parsed("12.5"), "12.5000");
    EXPECT_EQ(parsed("1.00010"), "1.0001");
    EXPECT_EQ(parsed("125E-3"), "0.1250");
    EXPECT_EQ(parsed("0.000000000000000000001e20"), "0.1000");
    EXPECT_EQ(parsed("-3.25"), "-3.2500");
    EXPECT_EQ(parsed("1000000000000"), "1000000000000.0000");
    EXPECT_EQ(parsed("0e999999999999"), "0.0000");
}

TEST(Decimal, namesWhatIsWrong) {
    for (const char* text : {"", "-", "+1", "01", "1.", ".5", "1e", "1e+", "0x1", "1 ", "NaN"})
        EXPECT_EQ(parsed(text), "is not a number") << text;
    EXPECT_EQ(parsed("0.00001"), "has over 4 decimals");
    EXPECT_EQ(parsed("1e-999999999"), "has over 4 decimals");
    EXPECT_EQ(parsed("1000000000000.0001"), "is over 10^12");
    EXPECT_EQ(parsed("1e400"), "is over 10^12");
    EXPECT_EQ(parsed("9e999999999"), "is over 10^12");
}

TEST(Decimal, roundsQuotientsHalfAwayFromZero) {
    EXPECT_EQ(toString(divide(*parseDecimal("1"), 3)), "0.3333");
    EXPECT_EQ(toString(divide(*parseDecimal("2"), 3)), "0.6667");
    EXPECT_EQ(toString(divide(*parseDecimal("0.0001"), 2)), "0.0001");
    EXPECT_EQ(toString(divide(*parseDecimal("-0.0001"), 2)), "-0.0001");
}

}  // namespace
}  // namespace footfall
