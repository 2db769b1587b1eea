#include "bench/event_bodies.h"

#include <array>

#include <fmt/format.h>

#include "support/clock.h"

namespace footfall::bench {
namespace {

// How often a shop sees each stage, in ten events.
constexpr std::array<std::string_view, 10> kEventTypes = {
    "access_app",     "view_products", "view_products", "select_product", "select_product",
    "select_product", "view_products", "add_to_cart",   "begin_checkout", "place_order"};
constexpr std::array<std::string_view, 3> kDevices = {"android", "ios", "web"};
constexpr std::array<std::string_view, 4> kChannels = {"organic", "ads", "push", "email"};
constexpr std::size_t kTimeDigits = 5;  // of the milliseconds: events spread over the last 100 s

// Text of `size` marks, found again to learn where the field stands.
std::string marks(char mark, std::size_t size) {
    return std::string(size, mark);
}

}  // namespace

EventBodies::EventBodies(const Workload& workload, std::uint64_t connection)
    : workload_(workload),
      random_(Random::of(workload.seed, connection)),
      id_high_(random_.next() & 0xffffffffULL) {
    const std::int64_t now_ms = microsSinceEpoch(SystemClock().utcNow()) / 1'000;
    std::string body = "[";
    for (std::size_t i = 0; i < workload_.batch_events; ++i) {
        const bool late = random_.chance(workload_.late_share);
        const std::int64_t day_ms = 86'400'000;
        const std::int64_t time_ms = now_ms - 100'000 - (late ? 40 * day_ms : 0);
        const std::string_view type = kEventTypes[(i * 7 + connection) % kEventTypes.size()];
        const std::string order =
            type == "place_order" ? fmt::format(R"(,"order_id":"ord-{}")", marks('%', 12)) : "";
        body += fmt::format(
            R"({}{{"event_id":"{:08x}-0000-4000-{}-{}","user_id":"5f0e7a1c-93d2-4b6e-8a51-{}",)"
            R"("session_id":"s-{}","event_type":"{}","city":"City{}","timestamp":{}{},)"
            R"("device":"{}","channel":"{}","product_id":"p-{:05}","amount":{}.{:02}{},)"
            R"("properties":{{"page":"/p/{}","ab_test":"b{}"}}}})",
            i == 0 ? "" : ",", id_high_, marks('@', 4), marks('@', 12), marks('#', 12),
            marks('!', 12), type, marks('~', 3), time_ms / 100'000, marks('^', kTimeDigits),
            kDevices[i % 3], kChannels[i % 4], (i * 7919) % 20'000, 5 + i * 37 % 900, i * 13 % 100,
            order, i % 5'000, i % 4);
    }
    body += "]";
    request_ = fmt::format(
        "POST /webhook HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Content-Length: {}\r\n\r\n{}",
        body.size(), body);

    std::size_t from = 0;
    for (std::size_t i = 0; i < workload_.batch_events; ++i) {
        Slot slot{};
        slot.event_id = request_.find('@', from);
        slot.user_id = request_.find('#', slot.event_id);
        slot.session_id = request_.find('!', slot.user_id);
        slot.city = request_.find('~', slot.session_id);
        slot.time = request_.find('^', slot.city);
        const std::size_t end = request_.find('}', slot.time);
        const std::size_t order = request_.find('%', slot.time);
        slot.order_id = order < end ? order : 0;
        from = end;
        slots_.push_back(slot);
    }
}

const std::string& EventBodies::next() {
    for (const Slot& slot : slots_)
        if (first_ || !random_.chance(workload_.duplicate_share)) patch(slot);
    first_ = false;
    return request_;
}

void EventBodies::patch(const Slot& slot) {
    // A bijection of the counter: unique, and as spread as real ids.
    const std::uint64_t id = mixBits(next_id_++);
    ++distinct_events_;
    writeHex(slot.event_id, id >> 48, 4);
    writeHex(slot.event_id + 5, id, 12);
    const std::uint64_t user = random_.below(workload_.users);
    writeHex(slot.user_id, mixBits(user), 12);
    writeHex(slot.session_id, mixBits(user * 8 + random_.below(4)), 12);
    if (slot.order_id != 0) writeHex(slot.order_id, id, 12);
    std::uint64_t city = mixBits(user) % workload_.cities;
    for (std::size_t i = 0; i < 3; ++i, city /= 13)
        request_[slot.city + i] = static_cast<char>('a' + city % 13);
    std::uint64_t time = random_.below(100'000);
    for (std::size_t i = kTimeDigits; i-- > 0; time /= 10)
        request_[slot.time + i] = static_cast<char>('0' + time % 10);
}

void EventBodies::writeHex(std::size_t at, std::uint64_t value, std::size_t digits) {
    static constexpr char kHex[] = "0123456789abcdef";
    for (std::size_t i = digits; i-- > 0; value >>= 4) request_[at + i] = kHex[value & 15];
}

}  // namespace footfall::bench
