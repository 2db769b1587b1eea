#pragma once

#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "report/report_parameters.h"

namespace footfall {

using QueryParameters = std::map<std::string, std::string, std::less<>>;

// The parameters of a URL by name. Errors: kInvalidArgument naming one that is repeated or not
// among `known`.
[[nodiscard]] Result<QueryParameters> parseQuery(std::span<const QueryPair> query,
                                                 std::initializer_list<std::string_view> known);

// format=table|csv|json|markdown, by default json. Errors: kInvalidArgument.
[[nodiscard]] Result<ReportFormat> formatOf(const QueryParameters& parameters);

// top=N, from 1 to 1,000, by default 20. Errors: kInvalidArgument.
[[nodiscard]] Result<std::size_t> topOf(const QueryParameters& parameters);

// Of a body that is SQL itself, or {"sql": "…"}: SQL never begins with a brace. Errors:
// kInvalidArgument.
[[nodiscard]] Result<std::string> sqlOf(const std::string& body);

}  // namespace footfall
