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
// they were sent, to the byte.   Cost: a sort of the members, if they are more than a few.
class PropertyMerger {
  public:
    struct Unread {
        // The other names of the event type after this one have not been read, and join.
        EventField event_type_read_from = EventField::kStage;
        bool event_id = false;  // it was no UUID, and joins as "$event_id"
    };
    // "" when there is nothing. The view is good as long as the event's and until the next call.
    std::string_view merge(const RawEvent& event, Unread unread);

  private:
    struct Member {
        std::string_view key;
        std::string_view raw_key;
        std::string_view raw_value;
        bool replaced = false;
    };
    void add(const JsonMember& member);
    void addUnreadEventTypes(const RawEvent& event, EventField read_from);
    // false: no two members have one name.
    bool anyNameTwice() const;
    // Whether any was replaced.
    bool markReplaced();
    void write();

    std::vector<Member> members_;
    std::vector<std::size_t> order_;
    std::string merged_;
};

}  // namespace footfall
