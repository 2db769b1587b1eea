#pragma once

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "event_producer/webhook_client.h"
#include "support/mutex.h"
#include "tests/fakes/fake_clock.h"

namespace footfall {

// FakeWebhook: takes what the Driver sends, and gives the answers that a test put in line, then
// 202. Threads: all members, any thread.   Lifetime: outlives the clients that connect() hands out.
class FakeWebhook {
  public:
    // Each call takes that long on the clock.
    FakeWebhook(FakeClock& clock, std::chrono::milliseconds response_time)
        : clock_(clock), response_time_(response_time) {}

    void answerNext(Result<WebhookAnswer> answer, int times = 1) {
        const MutexLock lock(mutex_);
        for (; times > 0; --times) answers_.push_back(answer);
    }
    ConnectWebhook connect() {
        return [this]() -> Result<std::unique_ptr<WebhookClient>> {
            const MutexLock lock(mutex_);
            bodies_.emplace_back();
            return std::make_unique<Client>(*this, bodies_.size() - 1);
        };
    }
    // By client, in the order of their connecting; each attempt's body in its order.
    std::vector<std::vector<std::string>> bodies() const {
        const MutexLock lock(mutex_);
        return bodies_;
    }

  private:
    class Client final : public WebhookClient {
      public:
        Client(FakeWebhook& webhook, std::size_t index) : webhook_(webhook), index_(index) {}
        Result<WebhookAnswer> post(const std::string& body) override {
            return webhook_.take(index_, body);
        }

      private:
        FakeWebhook& webhook_;
        std::size_t index_;
    };

    Result<WebhookAnswer> take(std::size_t client, const std::string& body) {
        clock_.advance(response_time_);
        const MutexLock lock(mutex_);
        bodies_[client].push_back(body);
        if (answers_.empty()) return WebhookAnswer{.status = 202, .retry_after = {}, .body = "{}"};
        Result<WebhookAnswer> answer = std::move(answers_.front());
        answers_.pop_front();
        return answer;
    }

    FakeClock& clock_;
    std::chrono::milliseconds response_time_;
    mutable Mutex mutex_;
    std::deque<Result<WebhookAnswer>> answers_ GUARDED_BY(mutex_);
    std::vector<std::vector<std::string>> bodies_ GUARDED_BY(mutex_);
};

}  // namespace footfall
