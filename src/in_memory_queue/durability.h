#pragma once

#include <string_view>

namespace footfall {

// How much an answer of 202 promises.
enum class Durability {
    kNone,   // in memory: a crash loses what is in flight
    kOs,     // handed to the operating system: outlives the process, not a power loss
    kFsync,  // on the disk
};
std::string_view toString(Durability durability);

}  // namespace footfall
