#pragma once

namespace footfall {

// FOOTFALL_CRASH_AT=point:n kills the process with SIGKILL when it passes the named point for the
// n-th time: what a crash test cannot hit by chance. FOOTFALL_STALL_AT=point:n makes that thread
// wait for ever instead, as a disk or a database that hangs does. Compiled in by the CMake option
// FOOTFALL_CRASH_POINTS only; without it a point is nothing at all.
// tests/end_to_end/crash_points_test.py kills a server at every one, and fails where it knows one
// that is not there, or does not know one that is.
// Threads: any.   Source: redpanda:src/v/finjector/hbadger.h.
#if defined(FOOTFALL_CRASH_POINTS)
void crashPoint(const char* name);
#else
inline void crashPoint(const char*) {}
#endif

}  // namespace footfall
