#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "event/raw_event.h"

namespace footfall {

// PropertyMerger: makes the one JSON object that is stored as an event's properties out of the
// fields that have no meaning of their own, `properties`, and the id as it was sent.
// Threads: one at a time.   Lifetime: reused, so that its buffers are.
// Rule: of several members of one name the last wins, in that order of the three. Values stay as
// they were sent, to the byte.   Cost: a sort of the members.
class PropertyMerger {
  public:
    // "" when there is nothing. `sent_id` becomes "$event_id", unless null. The view is good as
    // long as the event's and until the next call.
    std::string_view merge(const RawEvent& event, const JsonValue* sent_id);

  private:
    struct Member {
        std::string_view key;
        std::string_view raw_key;
        std::string_view raw_value;
        bool replaced = false;
    };
    void add(const std::vector<JsonMember>& members);
    // Whether any was replaced.
    bool markReplaced();
    void write();

    std::vector<Member> members_;
    std::vector<std::size_t> order_;
    std::string merged_;
};

}  // namespace footfall
