#include "tests/reports/indexed_store.h"

#include <algorithm>

#include "support/check.h"

namespace footfall {
namespace {

constexpr std::size_t kCommits = 4;

}  // namespace

IndexedStore::IndexedStore(ReportStore& store, const Journey& journey, const std::string& currency,
                           const std::vector<StoredEvent>& events, Way way)
    : store_(store), journey_(journey), currency_(currency) {
    store_.removeAll();
    start();
    if (way != Way::kReads) CHECK(index_->restore().has_value(), "the database can be read");
    const std::span all(events);
    for (std::size_t i = 0; i < kCommits; ++i) {
        const std::size_t begin = i * all.size() / kCommits;
        add(all.subspan(begin, (i + 1) * all.size() / kCommits - begin));
        if (way != Way::kRestarts || i != kCommits / 2) continue;
        index_->writeAll(store_.clock().steadyNow() + std::chrono::hours(1));
        start();
    }
    if (way != Way::kFollows) CHECK(index_->restore().has_value(), "the database can be read");
}

IndexedStore::~IndexedStore() {
    store_.database().observe(nullptr);
}

void IndexedStore::start() {
    index_ = std::make_unique<JourneyIndex>(
        JourneyIndex::Options{
            .journey = journey_, .currency = currency_, .key = EventIdKey(1), .folder = "journeys"},
        store_.database(), files_, store_.clock(), metrics_);
    store_.database().observe(index_.get());
}

void IndexedStore::add(std::span<const StoredEvent> events) {
    store_.add(events);
    while (index_->takeNext(std::chrono::milliseconds(0))) {
    }
}

double IndexedStore::counted() {
    return countsFrom("standing") + countsFrom("scan");
}

double IndexedStore::countsFrom(const std::string& way) {
    return metrics_.counter("journey_index_counts_total", "", {{"from", way}}).Value();
}

SequenceNumber IndexedStore::applied() {
    const auto applied = store_.database().applied();
    CHECK(applied.has_value(), "the position is known");
    return applied->last;
}

}  // namespace footfall
