#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "support/random.h"
#include "tests/simulation/ledger.h"

namespace footfall {

// A body for POST /webhook, and what is right to answer to it when there is room.
struct MadeRequest {
    std::string body;
    std::vector<SentEvent> valid;
    std::uint32_t rejected = 0;
    unsigned status = 202;
};

// RequestMaker: what clients send: new events and ids seen just now or long ago, the same or with
// another payload, poisonous ones and mended ones; bad events beside good ones, bodies that are
// wrong as a whole, in each of the shapes that the webhook takes.
// Threads: one.
class RequestMaker {
  public:
    explicit RequestMaker(Random random) : random_(random) {}
    MadeRequest next();

  private:
    SentEvent event();
    SentEvent again(std::uint64_t number);
    std::string bodyOf(const std::vector<std::string>& events);

    Random random_;
    std::vector<SentEvent> last_sent_;  // by number
};

}  // namespace footfall
