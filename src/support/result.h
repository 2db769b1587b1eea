#pragma once

#include <expected>
#include <string>
#include <utility>

namespace footfall {

// Why something that can fail did. One enum for the project; the comment says who sees it.
enum class Code {
    kInvalidArgument,   // a flag, parameter or option has a wrong value; the text names it
    kMalformed,         // bytes that are not what they should be: JSON, CSV, TOML, HTTP framing
    kNotFound,          // a file, journey or route that is not there
    kTooLarge,          // a body, an event or a queue entry over its limit
    kQueueFull,         // the bounded queue has no room now
    kDeadlineExceeded,  // not done in the time that was given
    kClosed,            // the other side has shut down
    kUnavailable,       // a database, disk or peer that may come back: transient
    kContent,           // the database refuses these rows for what they hold; resending cannot help
    kFatal,             // the database object is unusable until it is reopened
    kUnknownOutcome,    // a commit may or may not have happened; reopen and compare applied()
    kIo,                // a file operation failed; the text holds errno's words
    kInternal,          // a bug, caught at a border
};

// Errors are values. `what` is one sentence for a person: what failed, on what, and the fix.
struct Error {
    Code code;
    std::string what;
};

template <class T>
using Result = std::expected<T, Error>;

// return fail(Code::kNotFound, fmt::format("no journey named {}", name));
inline std::unexpected<Error> fail(Code code, std::string what) {
    return std::unexpected(Error{code, std::move(what)});
}

// Whether the same call can succeed later. The retry loops ask this and nothing else.
constexpr bool isRetryable(Code code) {
    return code == Code::kUnavailable || code == Code::kQueueFull;
}

}  // namespace footfall
