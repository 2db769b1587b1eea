#include "tests/simulation/world.h"

#include <cstdio>

namespace footfall {

using std::chrono::milliseconds;

World::World(std::uint64_t seed, bool log, Tally& tally)
    : random_(Random::of(seed, 0)),
      logs_(log),
      tally_(tally),
      maker_(Random::of(seed, 1)),
      options_{.random_seed = seed,
               .segment_bytes = random_.chance(0.5) ? 4096U : 16'384U,
               .segments_max = 2 + random_.below(5),
               .queue_events_max = 10 + random_.below(60),
               .waiting_bytes_max = random_.chance(0.5) ? 1'000U : 64U << 20,
               .generation_ids = 1 + random_.below(40),
               .commit_rows = 10 + random_.below(60)} {}

std::string World::run() {
    for (std::uint64_t lives = 1 + random_.below(4); lives > 0 && violation_.empty(); --lives)
        liveOnce();
    if (violation_.empty()) liveInPeace();
    process_.reset();
    return violation_;
}

void World::liveOnce() {
    const std::uint64_t drawn = random_.below(10);
    const End how = drawn < 5 ? End::kPowerLost : drawn < 8 ? End::kKilled : End::kInOrder;
    if (how != End::kInOrder && random_.chance(0.6)) {
        inject(Injection::kStoppedAtOperation);
        machine_.disk.stopAfter(random_.below(150));
    }
    if (start())
        for (std::uint64_t steps = 20 + random_.below(80);
             steps > 0 && !process_->failed() && !machine_.disk.stopped(); --steps)
            act();
    end(how);
}

// The last life: it must come up, catch up, and take what is new.
void World::liveInPeace() {
    healEverything();
    if (!start()) return violate("it does not start on a machine in order");
    for (int step = 0; step < 20; ++step) {
        sendSome();
        syncGroup();
        consume();
    }
    if (!comesToRest()) return violate("it does not come to rest");
    MadeRequest probe;
    while (probe.valid.empty()) probe = maker_.next();
    const std::uint64_t sent = ledger_.requests();
    send(std::move(probe));
    syncGroup();
    if (ledger_.stateOf(sent) != Ledger::State::kAcknowledged)
        return violate("it takes nothing new although everything is stored");
    stopInOrder();
}

bool World::start() {
    ++life_;
    process_ = std::make_unique<Process>(machine_, options_, tally_);
    const Result<void> started = process_->start();
    if (started) {
        log("started");
        return true;
    }
    log("did not start: {}", started.error().what);
    inject(Injection::kStartFailed);
    if (started.error().code == Code::kFatal) violate(started.error().what);
    return false;
}

void World::act() {
    static const unsigned sum = [] {
        unsigned weights = 0;
        for (const Action& action : actions()) weights += action.weight;
        return weights;
    }();
    std::uint64_t drawn = random_.below(sum);
    for (const Action& action : actions()) {
        if (drawn < action.weight) return (this->*action.act)();
        drawn -= action.weight;
    }
}

const std::vector<World::Action>& World::actions() {
    static const std::vector<Action> all = {
        {400, &World::sendSome},         {60, &World::sendAgain},
        {200, &World::syncGroup},        {200, &World::consume},
        {100, &World::archiveIds},       {200, &World::passTime},
        {10, &World::fillDisk},          {40, &World::freeDisk},
        {12, &World::failSync},          {8, &World::failAppend},
        {10, &World::slowDisk},          {20, &World::failCommits},
        {10, &World::failCommitFatally}, {15, &World::leaveCommitUnknown},
        {10, &World::failReopens},       {30, &World::failCheckpoints},
        {8, &World::takeDatabaseAway},   {12, &World::bringDatabaseBack},
        {8, &World::stepWallClock},
    };
    return all;
}

// With a database that is away it ends all the same, and leaves the rest to the journal.
void World::stopInOrder() {
    log("stops in order");
    inject(Injection::kCleanStop);
    process_->close();
    if (comesToRest())
        checkLedger();
    else if (process_->failed() || database_away_ || disk_full_)
        ledger_.processEnded();
    else
        violate("it does not come to rest after a stop");
}

void World::end(End how) {
    const bool failed = process_->failed() || machine_.disk.stopped();
    if (how == End::kInOrder && !failed && process_->started()) {
        stopInOrder();
    } else {
        log("{}", how == End::kPowerLost ? "power lost" : "killed");
        ledger_.processEnded();
    }
    dying_ = true;
    tally_.add(Outcome::kNotAnswered, ledger_.connectionsLost());
    process_.reset();
    dying_ = false;
    machine_.disk.goOn();
    if (how == End::kPowerLost)
        losePower();
    else if (how == End::kKilled)
        inject(Injection::kProcessKilled);
    mishapsWhileDown();
}

void World::losePower() {
    inject(Injection::kPowerLost);
    const MemoryDisk::Losses losses = machine_.disk.losePower(random_);
    tally_.add(Injection::kPagesDropped, losses.pages_dropped);
    tally_.add(Injection::kPagesTorn, losses.pages_torn);
    tally_.add(Injection::kPagesGarbled, losses.pages_garbled);
    tally_.add(Injection::kNamesLost, losses.names);
    log("  of unsynced pages {} dropped, {} torn, {} garbled; {} changes of names gone",
        losses.pages_dropped, losses.pages_torn, losses.pages_garbled, losses.names);
}

void World::mishapsWhileDown() {
    if (random_.chance(0.25)) {
        inject(Injection::kLogLost);
        ledger_.processEnded();  // counts that no event carries may be in it
        log("the database's log is lost, {} commits", machine_.database.restartWithoutLog());
    } else {
        machine_.database.restart();
    }
    if (random_.chance(0.1)) loseIdFile();
    if (random_.chance(0.1)) damageIdFile();
    if (disk_full_ && random_.chance(0.5)) freeDisk();
}

// Time passes until nothing is left to do, and then until a checkpoint is due.
bool World::comesToRest() {
    int quiet = 0;
    for (int round = 0; round < 400 && quiet < 8 && !process_->failed(); ++round) {
        process_->syncGroup();
        process_->consume();
        process_->archiveIds();
        quiet = process_->atRest() ? quiet + 1 : 0;
        const auto retry_at = process_->retryAt();
        const SteadyTime now = machine_.clock.steadyNow();
        machine_.clock.advance(retry_at && *retry_at > now ? *retry_at - now : milliseconds(100));
    }
    return quiet == 8;
}

void World::checkLedger() {
    const auto dead_letters = machine_.disk.text(kDeadLettersPath);
    if (std::string wrong = ledger_.contradiction(machine_.database, dead_letters); !wrong.empty())
        violate(std::move(wrong));
}

void World::violate(std::string what) {
    log("VIOLATION: {}", what);
    if (violation_.empty()) violation_ = std::move(what);
}

void World::writeLine(const std::string& text) const {
    const std::chrono::duration<double> now = machine_.clock.steadyNow().time_since_epoch();
    std::fputs(fmt::format("life {} {:9.3f} s  {}\n", life_, now.count(), text).c_str(), stdout);
}

}  // namespace footfall
