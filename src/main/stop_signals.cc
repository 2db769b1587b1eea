#include "main/stop_signals.h"

#include <condition_variable>
#include <csignal>
#include <mutex>

namespace footfall {
namespace {

// How soon the watcher notices that nobody needs it any more.
constexpr timespec kLookEvery = {.tv_sec = 0, .tv_nsec = 100'000'000};

sigset_t stopSignals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    return signals;
}

void waitFor(const std::stop_token& token) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any().wait(lock, token, [] { return false; });
}

}  // namespace

StopSignals::StopSignals() {
    const sigset_t signals = stopSignals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    watcher_ = std::jthread([this](std::stop_token ended) { watch(ended); });
}

StopSignals::~StopSignals() {
    watcher_.request_stop();
    watcher_.join();
    const sigset_t signals = stopSignals();
    pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

void StopSignals::wait() const {
    waitFor(token());
}

void StopSignals::watch(const std::stop_token& ended) {
    const sigset_t signals = stopSignals();
    while (!ended.stop_requested()) {
        if (sigtimedwait(&signals, nullptr, &kLookEvery) <= 0) continue;
        stop_.request_stop();
        // The next one kills, and needs a thread that lives to do it.
        pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
        return waitFor(ended);
    }
}

}  // namespace footfall
