#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "dashboard/audit.h"
#include "dashboard/last_events.h"
#include "database/database.h"
#include "event/journey.h"
#include "support/clock.h"
#include "support/http_stream.h"
#include "support/mutex.h"
#include "support/time_text.h"

namespace footfall {

struct LiveFeedOptions {
    std::function<Result<Audit>()> audit;  // an error: the database is away
    Journey journey;                       // whose stages the events are given
    std::size_t streams_max = 64;
    std::chrono::milliseconds interval{1000};
    std::chrono::milliseconds query_timeout{2000};
};

// LiveFeed: tells all streams of GET /api/v1/live what comes in and is stored. docs/api.md has the
// messages; each is whole, and one is made for all.
// Threads: join() any; tellOnce() one at a time; run() is its loop for a std::jthread.
// Blocks: join() never; tellOnce() while the database is asked, which it is only while somebody
//   listens and something was stored.
// Bounds: streams_max streams, the message before and the events in it.
class LiveFeed {
  public:
    LiveFeed(LiveFeedOptions options, Database& database, const Clock& clock);

    // A stream that gets every message from now on. Null when streams_max are open.
    std::shared_ptr<HttpStream> join();
    // One message to everybody. False when nobody listens any more.
    bool tellOnce();
    void run(std::stop_token stop);

  private:
    // The counters when the message before was made.
    struct Sample {
        SteadyTime at;
        std::uint64_t accepted = 0;
        std::uint64_t stored = 0;
    };

    std::string message();
    Sample sampleOf(const Audit& audit) const;
    std::string masked(std::int64_t person) const;
    static double perSecond(const Sample& before, const Sample& now, std::uint64_t Sample::* count);
    void readEvents(SequenceNumber applied);
    std::optional<double> freshnessSeconds(const Audit& audit, UtcTime now);

    // Constant after construction.
    const LiveFeedOptions options_;
    Database& database_;
    const Clock& clock_;
    const std::uint64_t mask_;  // no person is told by name
    std::map<std::string, std::string, std::less<>> stage_of_;

    // The telling thread's.
    std::optional<Sample> before_;
    std::optional<SequenceNumber> events_at_;  // where the database was when events_ were read
    std::vector<LastEvent> events_;
    std::optional<UtcTime> caught_up_at_;  // when nothing was on the way, last

    Mutex mutex_;
    std::condition_variable_any joined_;
    std::vector<std::weak_ptr<HttpStream>> streams_ GUARDED_BY(mutex_);
    HttpStream::Piece latest_ GUARDED_BY(mutex_);  // null: out of date
};

}  // namespace footfall
