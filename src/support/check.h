#pragma once

namespace footfall {

// Prints the place and the message to stderr and aborts. Use CHECK.
[[noreturn]] void checkFailed(const char* file, int line, const char* condition,
                              const char* message);

}  // namespace footfall

// CHECK(condition, "what it would mean"): a bug if false. On in release builds as well: going on in
// a state that cannot be would lose or invent events.
#define CHECK(condition, message)                                             \
    do {                                                                      \
        if (!(condition)) [[unlikely]]                                        \
            ::footfall::checkFailed(__FILE__, __LINE__, #condition, message); \
    } while (false)
