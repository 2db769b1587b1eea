#include "journey_index/journey_state.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "support/check.h"
#include "support/radix_sort.h"

namespace footfall {
namespace {

constexpr std::size_t kLogsAhead = 12;

std::uint32_t personOf(std::uint64_t person_place) {
    return static_cast<std::uint32_t>(person_place >> 32);
}
std::size_t placeOf(std::uint64_t person_place) {
    return person_place & 0xffffffffU;
}

// Takes the neighbours off the front that have the first one's key. REQUIRES: not empty.
template <class Item, class Key>
std::span<const Item> takeRun(std::span<const Item>& items, const Key& key) {
    const auto end = std::ranges::find_if(
        items, [&](const Item& item) { return key(item) != key(items.front()); });
    const auto run = items.first(static_cast<std::size_t>(end - items.begin()));
    items = items.subspan(run.size());
    return run;
}

std::size_t shardOf(std::uint64_t person_place) {
    return PersonLogs::shardOf(personOf(person_place));
}

std::uint64_t hashOf(EventId id) {
    return mixBits(id.high ^ mixBits(id.low));
}

// More than one line of the cache.
template <class Item>
void prefetch(const Item& item) {
    static_assert(sizeof(Item) > 64 && sizeof(Item) <= 128);
    __builtin_prefetch(&item);
    __builtin_prefetch(reinterpret_cast<const std::byte*>(&item + 1) - 1);
}

}  // namespace

JourneyState::JourneyState(const Journey& journey, const std::string& currency, EventIdKey key,
                           const PersonQuestion& standing)
    : shape_(journey),
      standing_(standing),
      key_(key),
      logs_(journey.stages.size()),
      names_(journey, currency),
      before_(shape_, standing_),
      after_(shape_, standing_),
      splice_(journey.stages.size()),
      tally_(shape_, JourneyTally::Kind::kStanding) {}

std::vector<std::uint64_t> JourneyState::orderHashes(const StoredRows& rows) const {
    std::vector<std::uint64_t> orders(rows.size());
    for (std::size_t row = 0; row < rows.size(); ++row)
        if (!rows.order_ids[row].empty()) orders[row] = hashOf(key_.idOf(rows.order_ids[row])) | 1;
    return orders;
}

void JourneyState::add(std::span<const Rows> all) {
    const MutexLock lock(mutex_);
    for (const Rows& rows : all) {
        const StoredRows& stored = rows.stored;
        names_.learn(stored.names);
        for (std::size_t row = 0; row < stored.size(); ++row)
            if (stored.sequences[row] > outside_covered_ &&
                names_.stageOf(stored.event_types[row]) == JourneyShape::kNone)
                outside_.add(stored.event_types[row], stored.timestamps_us[row]);
    }
    const ByPerson rows = byPerson(all);
    for (std::span<const PersonPlace> rest = rows.places; !rest.empty();) {
        const auto places = takeRun(rest, shardOf);
        logs_.edit(shardOf(places.front()), [&](PersonLogs::Edit& edit) REQUIRES(mutex_) {
            addToShard(rows.arrived, places, edit);
        });
        tally_.finish();
    }
}

JourneyState::ByPerson JourneyState::byPerson(std::span<const Rows> all) const {
    std::size_t count = 0;
    for (const Rows& rows : all) count += rows.stored.size();
    ByPerson by_person;
    by_person.arrived.reserve(count);
    by_person.places.reserve(count);
    for (const Rows& rows : all) {
        const StoredRows& stored = rows.stored;
        for (std::size_t row = 0; row < stored.size(); ++row) {
            if (names_.stageOf(stored.event_types[row]) == JourneyShape::kNone) continue;
            by_person.places.push_back(std::uint64_t{stored.persons[row]} << 32 |
                                       by_person.arrived.size());
            by_person.arrived.push_back({stored.sequences[row], arrivalOf(rows, row)});
        }
    }
    radixSort(by_person.places, std::identity());
    return by_person;
}

void JourneyState::addToShard(std::span<const Arrived> arrived, std::span<const PersonPlace> places,
                              PersonLogs::Edit& edit) {
    PersonLog log;
    std::vector<PersonLog::Arrival> arrivals;
    // Memory is what takes the time here: it is asked for some logs ahead.
    const auto expect = [&](PersonPlace place) {
        edit.expect(personOf(place));
        prefetch(arrived[placeOf(place)]);
    };
    for (const PersonPlace place : places.first(std::min(places.size(), kLogsAhead))) expect(place);
    while (!places.empty()) {
        const auto items = takeRun(places, personOf);
        if (places.size() > 2 * kLogsAhead) edit.expectPlace(personOf(places[2 * kLogsAhead]));
        if (places.size() > kLogsAhead) expect(places[kLogsAhead]);
        if (places.size() > kLogsAhead / 2) edit.expectRest(personOf(places[kLogsAhead / 2]));
        arrivals.clear();
        for (const PersonPlace item : items) {
            const Arrived& each = arrived[placeOf(item)];
            if (each.sequence > edit.covered()) arrivals.push_back(each.arrival);
        }
        if (arrivals.empty()) continue;
        const std::uint32_t person = personOf(items.front());
        PersonLog::sort(arrivals);
        // The usual way, which is the short one.
        if (splice(person, arrivals, edit)) continue;
        edit.load(person, log);
        if (counting_) noteBefore(log);
        log.add(arrivals);
        edit.store(person, log);
        if (counting_) recount(person, log);
    }
}

PersonLog::Arrival JourneyState::arrivalOf(const Rows& rows, std::size_t row) const {
    const StoredRows& stored = rows.stored;
    LoggedEvent event{.at_us = stored.timestamps_us[row],
                      .city = names_.knownCity(stored.cities[row]),
                      .device = names_.knownDevice(stored.devices[row]),
                      .channel = names_.knownChannel(stored.channels[row]),
                      .stage = names_.stageOf(stored.event_types[row]),
                      .line = {}};
    if (event.stage == shape_.last()) event.line = lineOf(rows, row);
    return {.event = event, .id = stored.ids[row]};
}

OrderLine JourneyState::lineOf(const Rows& rows, std::size_t row) const {
    const StoredRows& stored = rows.stored;
    const EventId id = stored.ids[row];
    const std::int64_t amount = stored.amounts_ten_thousandths[row];
    const bool has_amount = amount != EventBatch::kNoAmount;
    return {.order = rows.orders[row] != 0 ? rows.orders[row] : hashOf(id) & ~std::uint64_t{1},
            .amount_ten_thousandths = amount,
            .product = stored.products[row],
            .currency = has_amount ? names_.currency(stored.currencies[row]) : 0};
}

void JourneyState::noteBefore(const PersonLog& log) {
    before_.count(log.events());
}

void JourneyState::recount(std::uint32_t person, const PersonLog& log) {
    after_.count(log.events());
    settle(person);
}

bool JourneyState::splice(std::uint32_t person, LogSplice::Arrivals arrivals,
                          PersonLogs::Edit& edit) {
    const auto encoded = edit.encoded(person);
    LogDecoder log(shape_.stage_count, encoded, LogDecoder::Pairs::kSkip);
    before_.begin();
    PersonCounter* const before = counting_ ? &before_ : nullptr;
    const auto see = [before](const LoggedEvent& event, bool ends_instant) {
        if (before != nullptr) before->see(event, ends_instant);
    };
    if (!splice_.find(log, arrivals, see)) return false;
    tally_.expect(before_.city().value);
    const auto with_arrivals = splice_.write(encoded, arrivals);
    if (counting_) {
        // What comes before is the same with and without.
        after_.beginAs(before_);
        after_.seeAll(arrivals, &PersonLog::Arrival::event);
        for (bool more = splice_.hasNext(); more; more = log.next()) {
            before_.see(log.event(), log.endsInstant());
            after_.see(log.event(), log.endsInstant());
        }
        before_.end();
        after_.end();
        settle(person);
    }
    edit.store(person, with_arrivals);
    return true;
}

void JourneyState::settle(std::uint32_t person) {
    const PersonFigures& after = after_.figures();
    if (before_.figures().in_scope)
        tally_.replace(before_.figures(), after);
    else
        tally_.add(after);
    if (after.attributes_unknown)
        undecided_.insert(person);
    else if (!undecided_.empty())
        undecided_.erase(person);
}

void JourneyState::startCounting() {
    const MutexLock lock(mutex_);
    before_.begin();
    before_.end();
    for (std::size_t shard = 0; shard < logs_.shardCount(); ++shard) {
        logs_.read(shard,
                   [&](std::uint32_t person, std::span<const std::byte> encoded) REQUIRES(mutex_) {
                       LogDecoder log(shape_.stage_count, encoded, LogDecoder::Pairs::kSkip);
                       after_.begin();
                       while (log.next()) after_.see(log.event(), log.endsInstant());
                       after_.end();
                       settle(person);
                   });
        tally_.finish();
    }
    counting_ = true;
}

void JourneyState::replace(const Rows& rows) {
    const MutexLock lock(mutex_);
    CHECK(counting_, "logs are replaced because of a question");
    names_.learn(rows.stored.names);
    const ByPerson by_person = byPerson({&rows, 1});
    for (std::span<const PersonPlace> rest = by_person.places; !rest.empty();) {
        const auto places = takeRun(rest, personOf);
        std::vector<PersonLog::Arrival> arrivals;
        for (const PersonPlace place : places)
            arrivals.push_back(by_person.arrived[placeOf(place)].arrival);
        PersonLog fresh;
        fresh.add(arrivals);
        const std::uint32_t person = personOf(places.front());
        logs_.edit(PersonLogs::shardOf(person), [&](PersonLogs::Edit& edit) REQUIRES(mutex_) {
            PersonLog log;
            edit.load(person, log);
            if (log.events().size() != fresh.events().size()) return;
            edit.store(person, fresh);
            noteBefore(log);
            recount(person, fresh);
        });
    }
    tally_.finish();
}

// Over all time everybody is a new user.
bool JourneyState::isStanding(const JourneyQuestion& question) const {
    PersonQuestion person = question.person;
    person.new_users = false;
    if (person != standing_ || question.device || question.channel) return false;
    const MutexLock lock(mutex_);
    return tally_.knowsStartsSince(question.now_us - standing_.window_us);
}

StageCounts JourneyState::stages(const JourneyQuestion& question, Persons& undecided) const {
    const std::int64_t began_us = question.now_us - standing_.window_us;
    const MutexLock lock(mutex_);
    undecided.assign(undecided_.begin(), undecided_.end());
    if (!question.city) return tally_.stages(began_us);
    const auto code = names_.cityNamed(*question.city);
    if (code) return tally_.stagesOf(*code, began_us);
    return JourneyTally(shape_, JourneyTally::Kind::kOfOneQuestion).stages();
}

std::vector<CityCount> JourneyState::cities(const JourneyQuestion& question,
                                            Persons& undecided) const {
    const MutexLock lock(mutex_);
    undecided.assign(undecided_.begin(), undecided_.end());
    if (!question.city) return tally_.cities(std::nullopt, tallyNames());
    const auto code = names_.cityNamed(*question.city);
    if (!code) return {};
    return tally_.cities(code, tallyNames());
}

std::vector<CityCount> JourneyState::citiesOf(const JourneyTally& tally) const {
    const MutexLock lock(mutex_);
    return tally.cities(std::nullopt, tallyNames());
}

FilterCounts JourneyState::filtersOf(const FilterTally& tally) const {
    const MutexLock lock(mutex_);
    return tally.counts(names_.cities(), names_.devices(), names_.channels());
}

TallyNames JourneyState::tallyNames() const {
    return {.cities = names_.cities(), .currencies = names_.currencies()};
}

std::optional<OutsideCount> JourneyState::outside(std::optional<std::int64_t> from_us,
                                                  std::optional<std::int64_t> to_us) const {
    const MutexLock lock(mutex_);
    return outside_.count(from_us, to_us);
}

std::string JourneyState::outsideText() const {
    const MutexLock lock(mutex_);
    return outside_.toText();
}

Result<void> JourneyState::restoreOutside(std::string_view text, SequenceNumber covered) {
    auto counts = OutsideCounts::fromText(text);
    if (!counts) return std::unexpected(std::move(counts.error()));
    const MutexLock lock(mutex_);
    outside_ = std::move(*counts);
    outside_covered_ = covered;
    return {};
}

}  // namespace footfall
