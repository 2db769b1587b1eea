#pragma once

#include <optional>
#include <string>

#include "report/report_parameters.h"

namespace footfall {

// Whom a report is compared with, as asked for by compare and compare_from, compare_to,
// compare_city, compare_device and compare_channel.
struct ComparisonAsked {
    std::optional<ComparedWith> with;  // compare=previous|others
    ReportParameters other;            // what the parameters beside `compare` name; else empty

    bool namesOther() const;
};

// The other side in full: what is not asked for otherwise is as in `parameters`. nullopt: no
// comparison is asked for. Errors: kInvalidArgument naming the parameter that does not fit.
[[nodiscard]] Result<std::optional<Comparand>> comparandOf(const ReportParameters& parameters,
                                                           const ComparisonAsked& asked);

}  // namespace footfall
