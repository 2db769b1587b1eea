#include "dashboard/live_feed.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "support/random.h"

namespace footfall {
namespace {

using Json = nlohmann::ordered_json;
using Seconds = std::chrono::duration<double>;

template <class T>
Json orNull(const std::optional<T>& value) {
    return value ? Json(*value) : Json();
}

Json eventOf(const LastEvent& event, Json stage, std::string person) {
    return {{"sequence", event.sequence},
            {"received_at", formatUtc(event.received_at)},
            {"timestamp", formatUtc(event.timestamp)},
            {"event_type", event.event_type},
            {"stage", std::move(stage)},
            {"city", event.city},
            {"device", orNull(event.device)},
            {"channel", orNull(event.channel)},
            {"person", std::move(person)}};
}

}  // namespace

LiveFeed::LiveFeed(LiveFeedOptions options, Database& database, const Clock& clock)
    : options_(std::move(options)), database_(database), clock_(clock), mask_(randomSeed()) {
    for (const Stage& stage : options_.journey.stages)
        for (const std::string& type : stage.event_types) stage_of_[type] = stage.name;
}

std::shared_ptr<HttpStream> LiveFeed::join() {
    auto stream = std::make_shared<HttpStream>();
    {
        const MutexLock lock(mutex_);
        std::erase_if(streams_, [](const auto& open) { return open.expired(); });
        if (streams_.size() >= options_.streams_max) return nullptr;
        streams_.push_back(stream);
        if (latest_) stream->offer(latest_);
    }
    joined_.notify_one();
    return stream;
}

bool LiveFeed::tellOnce() {
    const auto piece = std::make_shared<const std::string>(message());
    std::vector<std::shared_ptr<HttpStream>> open;
    {
        const MutexLock lock(mutex_);
        for (const auto& stream : streams_)
            if (auto listening = stream.lock()) open.push_back(std::move(listening));
        streams_.assign(open.begin(), open.end());
        latest_ = open.empty() ? nullptr : piece;
    }
    for (const auto& stream : open) stream->offer(piece);
    return !open.empty();
}

void LiveFeed::run(std::stop_token stop) {
    while (true) {
        {
            MutexLock lock(mutex_);
            if (!joined_.wait(lock, stop, [this]() REQUIRES(mutex_) { return !streams_.empty(); }))
                return;
        }
        if (!tellOnce()) {
            before_.reset();  // the next message is of another time
            continue;
        }
        MutexLock lock(mutex_);
        joined_.wait_for(lock, stop, options_.interval, [] { return false; });
        if (stop.stop_requested()) return;
    }
}

std::string LiveFeed::message() {
    const UtcTime now = clock_.utcNow();
    const Result<Audit> audit = options_.audit();
    Json json = {
        {"at", formatUtc(now)},          {"unavailable", audit ? Json() : Json(audit.error().what)},
        {"accepted_per_second", Json()}, {"stored_per_second", Json()},
        {"freshness_s", Json()},         {"audit", Json()}};
    if (audit) {
        readEvents(audit->applied.last);
        json["freshness_s"] = orNull(freshnessSeconds(*audit, now));
        json["audit"] = Json::parse(toJson(*audit));
    }
    const std::optional<Sample> sample = audit ? std::optional(sampleOf(*audit)) : std::nullopt;
    if (before_ && sample && sample->at > before_->at) {
        json["accepted_per_second"] = perSecond(*before_, *sample, &Sample::accepted);
        json["stored_per_second"] = perSecond(*before_, *sample, &Sample::stored);
    }
    before_ = sample;
    json["events"] = Json::array();
    for (const LastEvent& event : events_) {
        const auto stage = stage_of_.find(event.event_type);
        json["events"].push_back(eventOf(
            event, stage == stage_of_.end() ? Json() : Json(stage->second), masked(event.person)));
    }
    return "data: " + json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n\n";
}

LiveFeed::Sample LiveFeed::sampleOf(const Audit& audit) const {
    return {.at = clock_.steadyNow(),
            .accepted = audit.last_accepted.value,
            .stored = audit.applied.totals.stored};
}

// Tells the same person again, and nothing else.
std::string LiveFeed::masked(std::int64_t person) const {
    return fmt::format("{:06x}", mixBits(static_cast<std::uint64_t>(person) ^ mask_) >> 40);
}

double LiveFeed::perSecond(const Sample& before, const Sample& now, std::uint64_t Sample::* count) {
    return static_cast<double>(now.*count - before.*count) / Seconds(now.at - before.at).count();
}

// What cannot be read now is read by one of the next messages.
void LiveFeed::readEvents(SequenceNumber applied) {
    if (events_at_ == applied) return;
    auto events = lastEvents(database_, options_.query_timeout);
    if (!events) return;
    events_ = std::move(*events);
    events_at_ = applied;
}

// Everything that was accepted until the last stored event came is stored; so is everything until
// the moment when nothing was on the way.
std::optional<double> LiveFeed::freshnessSeconds(const Audit& audit, UtcTime now) {
    if (audit.inFlight() == 0) caught_up_at_ = now;
    std::optional<UtcTime> until = caught_up_at_;
    if (!events_.empty()) until = std::max(until.value_or(UtcTime()), events_.front().received_at);
    if (!until) return std::nullopt;
    return std::max(0.0, Seconds(now - *until).count());
}

}  // namespace footfall
