#include "event/property_merger.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "support/same_text.h"

namespace footfall {

std::string_view PropertyMerger::merge(const RawEvent& event, Unread unread) {
    members_.clear();
    addUnreadEventTypes(event, unread.event_type_read_from);
    for (const JsonMember& member : event.unknown) add(member);
    for (const JsonMember& member : event.properties) add(member);
    if (unread.event_id)
        members_.push_back({.key = "$event_id",
                            .raw_key = "\"$event_id\"",
                            .raw_value = event.field(EventField::kEventId).value.raw});
    if (members_.empty()) return {};

    const bool any_replaced = anyNameTwice() && markReplaced();
    if (!any_replaced && members_.size() == event.properties.size())
        return event.field(EventField::kProperties).value.raw;
    write();
    return merged_;
}

void PropertyMerger::add(const JsonMember& member) {
    members_.push_back(
        {.key = member.key.text, .raw_key = member.key.raw, .raw_value = member.value.raw});
}

void PropertyMerger::addUnreadEventTypes(const RawEvent& event, EventField read_from) {
    const auto* name = std::find(kEventTypeNames.begin(), kEventTypeNames.end(), read_from);
    while (++name < kEventTypeNames.end())
        if (!event.field(*name).value.isAbsent()) add(event.field(*name));
}

// Of a few members each is compared with each, which costs less than to sort them; of many it is
// not known.
bool PropertyMerger::anyNameTwice() const {
    constexpr std::size_t kFew = 8;
    if (members_.size() > kFew) return true;
    for (std::size_t i = 1; i < members_.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (sameText(members_[i].key, members_[j].key)) return true;
    return false;
}

bool PropertyMerger::markReplaced() {
    order_.resize(members_.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
        return std::tie(members_[a].key, a) < std::tie(members_[b].key, b);
    });
    bool any = false;
    for (std::size_t i = 0; i + 1 < order_.size(); ++i) {
        if (members_[order_[i]].key != members_[order_[i + 1]].key) continue;
        members_[order_[i]].replaced = true;
        any = true;
    }
    return any;
}

void PropertyMerger::write() {
    merged_ = "{";
    for (const Member& member : members_) {
        if (member.replaced) continue;
        if (merged_.size() > 1) merged_ += ',';
        merged_ += member.raw_key;
        merged_ += ':';
        merged_ += member.raw_value;
    }
    merged_ += '}';
}

}  // namespace footfall
