#include "tests/simulation/process.h"

#include <utility>

#include <fmt/format.h>

namespace footfall {

using std::chrono::microseconds;
using std::chrono::milliseconds;

Process::Process(Machine& machine, ProcessOptions options, Tally& tally)
    : options_(options),
      machine_(machine),
      tally_(tally),
      dead_letters_(machine.disk, kDeadLettersPath),
      deduplicator_({.generation_ids = options.generation_ids, .random_seed = options.random_seed},
                    machine.disk, "ids", metrics_),
      queue_({.events_max = options.queue_events_max}, metrics_) {}

// What waits for the disk is refused by the journal, and the door is there to hear it.
Process::~Process() {
    journal_.reset();
    machine_.clock.dropTimers();
    tally_.add(Outcome::kReadFromJournal, counted("journal_batches_read_total"));
    tally_.add(Outcome::kSegmentsTrimmed, counted("journal_segments_trimmed_total"));
    tally_.add(Outcome::kIdFilesWritten, counted("deduplicator_flushes_total"));
    tally_.add(Outcome::kIdFilesMerged, counted("deduplicator_merges_total"));
    tally_.add(Outcome::kDeadLetters, counted("events_dead_lettered_total"));
    tally_.add(Outcome::kEventsStored, counted("events_stored_total"));
}

std::uint64_t Process::counted(const char* name) {
    return static_cast<std::uint64_t>(metrics_.counter(name, "").Value());
}

Result<void> Process::start() {
    const Result<Applied> applied = machine_.database.applied();
    if (!applied) return std::unexpected(applied.error());
    if (auto opened = openJournal(applied->last); !opened) return opened;
    door_ = std::make_unique<DurableQueue>(
        DurableQueue::Options{.waiting_bytes_max = options_.waiting_bytes_max,
                              .random_seed = options_.random_seed},
        *journal_, queue_, machine_.clock, machine_.clock, metrics_);
    consumer_ = std::make_unique<QueueConsumer>(
        QueueConsumerOptions{.commit_rows = options_.commit_rows,
                             .checkpoint_every = milliseconds(500),
                             .committer = {.random_seed = options_.random_seed}},
        *door_, machine_.database, deduplicator_, dead_letters_, machine_.clock, metrics_);
    if (auto restored = consumer_->restore(); !restored) return restored;
    webhook_ = std::make_unique<Webhook>(
        EventParserOptions{.key = EventIdKey(options_.random_seed), .zone = TimeZone::utc()},
        *door_, machine_.clock, metrics_);
    webhook_->addRoutes(router_);
    return {};
}

Result<void> Process::openJournal(SequenceNumber applied) {
    auto journal = Journal::open({.folder = "journal",
                                  .segment_bytes = options_.segment_bytes,
                                  .bytes_max = options_.segments_max * options_.segment_bytes,
                                  .random_seed = options_.random_seed},
                                 machine_.disk, machine_.clock, metrics_, applied);
    if (!journal) {
        // That it cannot be opened now is not what kFatal says here.
        if (journal.error().code == Code::kFatal) journal.error().code = Code::kIo;
        return std::unexpected(std::move(journal.error()));
    }
    journal_ = std::move(*journal);
    journal_->onPoisoned([this](const Error&) { failed_ = true; });
    const JournalRecoveryReport& found = journal_->recovery();
    if (found.damaged())
        return fail(Code::kFatal, fmt::format("the journal was damaged in {} places, {} events are "
                                              "lost, and only what was not synced was touched",
                                              found.damage.places, found.lost_events));
    const SequenceNumber oldest = journal_->firstRetained();
    if (oldest <= applied + 1) return {};
    return fail(Code::kFatal, fmt::format("events {} to {} are in neither database nor journal",
                                          applied.value + 1, oldest.value - 1));
}

void Process::post(std::string body, HttpServer::Respond respond) {
    router_.handle({.method = "POST", .target = "/webhook", .headers = {}, .body = std::move(body)},
                   std::move(respond));
}

void Process::consume() {
    consumer_->drainOnce(microseconds(0));
}

void Process::close() {
    journal_->close();
    while (journal_->commitGroup() > 0) continue;
    journal_->writeClose();
    door_->close();
}

bool Process::atRest() const {
    return consumer_->applied().last == door_->lastAccepted() && !consumer_->retryAt() &&
           (!door_->closed() || consumer_->finished());
}

}  // namespace footfall
