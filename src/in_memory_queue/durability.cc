#include "in_memory_queue/durability.h"

#include "support/check.h"

namespace footfall {

std::string_view toString(Durability durability) {
    switch (durability) {
        case Durability::kNone:
            return "none";
        case Durability::kOs:
            return "os";
        case Durability::kFsync:
            return "fsync";
    }
    CHECK(false, "every durability has a name");
}

}  // namespace footfall
