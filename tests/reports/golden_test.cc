// Runs every tests/reports/*.test: events in, report out. golden_file.h has the form.
#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "report/city_page.h"
#include "report/render.h"
#include "support/check.h"
#include "tests/reports/golden_file.h"

namespace footfall {
namespace {

// What the API answers, without the API.
std::string answerTo(const GoldenReport& report, const GoldenFile& file, Database& database) {
    const TimeZone zone = *TimeZone::named("Asia/Kolkata");
    const auto request = parseReportRequest(report.query, zone);
    CHECK(request.has_value(), request.error().what.c_str());
    const ReportSettings settings{.zone = zone, .now = file.now};
    const auto& comparand = request->comparand;
    const auto text = [&](const auto& shown) {
        return render(shown, request->format, request->table);
    };
    const auto stages = [&](const ReportParameters& parameters) {
        return std::make_shared<const StageReport>(
            *computeStageReport(database, file.journey, parameters, settings));
    };
    const auto cities = [&](const ReportParameters& parameters) {
        return *computeCityReport(database, file.journey, parameters, settings);
    };
    if (report.name == "trend")
        return text(*computeTrendReport(database, file.journey, request->parameters, settings));
    if (report.name == "stages") {
        const auto here = stages(request->parameters);
        if (!comparand) return text(*here);
        return text(compareStages(*here, *comparand, stages(comparand->parameters)));
    }
    CHECK(report.name == "cities", "a report is stages, cities or trend");
    CityReport here = cities(request->parameters);
    if (comparand) here = compareCities(here, *comparand, cities(comparand->parameters));
    return text(pageOf(here, request->page));
}

std::vector<std::string> goldenFiles() {
    std::vector<std::string> paths;
    for (const auto& entry :
         std::filesystem::directory_iterator(FOOTFALL_SOURCE_DIR "/tests/reports"))
        if (entry.path().extension() == ".test") paths.push_back(entry.path().string());
    std::ranges::sort(paths);
    return paths;
}

TEST(Golden, eachFilesEventsGiveItsReports) {
    ReportStore store;
    const std::vector<std::string> paths = goldenFiles();
    ASSERT_FALSE(paths.empty());

    for (const std::string& path : paths) {
        SCOPED_TRACE(path);
        const GoldenFile file = readGoldenFile(path);
        store.replaceAll(file.events);
        for (const GoldenReport& report : file.reports)
            EXPECT_EQ(answerTo(report, file, store.database()), report.expected);
    }
}

}  // namespace
}  // namespace footfall
