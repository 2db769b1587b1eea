// journal_bench: what does it cost to make an event durable?
//
// Run without arguments: 16 submitters, each with one request in flight as a connection has, in
// batches of 1, 100 and 1,000 events, with fsync and with os, 3 s each; and the cost of encoding
// alone. The journal is in a new folder under the system's temporary one; another can be named. An
// ack is counted from the submission of an encoded batch to its answer. Every event is read back
// and counted before a line is printed.
// Beside them the speed of light: one writer that syncs each 64 KiB, and memcpy.

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <stdlib.h>

#include "bench/event_bodies.h"
#include "event/event_json.h"
#include "in_memory_queue/journal.h"
#include "support/check.h"

namespace footfall::bench {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr std::size_t kSubmitters = 16;
constexpr std::size_t kBatchesOfEach = 64;  // distinct ones, sent round and round
constexpr Seconds kDuration{3};

struct Load {
    std::vector<EventBatch> batches;
    std::size_t json_bytes = 0;
    std::size_t events = 0;
};

// The canonical workload of bench/end_to_end, parsed.
Load makeLoad(std::size_t batch_events, std::uint64_t submitter) {
    EventBodies bodies({.batch_events = batch_events}, submitter);
    EventParser parser({.key = EventIdKey(1), .zone = TimeZone::utc()}, 1);
    Load load;
    for (std::size_t i = 0; i < kBatchesOfEach; ++i) {
        const std::string& request = bodies.next();
        std::string body = request.substr(request.find("\r\n\r\n") + 4);
        load.json_bytes += body.size();
        EventBatch batch;
        CHECK(parser.parse(body, false, SystemClock().utcNow(), batch), "the workload is valid");
        load.events += batch.size();
        load.batches.push_back(std::move(batch));
    }
    return load;
}

void measureEncoding(std::size_t batch_events) {
    const Load load = makeLoad(batch_events, 0);
    const SystemClock clock;
    std::size_t events = 0;
    std::size_t bytes = 0;
    const SteadyTime start = clock.steadyNow();
    Seconds elapsed{};
    while ((elapsed = clock.steadyNow() - start) < Seconds(1))
        for (const EventBatch& batch : load.batches) {
            bytes += EncodedRecord::ofEvents(batch)->bytes().size();
            events += batch.size();
        }
    std::vector<EncodedRecord> records;
    records.reserve(load.batches.size());
    for (const EventBatch& batch : load.batches)
        records.push_back(EncodedRecord::ofEvents(batch).value());
    std::size_t decoded = 0;
    const SteadyTime decode_start = clock.steadyNow();
    Seconds decoding{};
    while ((decoding = clock.steadyNow() - decode_start) < Seconds(1))
        for (std::size_t i = 0; i < records.size(); ++i) {
            const Result<EventBatch> batch = decodeRecord(records[i].header(), records[i].bytes());
            CHECK(batch && batch->size() == load.batches[i].size(), "what was encoded is decoded");
            decoded += batch->size();
        }
    fmt::print("{:>6} {:>12.3f} {:>12.3f} {:>12.1f} {:>12.1f}\n", batch_events,
               elapsed.count() / static_cast<double>(events) * 1e6,
               decoding.count() / static_cast<double>(decoded) * 1e6,
               static_cast<double>(bytes) / static_cast<double>(events),
               static_cast<double>(load.json_bytes) / static_cast<double>(load.events));
}

// One connection: encodes, submits, waits for the answer, again.
struct Submitter {
    Load load;
    std::vector<double> acks_ms;
    std::uint64_t events = 0;

    void run(Journal& journal, const Clock& clock, SteadyTime end) {
        std::binary_semaphore answered(0);
        for (std::size_t i = 0; clock.steadyNow() < end; ++i) {
            const EventBatch& batch = load.batches[i % load.batches.size()];
            EncodedRecord record = EncodedRecord::ofEvents(batch).value();
            const SteadyTime start = clock.steadyNow();
            journal.submit(std::move(record), [&](Result<SequenceNumber> first) {
                CHECK(first, "the bench's disk works");
                answered.release();
            });
            answered.acquire();
            acks_ms.push_back(Seconds(clock.steadyNow() - start).count() * 1e3);
            events += batch.size();
        }
    }
};

std::uint64_t countEvents(Journal& journal) {
    JournalReader reader = journal.readFrom({1});
    std::uint64_t events = 0;
    while (true) {
        const auto record = reader.next();
        CHECK(record && reader.damage().places == 0, "what was written can be read");
        if (!*record) return events;
        events += (*record)->batch.size();
    }
}

void measureJournal(const std::string& folder, Durability durability, std::size_t batch_events) {
    PosixFileSystem files;
    const SystemClock clock;
    Metrics metrics;
    const JournalOptions options{.folder = folder + "/journal", .durability = durability};
    auto journal = Journal::open(options, files, clock, metrics, {}).value();
    std::vector<Submitter> submitters(kSubmitters);
    for (std::size_t i = 0; i < kSubmitters; ++i) submitters[i].load = makeLoad(batch_events, i);

    const SteadyTime start = clock.steadyNow();
    const SteadyTime end = start + std::chrono::duration_cast<std::chrono::nanoseconds>(kDuration);
    std::jthread leader([&](const std::stop_token& stop) { journal->run(stop); });
    {
        std::vector<std::jthread> threads;
        threads.reserve(submitters.size());
        for (Submitter& submitter : submitters)
            threads.emplace_back([&] { submitter.run(*journal, clock, end); });
    }
    const Seconds elapsed = clock.steadyNow() - start;
    leader.request_stop();
    leader.join();

    std::vector<double> acks;
    std::uint64_t events = 0;
    for (const Submitter& submitter : submitters) {
        acks.insert(acks.end(), submitter.acks_ms.begin(), submitter.acks_ms.end());
        events += submitter.events;
    }
    std::ranges::sort(acks);
    const auto at = [&](double share) {
        return acks[static_cast<std::size_t>(share * static_cast<double>(acks.size() - 1))];
    };
    const SteadyTime read_start = clock.steadyNow();
    CHECK(countEvents(*journal) == events, "every event is there");
    const Seconds reading = clock.steadyNow() - read_start;
    const double groups = metrics.counter("journal_groups_total", "").Value();
    const double bytes = metrics.counter("journal_written_bytes_total", "").Value();
    const auto count = static_cast<double>(events);
    fmt::print(
        "{:>6} {:>6} {:>11.0f} {:>8.1f} {:>9.1f} {:>9.0f} {:>9.2f} {:>9.2f} {:>9.2f} "
        "{:>12.0f}\n",
        toString(durability), batch_events, count / elapsed.count(), bytes / count,
        bytes / elapsed.count() / 1e6, groups / elapsed.count(), at(0.5), at(0.99), acks.back(),
        count / reading.count());
    std::fflush(stdout);
    journal.reset();
    std::filesystem::remove_all(options.folder);
}

void measureSpeedOfLight(const std::string& folder) {
    PosixFileSystem files;
    const SystemClock clock;
    constexpr std::size_t kBytes = 64 << 10;
    const std::vector<std::byte> block(kBytes, std::byte{1});
    const auto file = files.open(folder + "/raw", OpenMode::kCreate).value();
    CHECK(file->preallocate(64 << 20), "the disk has room");
    std::vector<double> syncs_ms;
    for (std::uint64_t i = 0; i < 500; ++i) {
        const SteadyTime start = clock.steadyNow();
        CHECK(file->writeAt(i * kBytes, block) && file->syncData(), "the bench's disk works");
        syncs_ms.push_back(Seconds(clock.steadyNow() - start).count() * 1e3);
    }
    std::ranges::sort(syncs_ms);
    std::vector<std::byte> from(64 << 20, std::byte{1});
    std::vector<std::byte> to(from.size());
    const SteadyTime start = clock.steadyNow();
    for (int i = 0; i < 8; ++i) std::memcpy(to.data(), from.data(), from.size());
    const Seconds elapsed = clock.steadyNow() - start;
    CHECK(to.back() == from.back(), "memcpy copies");
    fmt::print(
        "speed of light: write + fdatasync of 64 KiB p50 {:.2f} ms, p99 {:.2f} ms; memcpy "
        "{:.1f} GB/s\n\n",
        syncs_ms[syncs_ms.size() / 2], syncs_ms[syncs_ms.size() * 99 / 100],
        8.0 * static_cast<double>(from.size()) / elapsed.count() / 1e9);
}

}  // namespace

int run(const std::string& parent) {
    std::string folder = parent + "/journal_bench-XXXXXX";
    CHECK(::mkdtemp(folder.data()) != nullptr, "a folder for the bench");
    measureSpeedOfLight(folder);
    fmt::print("{:>6} {:>12} {:>12} {:>12} {:>12}\n", "batch", "encode us/ev", "decode us/ev",
               "B/event", "JSON B/event");
    for (const std::size_t batch : {1u, 100u, 1'000u}) measureEncoding(batch);
    fmt::print("\n{:>6} {:>6} {:>11} {:>8} {:>9} {:>9} {:>9} {:>9} {:>9} {:>12}\n", "mode", "batch",
               "events/s", "B/event", "MB/s", "groups/s", "p50 ms", "p99 ms", "max ms",
               "read ev/s");
    for (const Durability durability : {Durability::kFsync, Durability::kOs})
        for (const std::size_t batch : {1u, 100u, 1'000u})
            measureJournal(folder, durability, batch);
    std::filesystem::remove_all(folder);
    return 0;
}

}  // namespace footfall::bench

int main(int argc, char** argv) {
    return footfall::bench::run(argc > 1 ? argv[1]
                                         : std::filesystem::temp_directory_path().string());
}
