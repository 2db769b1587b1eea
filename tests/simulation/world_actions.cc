// What clients do, what the threads of the process would do, and what goes wrong.
#include <algorithm>
#include <utility>

#include "tests/simulation/world.h"

namespace footfall {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kSendAgainMax = 30;
constexpr std::size_t kForLong = 1'000'000;

}  // namespace

void World::sendSome() {
    for (std::uint64_t count = 1 + random_.below(3); count > 0; --count) send(maker_.next());
    if (random_.chance(0.6)) syncGroup();
}

void World::sendAgain() {
    if (to_send_again_.empty()) return;
    std::swap(to_send_again_[random_.below(to_send_again_.size())], to_send_again_.back());
    MadeRequest made = std::move(to_send_again_.back());
    to_send_again_.pop_back();
    tally_.add(Outcome::kResent);
    send(std::move(made));
}

void World::send(MadeRequest made) {
    const auto poisonous = std::ranges::count_if(made.valid, &SentEvent::poison);
    tally_.add(Injection::kContentRefused, static_cast<std::uint64_t>(poisonous));
    tally_.add(Outcome::kRequests);
    const Ledger::Request request = ledger_.sent(made.valid, made.rejected);
    if (logs_) logRequest(request, made);
    std::string body = made.body;
    process_->post(std::move(body),
                   [this, request, made = std::move(made)](const HttpResponse& response) {
                       answered(request, made, response);
                   });
}

void World::logRequest(Ledger::Request request, const MadeRequest& made) const {
    std::string events;
    for (const SentEvent& event : made.valid)
        events += fmt::format(" {}{}{}", event.number, event.variant > 0 ? "v" : "",
                              event.variant > 0 ? std::to_string(event.variant) : "") +
                  (event.poison ? " (poison)" : "");
    writeLine(fmt::format("request {}: events{}, and {} bad ones", request, events, made.rejected));
}

void World::answered(Ledger::Request request, const MadeRequest& made,
                     const HttpResponse& response) {
    if (dying_) return maySendAgain(made, 0.8);
    log("request {}: answered {}", request, response.status);
    if (ledger_.stateOf(request) != Ledger::State::kPending)
        return violate(fmt::format("request {} is answered twice", request));
    if (response.status != made.status && (made.status != 202 || response.status < 429))
        return violate(fmt::format("request {} is answered {}, not {}", request, response.status,
                                   made.status));
    double again = 0;
    switch (response.status) {
        case 202: {
            tally_.add(Outcome::kAnswered202);
            ledger_.answered(request, Ledger::State::kAcknowledged);
            const std::string counts =
                fmt::format(R"("accepted":{},"rejected":{},)", made.valid.size(), made.rejected);
            if (response.body.find(counts) == std::string::npos)
                violate(fmt::format("request {}: no {} in {}", request, counts, response.body));
            again = 0.1;
            break;
        }
        case 429:
            tally_.add(Outcome::kAnswered429);
            ledger_.answered(request, Ledger::State::kRefused);
            again = 0.8;
            break;
        case 503:
            tally_.add(Outcome::kAnswered503);
            ledger_.answered(request, Ledger::State::kUnknown);
            again = 0.8;
            break;
        default:
            tally_.add(response.status == 400 ? Outcome::kAnswered400 : Outcome::kAnswered422);
            ledger_.answered(request, Ledger::State::kRefused);
            if (response.status == 422) ledger_.refusedWhole(made.rejected);
    }
    maySendAgain(made, again);
}

void World::maySendAgain(const MadeRequest& made, double chance) {
    if (to_send_again_.size() < kSendAgainMax && random_.chance(chance))
        to_send_again_.push_back(made);
}

void World::syncGroup() {
    process_->syncGroup();
}

void World::consume() {
    process_->consume();
}

void World::archiveIds() {
    process_->archiveIds();
}

void World::passTime() {
    machine_.clock.advance(milliseconds(random_.chance(0.2) ? 3'000 : random_.below(400)));
    process_->consume();
}

void World::fillDisk() {
    inject(Injection::kDiskFull);
    const std::uint64_t room = random_.below(6'000);
    log("the disk is full but for {} bytes", room);
    machine_.disk.setRoom(room);
    disk_full_ = true;
}

void World::freeDisk() {
    if (!std::exchange(disk_full_, false)) return;
    inject(Injection::kDiskFreed);
    log("the disk has room again");
    machine_.disk.setRoom(std::nullopt);
}

void World::failSync() {
    inject(Injection::kSyncFailed);
    log("the next sync of a file fails");
    machine_.disk.failSyncs(1);
}

void World::failAppend() {
    inject(Injection::kAppendFailed);
    log("the next append fails");
    machine_.disk.failAppends(1);
}

// The leader hangs in a sync while requests come and time passes.
void World::slowDisk() {
    inject(Injection::kSlowDisk);
    log("the disk is slow");
    for (std::uint64_t count = 1 + random_.below(3); count > 0; --count) send(maker_.next());
    for (int i = 0; i < 5; ++i) {
        machine_.clock.advance(seconds(1));
        process_->consume();
    }
    process_->syncGroup();
}

void World::failCommits() {
    if (database_away_) return;
    inject(Injection::kCommitsFailed);
    const std::uint64_t count = 1 + random_.below(4);
    log("the next {} commits fail", count);
    machine_.database.failCommits(count, Code::kUnavailable);
}

void World::failCommitFatally() {
    if (database_away_) return;
    inject(Injection::kCommitFatal);
    log("the next commit fails, and the database must be reopened");
    machine_.database.failCommits(1, Code::kFatal);
}

void World::leaveCommitUnknown() {
    const bool happens = random_.chance(0.5);
    inject(happens ? Injection::kUnknownHappened : Injection::kUnknownDidNotHappen);
    log("the outcome of the next commit is unknown; it {}",
        happens ? "happens" : "does not happen");
    machine_.database.leaveNextCommitUnknown(happens ? FailingDatabase::Unknown::kHappened
                                                     : FailingDatabase::Unknown::kDidNotHappen);
}

void World::failReopens() {
    inject(Injection::kReopensFailed);
    log("the next reopens fail");
    machine_.database.failReopens(1 + random_.below(3));
}

void World::failCheckpoints() {
    inject(Injection::kCheckpointsFailed);
    log("the next checkpoints fail");
    machine_.database.failCheckpoints(1 + random_.below(2));
}

void World::takeDatabaseAway() {
    if (std::exchange(database_away_, true)) return;
    inject(Injection::kDatabaseAway);
    log("the database is away");
    machine_.database.failCommits(kForLong, Code::kUnavailable);
}

void World::bringDatabaseBack() {
    if (!std::exchange(database_away_, false)) return;
    log("the database is back");
    machine_.database.failCommits(0, Code::kUnavailable);
}

void World::stepWallClock() {
    inject(Injection::kClockStepped);
    const auto hours = std::chrono::hours(static_cast<int>(random_.below(20)) - 10);
    log("the wall clock is set to {} hours", hours.count());
    machine_.clock.setWallClock(hours);
}

void World::loseIdFile() {
    const std::string path = someIdFile();
    if (path.empty()) return;
    inject(Injection::kIdFileLost);
    log("{} is lost", path);
    std::ignore = machine_.disk.remove(path);
}

void World::damageIdFile() {
    const std::string path = someIdFile();
    std::string text = machine_.disk.text(path);
    if (text.empty()) return;
    inject(Injection::kIdFileDamaged);
    log("{} is damaged", path);
    if (random_.chance(0.3)) text.resize(random_.below(text.size()));
    for (std::uint64_t flips = 1 + random_.below(3); flips > 0 && !text.empty(); --flips)
        text[random_.below(text.size())] ^= static_cast<char>(1 << random_.below(8));
    std::ignore = machine_.disk.replace(path, text);
}

// "": there is none.
std::string World::someIdFile() {
    const auto names = machine_.disk.list("ids");
    if (!names || names->empty()) return "";
    return "ids/" + (*names)[random_.below(names->size())];
}

void World::healEverything() {
    log("nothing goes wrong from now on");
    freeDisk();
    bringDatabaseBack();
    machine_.disk.failSyncs(0);
    machine_.disk.failAppends(0);
    machine_.database.failCommits(0, Code::kUnavailable);
    machine_.database.failReopens(0);
    machine_.database.failCheckpoints(0);
}

}  // namespace footfall
