#pragma once

namespace footfall {

// FOOTFALL_CRASH_AT=point:n kills the process with SIGKILL when it passes the named point for the
// n-th time: what a crash test cannot hit by chance. Compiled in by the CMake option
// FOOTFALL_CRASH_POINTS only; without it a point is nothing at all.
// Threads: any.   Source: redpanda:src/v/finjector/hbadger.h.
#if defined(FOOTFALL_CRASH_POINTS)
void crashPoint(const char* name);
#else
inline void crashPoint(const char*) {}
#endif

}  // namespace footfall
