#pragma once

#include <string>
#include <string_view>

#include "support/http.h"

namespace footfall {

// How an answer depends on the request and the connection it goes back on.
struct AnswerForm {
    bool is_http_1_1 = true;
    bool keep_alive = true;
    bool head_only = false;  // the request was a HEAD: the length is said, the body is not sent
    std::string_view date;   // "Mon, 02 Mar 2026 09:30:00 GMT"
};

// Appends the bytes of the answer. REQUIRES: headers without line breaks.
void appendAnswer(std::string& out, const HttpResponse& response, const AnswerForm& form);

// Of now, in the form of HTTP.
std::string httpDate();

}  // namespace footfall
