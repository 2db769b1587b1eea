#pragma once

#include "event/event_json.h"
#include "support/http.h"
#include "support/result.h"

namespace footfall {

// The answers that depend on what the parser found; the shapes are those of docs/api.md.

// 202 when at least one event is valid, else 422.
HttpResponse answerTo(const ParseOutcome& outcome);
// For a body that is refused as a whole: 400, 413, or 422 when it holds no events.
HttpResponse answerTo(const Error& parse_error);

}  // namespace footfall
