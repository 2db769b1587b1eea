#include "event/city_table.h"

#include <gtest/gtest.h>

namespace footfall {
namespace {

std::string canonical(std::string_view spelling) {
    return CityTable::builtIn().canonical(spelling);
}

std::string parseError(std::string_view lines) {
    const Result<CityTable> table =
        CityTable::parse("city,state,tier,aliases\n" + std::string(lines), "cities.csv");
    return table ? "" : table.error().what;
}

TEST(CityTable, givesTheSpellingsOfACityItsOneName) {
    for (const char* spelling :
         {"Bengaluru", "bengaluru", "BENGALURU", "Bangalore", "banglore", "  bangalore\t"})
        EXPECT_EQ(canonical(spelling), "Bengaluru") << spelling;
    EXPECT_EQ(canonical("New  Delhi"), "Delhi");
    EXPECT_EQ(canonical("new\u00a0delhi"), "Delhi");
    EXPECT_EQ(canonical("bombay"), "Mumbai");
    EXPECT_EQ(canonical("Calcutta"), "Kolkata");
    EXPECT_EQ(canonical("MADRAS"), "Chennai");
    EXPECT_EQ(canonical("poona"), "Pune");
    EXPECT_EQ(canonical("Gurgaon"), "Gurugram");
    EXPECT_EQ(canonical("navi mumbai"), "Navi Mumbai");
}

TEST(CityTable, takesAWordForNothingAsUnknown) {
    for (const char* spelling :
         {"", "   ", "unknown", "UNKNOWN", "null", "Null", "n/a", "N/A", " (not set) ", "\u3000"})
        EXPECT_EQ(canonical(spelling), "unknown") << spelling;
}

TEST(CityTable, writesOtherCitiesInLowerCaseWithCapitals) {
    EXPECT_EQ(canonical("nUREMBERG"), "Nuremberg");
    EXPECT_EQ(canonical("  san   francisco "), "San Francisco");
    EXPECT_EQ(canonical("são paulo"), "São Paulo");
    EXPECT_EQ(canonical("ÉVREUX"), "Évreux");
    EXPECT_EQ(canonical("दिल्ली"), "दिल्ली");
    EXPECT_EQ(canonical("東京"), "東京");
}

TEST(CityTable, takesComposedAndDecomposedLettersForTheSame) {
    EXPECT_EQ(canonical("e\u0301vreux"), canonical("\u00e9vreux"));
}

TEST(CityTable, leavesACanonicalNameAsItIs) {
    for (const City& city : CityTable::builtIn().cities())
        EXPECT_EQ(canonical(city.name), city.name);
    for (const char* spelling : {"İSTANBUL", "ǆakovo", "straße", "ﬁrenze", "ΑΘΗΝΑΣ", "o'NEILL",
                                 "ſalem", "µ", "a\u0301\u0327b"})
        EXPECT_EQ(canonical(canonical(spelling)), canonical(spelling)) << spelling;
}

TEST(CityTable, holdsTheSixtyLargestCitiesWithStateAndTier) {
    const std::vector<City>& cities = CityTable::builtIn().cities();

    ASSERT_EQ(cities.size(), 60u);
    for (const City& city : cities) {
        EXPECT_FALSE(city.state.empty()) << city.name;
        EXPECT_GE(city.aliases.size(), 2u) << city.name;
        for (const std::string& alias : city.aliases) EXPECT_EQ(canonical(alias), city.name);
    }
}

TEST(CityTable, namesTheLineAndTheFaultOfABrokenTable) {
    EXPECT_EQ(parseError("Pune,Maharashtra,1,Poona\r\n\n"), "");
    EXPECT_EQ(parseError("Pune,Maharashtra,1\n"),
              "cities.csv:2: needs 4 columns (city,state,tier,aliases) and has 3");
    EXPECT_EQ(parseError(",Maharashtra,1,Poona\n"), "cities.csv:2: the city has no name");
    EXPECT_EQ(parseError("Pune,Maharashtra,4,Poona\n"),
              "cities.csv:2: the tier of Pune must be 1, 2 or 3");
    EXPECT_EQ(parseError("Pune,Maharashtra,1,Unknown\n"),
              "cities.csv:2: \"Unknown\" means no city; remove it");
    EXPECT_EQ(parseError("Pune,Maharashtra,1,Poona\nPatna,Bihar,2,POONA\n"),
              "cities.csv:3: \"POONA\" stands in the table already; a spelling belongs to one "
              "city, so remove one of the two");
    EXPECT_EQ(CityTable::parse("name\n", "x.csv").error().what,
              "x.csv:1: the first line must be city,state,tier,aliases");
}

}  // namespace
}  // namespace footfall
