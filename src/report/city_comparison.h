#pragma once

#include <optional>
#include <string>

#include "report/city_figures.h"
#include "report/number_text.h"
#include "report/report_parameters.h"

// Each city beside itself in another period or group. docs/reports.md says what every number means.
namespace footfall {

struct CityReport;

// The other side's figures, and how this side's conversion differs from theirs.
struct ComparedFigures {
    CityFigures figures;
    std::optional<double> difference_points;
    std::optional<double> p_value;
    std::optional<double> p_value_adjusted;  // of cities only

    bool isClear() const;  // and not by chance
};

struct CityComparison {
    struct Worst {
        std::string city;
        double percent = 0;
        double other_percent = 0;
        bool is_clear = false;
    };
    Comparand comparand;
    ComparedFigures overall;
    std::optional<Worst> worst;  // the city that lost most; a clear one before all others
};

// The report with its comparison, each city's in its row. `other`: of the comparand's parameters.
CityReport compareCities(const CityReport& report, const Comparand& comparand,
                         const CityReport& other);

// What the comparison comes to, in one sentence. REQUIRES: the report has one.
std::string headlineOf(const CityReport& report, TextStyle style);

}  // namespace footfall
