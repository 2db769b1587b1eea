#include "event_producer/driver_summary.h"

#include <algorithm>

#include <fmt/format.h>

namespace footfall {
namespace {

constexpr std::size_t kBarWidth = 24;

// 1234567 -> "1,234,567", in any locale.
std::string grouped(std::uint64_t number) {
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
    return text;
}

double milliseconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double, std::milli>(time).count();
}

std::string renderTimes(const ResponseTimes& times) {
    return fmt::format("p50 {:.2f}  p90 {:.2f}  p99 {:.2f}  p99.9 {:.2f}  max {:.2f} ms",
                       milliseconds(times.percentile(0.5)), milliseconds(times.percentile(0.9)),
                       milliseconds(times.percentile(0.99)), milliseconds(times.percentile(0.999)),
                       milliseconds(times.percentile(1)));
}

std::string renderRetries(const DriverSummary& summary) {
    std::string text = grouped(summary.retryCount()) + " retries";
    std::string_view separator = " (";
    for (const auto& [reason, count] : summary.retries) {
        text += fmt::format("{}{}: {}", separator, reason, grouped(count));
        separator = ", ";
    }
    return summary.retries.empty() ? text : text + ")";
}

std::string renderLosses(const DriverSummary& summary) {
    if (summary.complete()) return "every event was delivered";
    return fmt::format(
        "NOT stored: {} rejected as invalid, {} refused, {} not delivered\n"
        "  first problem: {}",
        grouped(summary.events_rejected), grouped(summary.events_refused),
        grouped(summary.events_undelivered), summary.first_problem);
}

}  // namespace

DriverSummary& DriverSummary::operator+=(const DriverSummary& other) {
    users += other.users;
    events_sent += other.events_sent;
    duplicates_sent += other.duplicates_sent;
    out_of_order_sent += other.out_of_order_sent;
    events_delivered += other.events_delivered;
    events_rejected += other.events_rejected;
    events_refused += other.events_refused;
    events_undelivered += other.events_undelivered;
    requests += other.requests;
    attempts += other.attempts;
    for (const auto& [reason, count] : other.retries) retries[reason] += count;
    if (first_problem.empty()) first_problem = other.first_problem;
    service_times.merge(other.service_times);
    intended_times.merge(other.intended_times);
    elapsed = std::max(elapsed, other.elapsed);
    return *this;
}

std::uint64_t DriverSummary::retryCount() const {
    std::uint64_t sum = 0;
    for (const auto& [reason, count] : retries) sum += count;
    return sum;
}

double DriverSummary::eventsPerSecond() const {
    const double seconds = std::chrono::duration<double>(elapsed).count();
    return seconds > 0 ? static_cast<double>(events_sent) / seconds : 0;
}

std::string renderSummary(const DriverSummary& summary) {
    return fmt::format(
        "{} events of {} users sent in {:.1f} s ({} events/s)\n"
        "  of them {} duplicates, {} out of order; {}\n"
        "  {} requests, {}, {} calls in all\n"
        "  response time       {}\n"
        "  since it was due    {}\n",
        grouped(summary.events_sent), grouped(summary.users),
        std::chrono::duration<double>(summary.elapsed).count(),
        grouped(static_cast<std::uint64_t>(summary.eventsPerSecond())),
        grouped(summary.duplicates_sent), grouped(summary.out_of_order_sent), renderLosses(summary),
        grouped(summary.requests), renderRetries(summary), grouped(summary.attempts),
        renderTimes(summary.service_times), renderTimes(summary.intended_times));
}

std::string renderProgress(const DriverSummary& so_far, std::uint64_t users, bool terminal) {
    const double share =
        users > 0 ? static_cast<double>(so_far.users) / static_cast<double>(users) : 1.0;
    std::string bar;
    if (terminal) {
        bar.assign(kBarWidth, ' ');
        std::fill_n(bar.begin(), static_cast<std::size_t>(share * kBarWidth), '#');
        bar = "[" + bar + "] ";
    }
    return fmt::format("{}{:3.0f} %  {} events, {}/s, p50 {:.2f} ms, p99 {:.2f} ms, {}", bar,
                       100 * share, grouped(so_far.events_sent),
                       grouped(static_cast<std::uint64_t>(so_far.eventsPerSecond())),
                       milliseconds(so_far.service_times.percentile(0.5)),
                       milliseconds(so_far.service_times.percentile(0.99)), renderRetries(so_far));
}

}  // namespace footfall
