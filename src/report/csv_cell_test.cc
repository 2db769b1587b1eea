#include "report/csv_cell.h"

#include <gtest/gtest.h>

namespace footfall {
namespace {

TEST(CsvCell, leavesHarmlessTextAlone) {
    for (const char* text : {"", "Pune", "a=b", "New Delhi", "x-y", "1+1", "'", "मुंबई"})
        EXPECT_EQ(csvCell(text), text);
}

TEST(CsvCell, quotesWhatWouldBreakTheLine) {
    EXPECT_EQ(csvCell("a,b"), "\"a,b\"");
    EXPECT_EQ(csvCell("say \"hi\""), "\"say \"\"hi\"\"\"");
    EXPECT_EQ(csvCell("a\nb"), "\"a\nb\"");
    EXPECT_EQ(csvCell("a\rb"), "\"a\rb\"");
}

TEST(CsvCell, disarmsFormulas) {
    EXPECT_EQ(csvCell("=1+1"), "'=1+1");
    EXPECT_EQ(csvCell("+1"), "'+1");
    EXPECT_EQ(csvCell("-1"), "'-1");
    EXPECT_EQ(csvCell("@SUM(A1)"), "'@SUM(A1)");
    EXPECT_EQ(csvCell("\t=1"), "'\t=1");
    EXPECT_EQ(csvCell("\r=1"), "\"'\r'=1\"");
    EXPECT_EQ(csvCell("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
}

TEST(CsvCell, disarmsFormulasBehindBlanksAndOnLaterLines) {
    EXPECT_EQ(csvCell("  =1"), "'  =1");
    EXPECT_EQ(csvCell("\xc2\xa0=1"), "'\xc2\xa0=1");
    EXPECT_EQ(csvCell("a\n=1"), "\"a\n'=1\"");
    EXPECT_EQ(csvCell("a\r\n @x"), "\"a\r\n' @x\"");
}

}  // namespace
}  // namespace footfall
