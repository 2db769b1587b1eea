#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "support/random.h"
#include "tests/simulation/ledger.h"
#include "tests/simulation/process.h"
#include "tests/simulation/request_maker.h"
#include "tests/simulation/tally.h"

namespace footfall {

// World: several lives of a process on one machine, its clients, and whatever can go wrong; all of
// it drawn from one seed. The last life is without mishaps: what was taken must be stored then, by
// the books of the Ledger, and new events must be taken.
// Threads: one.
class World {
  public:
    // `log`: whether each step is a line on stdout.
    World(std::uint64_t seed, bool log, Tally& tally);
    // "": everything held; else what did not.
    std::string run();

  private:
    enum class End { kPowerLost, kKilled, kInOrder };
    struct Action {
        unsigned weight;
        void (World::*act)();
    };
    static const std::vector<Action>& actions();

    void liveOnce();
    void liveInPeace();
    bool start();
    void act();
    void stopInOrder();
    void end(End how);
    void losePower();
    void mishapsWhileDown();
    bool comesToRest();
    void checkLedger();

    // What clients do, and what the process's threads would do.
    void sendSome();
    void sendAgain();
    void send(MadeRequest made);
    void logRequest(Ledger::Request request, const MadeRequest& made) const;
    void answered(Ledger::Request request, const MadeRequest& made, const HttpResponse& response);
    void maySendAgain(const MadeRequest& made, double chance);
    void syncGroup();
    void consume();
    void archiveIds();
    void passTime();

    // Mishaps.
    void fillDisk();
    void freeDisk();
    void failSync();
    void failAppend();
    void slowDisk();
    void failCommits();
    void failCommitFatally();
    void leaveCommitUnknown();
    void failReopens();
    void failCheckpoints();
    void takeDatabaseAway();
    void bringDatabaseBack();
    void stepWallClock();
    void loseIdFile();
    void damageIdFile();
    std::string someIdFile();
    void healEverything();

    void violate(std::string what);
    template <typename... Args>
    void log(fmt::format_string<Args...> format, Args&&... args) {
        if (!logs_) return;
        writeLine(fmt::format(format, std::forward<Args>(args)...));
    }
    void inject(Injection injection) { tally_.add(injection); }
    void writeLine(const std::string& text) const;

    Random random_;
    const bool logs_;
    Tally& tally_;
    Machine machine_;
    Ledger ledger_;
    RequestMaker maker_;
    ProcessOptions options_;
    std::unique_ptr<Process> process_;
    std::vector<MadeRequest> to_send_again_;
    int life_ = 0;
    bool dying_ = false;  // what is answered now reaches nobody
    bool database_away_ = false;
    bool disk_full_ = false;
    std::string violation_;
};

}  // namespace footfall
