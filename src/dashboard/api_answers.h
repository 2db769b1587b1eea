#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "support/http.h"
#include "support/result.h"

// The answers of the API's routes. docs/api.md has their shapes.
namespace footfall {

HttpResponse errorAnswer(const Error& error);
HttpResponse textAnswer(std::string_view content_type, std::string body);
HttpResponse jsonAnswer(const nlohmann::ordered_json& json);
// 429; to be asked again in a second.
HttpResponse busyAnswer(std::string_view code, std::string_view message);
// To a client that has gone while its request waited for its turn.
HttpResponse abandonedAnswer();

}  // namespace footfall
