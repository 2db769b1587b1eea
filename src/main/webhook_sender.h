#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "support/clock.h"
#include "support/http.h"
#include "support/random.h"
#include "support/retry.h"

namespace footfall {

struct RowsAnswer {
    struct Rejection {
        std::uint64_t index = 0;  // of the event in the request
        std::string message;
    };
    std::uint64_t accepted = 0;
    std::uint64_t rejected = 0;
    std::vector<Rejection> rejections;  // the first ones, as far as the server lists them
};

// WebhookSender: sends bodies to one webhook, each until it is taken.
// Threads: one at a time.
// Blocks: until the answer is there; while the server is busy or away, up to kGiveUpAfter.
// Errors: kUnavailable when it was not taken in that time | kMalformed, kTooLarge … when the server
//   refuses the request as a whole, with its words.
class WebhookSender {
  public:
    static constexpr std::chrono::seconds kGiveUpAfter{60};

    // Errors: kInvalidArgument naming what is wrong in the URL.
    [[nodiscard]] static Result<WebhookSender> create(const std::string& base_url,
                                                      const Clock& clock);
    // `ndjson`: a line each event.
    [[nodiscard]] Result<RowsAnswer> send(std::string ndjson);

  private:
    WebhookSender(HttpClient client, const Clock& clock);
    std::chrono::nanoseconds pauseBefore(unsigned attempt, const Result<HttpResponse>& response);

    HttpClient client_;
    const Clock& clock_;
    Random random_{randomSeed()};
};

}  // namespace footfall
