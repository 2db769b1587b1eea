#include "main/stop_signals.h"

#include <cerrno>
#include <csignal>

namespace footfall {
namespace {

sigset_t stopSignals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    return signals;
}

}  // namespace

StopSignals::StopSignals() {
    const sigset_t signals = stopSignals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

StopSignals::~StopSignals() {
    letNextOneKill();
}

bool StopSignals::waitFor(std::chrono::milliseconds timeout) {
    const sigset_t signals = stopSignals();
    const timespec limit = {.tv_sec = timeout.count() / 1000,
                            .tv_nsec = timeout.count() % 1000 * 1'000'000};
    return sigtimedwait(&signals, nullptr, &limit) > 0;
}

void StopSignals::wait() {
    const sigset_t signals = stopSignals();
    int received = 0;
    while (sigwait(&signals, &received) != 0) continue;
}

void StopSignals::letNextOneKill() {
    const sigset_t signals = stopSignals();
    pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

}  // namespace footfall
