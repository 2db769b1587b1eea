// Real input: the public data set, whose funnel its own notebook publishes, and R's statistics of
// it.
#include <algorithm>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "report/city_report.h"
#include "report/stage_report.h"
#include "support/file.h"
#include "support/random.h"
#include "tests/reports/report_store.h"

namespace footfall {
namespace {

std::vector<std::string> cellsOf(const std::string& line) {
    std::vector<std::string> cells;
    std::istringstream text(line);
    for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
    return cells;
}

// acquisition_channel stands in for the city, which the data set does not have.
std::vector<StoredEvent> readEvents() {
    std::ifstream file(FOOTFALL_SOURCE_DIR "/tests/data/retentioneering_ecom.csv");
    std::vector<StoredEvent> events;
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
        const std::vector<std::string> cells = cellsOf(line);
        events.push_back({.id = {.high = 1, .low = events.size()},
                          .timestamp_us = microsSinceEpoch(*parseTime(cells[3], TimeZone::utc())),
                          .user_id = cells[0],
                          .event_type = cells[2],
                          .city = cells[5],
                          .device = cells[4]});
    }
    return events;
}

Journey catalogJourney() {
    const std::string path = FOOTFALL_SOURCE_DIR "/tests/data/catalog.toml";
    return *parseJourney(*PosixFileSystem().readAll(path), path);
}

class Retentioneering : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        store_ = new ReportStore();
        store_->replaceAll(readEvents());
    }
    static void TearDownTestSuite() { delete store_; }

    static StageReport stages(const ReportParameters& parameters) {
        return *computeStageReport(store_->database(), journey_, parameters, settings_);
    }
    static CityReport cities(const ReportParameters& parameters) {
        return *computeCityReport(store_->database(), journey_, parameters, settings_);
    }
    template <class Member>
    static std::vector<std::int64_t> column(const StageReport& report, Member member) {
        std::vector<std::int64_t> values;
        for (const StageRow& row : report.stages) values.push_back(row.*member);
        return values;
    }

    static inline ReportStore* store_ = nullptr;
    static inline const Journey journey_ = catalogJourney();
    static inline const ReportSettings settings_{.zone = TimeZone::utc()};
};

using Counts = std::vector<std::int64_t>;

TEST_F(Retentioneering, givesThePublishedFunnelWithoutATimeLimit) {
    const StageReport report = stages({.window = std::nullopt});

    EXPECT_EQ(column(report, &StageRow::users_in_order), Counts({600, 511, 431, 225}));
    EXPECT_EQ(column(report, &StageRow::users), Counts({600, 522, 489, 328}));
}

TEST_F(Retentioneering, givesTheFunnelWithinSevenDays) {
    const StageReport report = stages({});

    EXPECT_EQ(column(report, &StageRow::users_in_order), Counts({600, 462, 330, 126}));
}

TEST_F(Retentioneering, countsAPeriod) {
    const ReportParameters june{.from = *parseTime("2024-06-01", TimeZone::utc())};

    EXPECT_EQ(stages(june).total_users, 429);
    EXPECT_EQ(cities(june).overall.buyers, 137);
}

TEST_F(Retentioneering, notesTheEventsThatBelongToNoStage) {
    EXPECT_EQ(stages({}).notes,
              std::vector<std::string>(
                  {"15 event types belong to no stage (21,565 events): footfall events"}));
}

TEST_F(Retentioneering, isTheSameInAnyOrderOfArrival) {
    std::vector<StoredEvent> events = readEvents();
    Random random(7);
    for (std::size_t i = events.size(); i > 1; --i)
        std::swap(events[i - 1], events[random.below(i)]);
    ReportStore shuffled;
    shuffled.replaceAll(events);

    const auto report = computeStageReport(shuffled.database(), journey_, {}, settings_);

    EXPECT_EQ(column(*report, &StageRow::users_in_order), Counts({600, 462, 330, 126}));
    EXPECT_EQ(column(*report, &StageRow::furthest_users),
              column(stages({}), &StageRow::furthest_users));
    EXPECT_EQ(report->stages[3].median_seconds_from_previous,
              stages({}).stages[3].median_seconds_from_previous);
}

TEST_F(Retentioneering, givesEveryStatisticOfRForTheChannels) {
    const CityReport report = cities({});
    std::ifstream file(FOOTFALL_SOURCE_DIR "/tests/reports/r_expected.txt");
    std::size_t channels = 0;
    const auto same = [](std::optional<double> actual, double expected) {
        ASSERT_TRUE(actual);
        EXPECT_NEAR(*actual, expected, std::abs(expected) * 1e-9);
    };

    for (std::string word; file >> word;) {
        if (word != "channel") continue;
        ++channels;
        std::string name;
        std::int64_t users = 0;
        std::int64_t buyers = 0;
        double conversion = 0;
        double low = 0;
        double high = 0;
        double p = 0;
        double adjusted = 0;
        file >> name >> users >> buyers >> word >> conversion >> low >> high >> p >> adjusted;
        const auto row = std::ranges::find(report.cities, name, &CityRow::city);
        ASSERT_NE(row, report.cities.end()) << name;
        SCOPED_TRACE(name);
        EXPECT_EQ(row->figures.users, users);
        EXPECT_EQ(row->figures.buyers, buyers);
        same(row->figures.conversion_percent, conversion);
        same(row->figures.conversion_low_percent, low);
        same(row->figures.conversion_high_percent, high);
        same(row->p_value, p);
        same(row->p_value_adjusted, adjusted);
    }

    EXPECT_EQ(channels, 5U);
    EXPECT_EQ(report.cities.size(), 5U);
}

}  // namespace
}  // namespace footfall
