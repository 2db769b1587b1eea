#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "support/random.h"

namespace footfall::bench {

// The canonical workload: events of about 330 bytes as a busy shop's clients send them. 36-byte ids
// of users and events, 2,000 cities, order ids, properties; 5 % of the events are over 30 days old
// and 1 % are sent a second time.
struct Workload {
    std::size_t batch_events = 100;
    std::uint64_t seed = 1;  // of a run: ids of two seeds never meet
    std::uint64_t users = 1'000'000;
    std::uint64_t cities = 2'000;
    double late_share = 0.05;
    double duplicate_share = 0.01;
};

// EventBodies: one connection's POST request, headers and body in one buffer, built once. For each
// request only the bytes that differ are written over, so that the client costs about 60 ns an
// event and what is measured is the server. Threads: one at a time.
class EventBodies {
  public:
    EventBodies(const Workload& workload, std::uint64_t connection);

    // The next request, to be sent as it is (again, if it was refused). Events that keep the bytes
    // of the request before are the duplicates.
    const std::string& next();
    const std::string& current() const { return request_; }
    // Distinct ids in all requests so far, the current one included.
    std::uint64_t distinctEvents() const { return distinct_events_; }

  private:
    // Where in the buffer the bytes of one event stand that change.
    struct Slot {
        std::size_t event_id;
        std::size_t user_id;
        std::size_t city;
        std::size_t time;
        std::size_t session_id;
        std::size_t order_id;  // 0: none in this event
    };
    void patch(const Slot& slot);
    void writeHex(std::size_t at, std::uint64_t value, std::size_t digits);

    Workload workload_;
    Random random_;
    std::uint64_t id_high_;  // of all ids of this connection
    std::uint64_t next_id_ = 0;
    std::uint64_t distinct_events_ = 0;
    bool first_ = true;
    std::string request_;
    std::vector<Slot> slots_;
};

}  // namespace footfall::bench
