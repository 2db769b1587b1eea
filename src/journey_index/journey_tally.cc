#include "journey_index/journey_tally.h"

#include <algorithm>
#include <bit>

namespace footfall {
namespace {

constexpr std::int64_t kQuartersADay = 96;
constexpr std::int64_t kQuartersKept = 9 * kQuartersADay;
constexpr std::int64_t kMedianTenths = 5;
constexpr std::int64_t kP90Tenths = 9;
constexpr std::size_t kLineBytes = 64;  // of the cache
constexpr std::size_t kChangesAhead = 8;

template <class Each>
void forEachStage(std::uint32_t stages, const Each& each) {
    for (; stages != 0; stages &= stages - 1)
        each(static_cast<std::size_t>(std::countr_zero(stages)));
}

template <class Amounts>
auto& amountIn(Amounts& amounts, std::uint32_t currency) {
    const auto found = std::ranges::find_if(
        amounts, [&](const auto& amount) { return amount.currency == currency; });
    if (found != amounts.end()) return *found;
    amounts.push_back({.currency = currency});
    return amounts.back();
}

}  // namespace

JourneyTally::City JourneyTally::emptyCity(std::uint32_t code) const {
    City city{.code = code};
    city.stages.resize(shape_.stage_count);
    if (standing_) city.seconds.resize(shape_.stage_count);
    return city;
}

JourneyTally::City& JourneyTally::cityOf(std::uint32_t code) {
    if (city_places_.size() <= code) city_places_.resize(code + 1);
    std::uint32_t& place = city_places_[code];
    if (place == 0) {
        cities_.push_back(emptyCity(code));
        place = static_cast<std::uint32_t>(cities_.size());
    }
    return cities_[place - 1];
}

const JourneyTally::City* JourneyTally::findCity(std::uint32_t code) const {
    if (city_places_.size() <= code || city_places_[code] == 0) return nullptr;
    return &cities_[city_places_[code] - 1];
}

void JourneyTally::change(const PersonFigures& person, std::int64_t sign) {
    City& city = cityOf(person.city);
    city.users += sign;
    city.events += sign * static_cast<std::int64_t>(person.events);
    forEachStage(person.done, [&](std::size_t stage) { city.stages[stage].users += sign; });
    forEachStage(person.in_order, [&](std::size_t stage) {
        city.stages[stage].in_order += sign;
        changeSeconds(city, stage, person, sign);
    });
    changeFurthest(city, person, sign);
    changeOrders(city, person, sign);
    changeStart(city, person, sign);
}

void JourneyTally::replace(const PersonFigures& before, const PersonFigures& after) {
    if (before.city != after.city) {
        remove(before);
        add(after);
        return;
    }
    City& city = cityOf(after.city);
    city.events += static_cast<std::int64_t>(after.events - before.events);
    forEachStage(before.done ^ after.done,
                 [&](std::size_t stage) { city.stages[stage].users += after.did(stage) ? 1 : -1; });
    if (before.done != after.done) {
        changeFurthest(city, before, -1);
        changeFurthest(city, after, 1);
    }
    forEachStage(before.in_order ^ after.in_order, [&](std::size_t stage) {
        city.stages[stage].in_order += after.didInOrder(stage) ? 1 : -1;
    });
    forEachStage(before.in_order | after.in_order, [&](std::size_t stage) {
        if (before.secondsTo(stage, shape_) == after.secondsTo(stage, shape_)) return;
        changeSeconds(city, stage, before, -1);
        changeSeconds(city, stage, after, 1);
    });
    if (before.lines != after.lines) {
        changeOrders(city, before, -1);
        changeOrders(city, after, 1);
    }
    if (startOf(before) == startOf(after)) return;
    changeStart(city, before, -1);
    changeStart(city, after, 1);
}

// The quarter of an hour in which a person began last who has not bought.
std::optional<std::int64_t> JourneyTally::startOf(const PersonFigures& person) const {
    if (!standing_ || !person.last_start_us || person.didInOrder(shape_.last()))
        return std::nullopt;
    return *person.last_start_us / kQuarterHourUs;
}

void JourneyTally::expect(std::uint32_t city) const {
    const City* const found = findCity(city);
    if (found == nullptr) return;
    for (std::size_t at = 0; at < sizeof(City); at += kLineBytes)
        __builtin_prefetch(reinterpret_cast<const std::byte*>(found) + at, 1);
}

void JourneyTally::changeStart(City& city, const PersonFigures& person, std::int64_t sign) {
    const auto start = startOf(person);
    if (!start || *start < starts_from_) return;
    const std::int64_t quarter = *start;
    city.starts[quarter] += sign;
    starts_[quarter] += sign;
    // Events are at most a day ahead of the clock, so what is a day older than that and the window
    // is never asked for again.
    if (quarter - kQuartersKept <= starts_from_ + kQuartersADay) return;
    starts_from_ = quarter - kQuartersKept;
    forgetStarts(starts_, starts_from_);
    for (City& each : cities_) forgetStarts(each.starts, starts_from_);
}

void JourneyTally::forgetStarts(Starts& starts, std::int64_t before) {
    absl::erase_if(starts, [&](const auto& entry) { return entry.first < before; });
}

void JourneyTally::changeFurthest(City& city, const PersonFigures& person, std::int64_t sign) {
    const auto furthest = static_cast<std::size_t>(std::bit_width(person.done)) - 1;
    city.stages[furthest].furthest += sign;
}

void JourneyTally::changeOrders(City& city, const PersonFigures& person, std::int64_t sign) {
    const auto& lines = person.lines;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (i == 0 || lines[i].order != lines[i - 1].order) city.orders += sign;
        if (lines[i].amount_ten_thousandths == EventBatch::kNoAmount) continue;
        Amount& amount = amountIn(city.amounts, lines[i].currency);
        amount.lines += sign;
        amount.ten_thousandths += sign * Int128{lines[i].amount_ten_thousandths};
    }
}

void JourneyTally::changeSeconds(City& city, std::size_t stage, const PersonFigures& person,
                                 std::int64_t sign) {
    const auto seconds = person.secondsTo(stage, shape_);
    if (!seconds) return;
    if (!standing_) {
        seconds_[stage].add(*seconds, sign);
        return;
    }
    for (SecondsHistogram* const histogram : {&seconds_[stage], &city.seconds[stage]}) {
        __builtin_prefetch(histogram);
        changes_.push_back({.histogram = histogram, .seconds = *seconds, .times = sign});
    }
}

void JourneyTally::finish() {
    for (std::size_t i = 0; i < changes_.size(); ++i) {
        if (i + kChangesAhead < changes_.size()) {
            const SecondsChange& ahead = changes_[i + kChangesAhead];
            ahead.histogram->expect(ahead.seconds);
        }
        changes_[i].histogram->add(changes_[i].seconds, changes_[i].times);
    }
    changes_.clear();
}

void JourneyTally::addTo(City& sum, const City& city) const {
    sum.users += city.users;
    sum.events += city.events;
    sum.orders += city.orders;
    for (std::size_t i = 0; i < shape_.stage_count; ++i) {
        sum.stages[i].users += city.stages[i].users;
        sum.stages[i].furthest += city.stages[i].furthest;
        sum.stages[i].in_order += city.stages[i].in_order;
    }
    for (const Amount& amount : city.amounts) {
        Amount& of_currency = amountIn(sum.amounts, amount.currency);
        of_currency.lines += amount.lines;
        of_currency.ten_thousandths += amount.ten_thousandths;
    }
    for (std::size_t i = 0; i < sum.seconds.size(); ++i) sum.seconds[i].merge(city.seconds[i]);
}

void JourneyTally::merge(const JourneyTally& other) {
    for (const City& city : other.cities_) addTo(cityOf(city.code), city);
    for (std::size_t i = 0; i < seconds_.size(); ++i) seconds_[i].merge(other.seconds_[i]);
    inside_window_ += other.inside_window_;
}

bool JourneyTally::knowsStartsSince(std::int64_t began_us) const {
    return began_us % kQuarterHourUs == 0 && began_us / kQuarterHourUs >= starts_from_;
}

StageCounts JourneyTally::stages(std::int64_t began_us) const {
    City sum;
    sum.stages.resize(shape_.stage_count);
    for (const City& city : cities_) addTo(sum, city);
    return countsOf(sum, seconds_, starts_, began_us);
}

StageCounts JourneyTally::stagesOf(std::uint32_t city, std::int64_t began_us) const {
    const City nobody = emptyCity(city);
    const City* const found = findCity(city);
    const City& counted = found == nullptr ? nobody : *found;
    return countsOf(counted, counted.seconds, counted.starts, began_us);
}

StageCounts JourneyTally::countsOf(const City& sum, std::span<const SecondsHistogram> seconds,
                                   const Starts& starts, std::int64_t began_us) const {
    StageCounts counts{.total_users = sum.users,
                       .total_events = sum.events,
                       .users_inside_window = inside_window_,
                       .stages = {}};
    for (const auto& [quarter, users] : starts)
        if (quarter * kQuarterHourUs >= began_us) counts.users_inside_window += users;
    for (std::size_t i = 0; i < shape_.stage_count; ++i) {
        StageCount stage{.users = sum.stages[i].users,
                         .furthest_users = sum.stages[i].furthest,
                         .users_in_order = sum.stages[i].in_order,
                         .median = std::nullopt,
                         .p90 = std::nullopt};
        if (seconds[i].count() > 0) {
            stage.median = seconds[i].neighbours(kMedianTenths);
            stage.p90 = seconds[i].neighbours(kP90Tenths);
        }
        counts.stages.push_back(stage);
    }
    return counts;
}

CityCount JourneyTally::countOf(const City& city, const TallyNames& names) const {
    CityCount count{.city = city.code == 0 ? std::string(kUnknownCity) : names.cities[city.code],
                    .users = city.users,
                    .stage_users = {},
                    .users_in_order = {},
                    .buyers = city.stages.back().users,
                    .orders = city.orders,
                    .revenue = {}};
    for (const Stage& stage : city.stages) {
        count.stage_users.push_back(stage.users);
        count.users_in_order.push_back(stage.in_order);
    }
    for (const Amount& amount : city.amounts)
        if (amount.lines > 0)
            count.revenue[names.currencies[amount.currency]].ten_thousandths +=
                amount.ten_thousandths;
    return count;
}

std::vector<CityCount> JourneyTally::cities(std::optional<std::uint32_t> city,
                                            const TallyNames& names) const {
    std::vector<CityCount> counts;
    for (const City& each : cities_)
        if (each.users > 0 && (!city || each.code == *city)) counts.push_back(countOf(each, names));
    return counts;
}

}  // namespace footfall
