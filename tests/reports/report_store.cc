#include "tests/reports/report_store.h"

#include "support/check.h"

namespace footfall {
namespace {

EventView viewOf(const StoredEvent& event) {
    EventView view{.id = event.id,
                   .timestamp_us = event.timestamp_us,
                   .amount_ten_thousandths = event.amount_ten_thousandths,
                   .texts = {}};
    view.text(TextField::kUserId) = event.user_id;
    view.text(TextField::kAnonymousId) = event.anonymous_id;
    view.text(TextField::kEventType) = event.event_type;
    view.text(TextField::kCity) = event.city;
    view.text(TextField::kDevice) = event.device;
    view.text(TextField::kChannel) = event.channel;
    view.text(TextField::kProductId) = event.product_id;
    view.text(TextField::kOrderId) = event.order_id;
    view.text(TextField::kCurrency) = event.currency;
    return view;
}

}  // namespace

ReportStore::ReportStore() {
    DuckDbOptions options = folder_.options();
    options.threads = 1;  // a small case gains nothing from a second one but its waiting
    auto opened = DuckDbDatabase::open(std::move(options), folder_.clock);
    CHECK(opened.has_value(), "a database opens in an empty folder");
    database_ = std::move(*opened);
}

void ReportStore::replaceAll(const std::vector<StoredEvent>& events) {
    removeAll();
    add(events);
}

void ReportStore::removeAll() {
    // A query runs in a transaction that is never committed, unless it does so itself.
    const Query empty{.sql = "DELETE FROM stored_events; COMMIT; BEGIN; SELECT 1", .shadows = {}};
    CHECK(database_->query(empty).has_value(), "a test may empty its database");
}

void ReportStore::add(std::span<const StoredEvent> events) {
    EventBatchBuilder builder;
    for (const StoredEvent& event : events) builder.append(viewOf(event));
    const EventBatch batch = builder.take();
    const auto applied = database_->applied();
    CHECK(applied.has_value(), "the position is known");
    CHECK(database_->commit(commitOf(applied->last, {&batch})).has_value(), "events are stored");
}

}  // namespace footfall
