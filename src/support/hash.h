#pragma once

// XXH3 as a part of the code that calls it. Texts of events are short, and a call into the library
// costs more than to hash them.
#define XXH_INLINE_ALL
#include <xxhash.h>
