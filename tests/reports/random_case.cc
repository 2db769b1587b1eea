#include "tests/reports/random_case.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "support/random.h"

namespace footfall {
namespace {

constexpr std::int64_t kBeginUs = 1'772'323'200'000'000;  // 2026-03-01T00:00:00Z
constexpr std::int64_t kSecondUs = 1'000'000;
// Instants of a case are multiples of one of these, so that they often coincide and windows often
// end exactly on one.
constexpr std::array<std::int64_t, 5> kTicksUs = {kSecondUs / 4, kSecondUs, 60 * kSecondUs,
                                                  3600 * kSecondUs, 86'400 * kSecondUs};
constexpr std::array<const char*, 4> kCities = {"Pune", "Delhi", "Kolkata", "Bengaluru"};

class CaseMaker {
  public:
    CaseMaker(std::uint64_t seed, std::uint64_t index)
        : random_(Random::of(seed, index)), large_(index % 6 == 0) {}

    RandomCase make() {
        case_.currency = random_.chance(0.8) ? "INR" : "EUR";
        makeJourney();
        tick_us_ = pick(kTicksUs);
        ticks_ = 2 + random_.below(40);
        makeEvents();
        makeQuery();
        // One that has a change of the clocks among the instants, one that is no whole hours off.
        constexpr std::array<const char*, 5> kZones = {"UTC", "Asia/Kolkata", "America/New_York",
                                                       "America/New_York", "America/New_York"};
        case_.zone = pick(kZones);
        case_.now = utcFromMicros(instant()) + Micros(tick_us_ * 3);
        makeComparison();
        makePage();
        add("by", random_.chance(0.5) ? "day" : "week");
        return std::move(case_);
    }

  private:
    template <class List>
    typename List::value_type pick(const List& list) {
        return list[random_.below(list.size())];
    }
    std::int64_t instant() {
        return kBeginUs + tick_us_ * static_cast<std::int64_t>(random_.below(ticks_));
    }

    void makeJourney() {
        case_.journey.name = "random";
        const std::size_t stages = 1 + random_.below(5);
        for (std::size_t i = 0; i < stages; ++i) {
            Stage stage{.name = fmt::format("stage_{}", i),
                        .optional = i + 1 < stages && random_.chance(0.3),
                        .event_types = {}};
            for (std::size_t type = 0; type <= random_.below(2); ++type)
                stage.event_types.push_back(fmt::format("type_{}_{}", i, type));
            case_.journey.stages.push_back(std::move(stage));
        }
    }

    void makeEvents() {
        users_ = large_ ? 80 + random_.below(200) : 1 + random_.below(8);
        events_ = large_ ? users_ * 2 : 5 + random_.below(56);
        // Cities whose users get further than those of others, so that some verdicts are clear.
        strong_city_ = pick(kCities);
        for (std::size_t i = 0; i < events_; ++i) case_.events.push_back(makeEvent());
    }

    StoredEvent makeEvent() {
        StoredEvent event{.id = {.high = random_.next(), .low = random_.next()},
                          .timestamp_us = instant()};
        const std::uint64_t person = random_.below(users_);
        const std::string id = fmt::format("p{}", person);
        if (random_.chance(0.8)) event.user_id = id;
        if (event.user_id.empty() || random_.chance(0.3)) event.anonymous_id = id;

        const double known = large_ ? 0.95 : 0.6;
        if (random_.chance(known))
            event.city = large_ ? kCities[person % kCities.size()] : pick(kCities);
        constexpr std::array<const char*, 4> kDevices = {"", "unknown", "mobile", "desktop"};
        constexpr std::array<const char*, 4> kChannels = {"", "unknown", "ads", "email"};
        event.device = pick(kDevices);
        event.channel = pick(kChannels);
        setType(event);
        if (random_.chance(0.7)) setLine(event);
        return event;
    }

    void setType(StoredEvent& event) {
        if (random_.chance(0.07)) {
            event.event_type = fmt::format("elsewhere_{}", random_.below(3));
            return;
        }
        const auto& stages = case_.journey.stages;
        std::size_t stage = random_.below(stages.size());
        if (large_ && event.city != strong_city_ && random_.chance(0.8)) stage = 0;
        event.event_type = pick(stages[stage].event_types);
    }

    void setLine(StoredEvent& event) {
        constexpr std::array<const char*, 4> kCurrencies = {"", "INR", "INR", "USD"};
        // Some are longer than what the database keeps as a number.
        const char* order = random_.chance(0.3) ? "order-of-a-long-name-" : "o";
        if (random_.chance(0.6)) event.order_id = fmt::format("{}{}", order, random_.below(3));
        if (random_.chance(0.8)) event.product_id = fmt::format("x{}", random_.below(3));
        if (random_.chance(0.8))
            event.amount_ten_thousandths = static_cast<std::int64_t>(random_.below(4) * 33'333);
        if (random_.chance(0.7)) event.currency = pick(kCurrencies);
    }

    void add(const char* name, std::string value) {
        case_.query.emplace_back(name, std::move(value));
    }

    // A few ticks, so that many a chain is cut; sometimes none or the default.
    void addWindow() {
        const std::int64_t ticks_s = static_cast<std::int64_t>(1 + random_.below(8)) * tick_us_;
        if (random_.chance(0.7))
            add("window", fmt::format("{}s", std::max<std::int64_t>(1, ticks_s / kSecondUs)));
        else if (random_.chance(0.5))
            add("window", "unlimited");
    }

    void makeQuery() {
        constexpr std::array<const char*, 3> kSomeCities = {"Pune", "unknown", "bangalore"};
        constexpr std::array<const char*, 3> kDevices = {"mobile", "unknown", "tablet"};
        constexpr std::array<const char*, 2> kChannels = {"ads", "unknown"};
        constexpr std::array<const char*, 3> kMargins = {"0.1", "0.5", "0.9"};
        constexpr std::array<CitySort, 4> kSorts = {
            CitySort::kUsers, CitySort::kRevenue, CitySort::kRevenuePerUser, CitySort::kConversion};
        std::int64_t from = instant();
        std::int64_t to = instant();
        if (from > to) std::swap(from, to);
        if (random_.chance(0.35)) add("from", formatUtc(utcFromMicros(from)));
        if (random_.chance(0.35) && to > from) add("to", formatUtc(utcFromMicros(to)));
        if (random_.chance(0.25)) add("new_users", "true");
        if (random_.chance(0.1)) add("city", pick(kSomeCities));
        if (random_.chance(0.1)) add("device", pick(kDevices));
        if (random_.chance(0.1)) add("channel", pick(kChannels));
        addWindow();
        if (random_.chance(0.3)) add("margin", pick(kMargins));
        if (random_.chance(0.6)) add("sort", std::string(sortName(pick(kSorts))));
    }

    bool asks(std::string_view name) const {
        return std::ranges::find(case_.query, name, &QueryPair::first) != case_.query.end();
    }

    void makeComparison() {
        constexpr std::array<const char*, 3> kGroups = {"compare_city", "compare_device",
                                                        "compare_channel"};
        constexpr std::array<const char*, 3> kNames = {"Delhi", "mobile", "ads"};
        const std::uint64_t kind = random_.below(4);
        if (kind == 0 && asks("from") && asks("to")) add("compare", "previous");
        if (kind == 1 && (asks("city") || asks("device") || asks("channel")))
            add("compare", "others");
        if (kind != 2) return;
        const std::size_t group = random_.below(kGroups.size());
        if (random_.chance(0.6)) add(kGroups[group], kNames[group]);
        if (random_.chance(0.6)) add("compare_from", formatUtc(utcFromMicros(instant())));
    }

    void makePage() {
        constexpr std::array<const char*, 3> kSearches = {"e", "PUNE", "kata"};
        constexpr std::array<const char*, 3> kVerdicts = {"better,worse", "too_early_to_say",
                                                          "no_clear_difference,better"};
        if (random_.chance(0.3)) add("top", std::to_string(1 + random_.below(4)));
        if (random_.chance(0.2)) add("offset", std::to_string(random_.below(4)));
        if (random_.chance(0.2)) add("city_search", pick(kSearches));
        if (random_.chance(0.2)) add("city_verdict", pick(kVerdicts));
        if (random_.chance(0.1)) add("city_is", pick(kCities));
    }

    Random random_;
    bool large_;
    RandomCase case_;
    std::int64_t tick_us_ = 0;
    std::uint64_t ticks_ = 0;
    std::uint64_t users_ = 0;
    std::uint64_t events_ = 0;
    std::string strong_city_;
};

}  // namespace

RandomCase randomCase(std::uint64_t seed, std::uint64_t index) {
    return CaseMaker(seed, index).make();
}

}  // namespace footfall
