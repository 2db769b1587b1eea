#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "in_memory_queue/journal.h"
#include "support/check.h"
#include "tests/fakes/batches.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/memory_files.h"

namespace footfall {

inline JournalOptions testJournalOptions() {
    return {.folder = "journal", .segment_bytes = 64 << 10, .bytes_max = 1 << 20, .random_seed = 1};
}

// Request number `request`: a few events that no other request has, and texts of some length.
inline EventBatch testRequest(std::uint64_t request) {
    EventBatchBuilder builder;
    builder.batch().received_at = utcFromMicros(1'772'323'200'000'000);
    const std::string text(request * 37 % 120, 'p');
    for (std::uint64_t i = 0; i <= request % 3; ++i) {
        EventView event = testEvent(testId(request * 1'000 + i));
        event.text(TextField::kProperties) = text;
        builder.append(event);
    }
    builder.batch().rejected_count = static_cast<std::uint32_t>(request % 2);
    return builder.take();
}
inline std::uint64_t requestOf(const EventBatch& batch) {
    return batch.ids.front().low / 1'000;
}

// TestJournal: a journal on a fake file system, driven by steps: one life of a process.
// Threads: one.
class TestJournal {
  public:
    explicit TestJournal(MemoryFiles& files, JournalOptions options = testJournalOptions(),
                         SequenceNumber position = {}) {
        Result<std::unique_ptr<Journal>> opened =
            Journal::open(std::move(options), files, clock, metrics, position);
        if (opened)
            journal = std::move(*opened);
        else
            error = opened.error();
    }

    explicit operator bool() const { return journal != nullptr; }
    Journal* operator->() { return journal.get(); }

    // Queued, to be committed with the next group.
    void submit(std::uint64_t request) {
        journal->submit(testRequest(request), [this, request](Result<SequenceNumber> first) {
            outcomes.emplace_back(request, std::move(first));
        });
    }
    // A group of its own. Returns whether it was acknowledged.
    bool write(std::uint64_t request) {
        submit(request);
        journal->commitGroup();
        return outcomes.back().second.has_value();
    }
    std::vector<std::uint64_t> acknowledged() const {
        std::vector<std::uint64_t> requests;
        for (const auto& [request, outcome] : outcomes)
            if (outcome) requests.push_back(request);
        return requests;
    }
    std::vector<JournalRecord> readAll(SequenceNumber from = {1}) {
        std::vector<JournalRecord> records;
        JournalReader reader = journal->readFrom(from);
        while (true) {
            Result<std::optional<JournalRecord>> record = reader.next();
            CHECK(record.has_value(), "the fake files can be read");
            if (!*record) break;
            records.push_back(std::move(**record));
        }
        read_damage = reader.damage();
        return records;
    }
    // The requests in the journal, each of them whole and as it was sent; in order.
    std::vector<std::uint64_t> requests() {
        std::vector<std::uint64_t> requests;
        for (const JournalRecord& record : readAll()) {
            if (record.type != RecordType::kEvents) continue;
            requests.push_back(requestOf(record.batch));
            CHECK(record.batch == testRequest(requests.back()), "nothing is invented");
        }
        return requests;
    }

    FakeClock clock;
    Metrics metrics;
    std::unique_ptr<Journal> journal;
    Error error{};
    std::vector<std::pair<std::uint64_t, Result<SequenceNumber>>> outcomes;
    JournalDamage read_damage;
};

inline std::vector<std::uint64_t> numbers(std::uint64_t first, std::uint64_t last) {
    std::vector<std::uint64_t> all;
    for (std::uint64_t number = first; number <= last; ++number) all.push_back(number);
    return all;
}

}  // namespace footfall
