#pragma once

#include <cstddef>

#include <pthread.h>

namespace footfall {

// Names the thread that calls it, for `top -H`, debuggers and profilers.
// Bounds: 15 characters, as the kernel keeps no more.
template <std::size_t kSize>
void nameThisThread(const char (&name)[kSize]) {
    static_assert(kSize <= 16, "the kernel keeps 15 characters");
    // Of the calling thread and with such a name it cannot fail.
    (void)pthread_setname_np(pthread_self(), name);
}

}  // namespace footfall
