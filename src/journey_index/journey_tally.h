#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <absl/container/flat_hash_map.h>

#include "journey_index/journey_counts.h"
#include "journey_index/person_figures.h"
#include "journey_index/seconds_histogram.h"

namespace footfall {

// Texts of the database's codes, as far as the answers need them.
struct TallyNames {
    std::span<const std::string> cities;      // by code
    std::span<const std::string> currencies;  // by code; [0]: that of amounts that have none
};

// JourneyTally: the sum of many persons' figures, by city; persons come in and are taken out again.
// Threads: one at a time.
// Memory: about 300 bytes a city, and the histograms of seconds; those by city only when asked for.
class JourneyTally {
  public:
    JourneyTally(const JourneyShape& shape, bool seconds_by_city)
        : shape_(shape), seconds_by_city_(seconds_by_city), seconds_(shape.stage_count) {}

    void add(const PersonFigures& person) { change(person, 1); }
    // REQUIRES: the very figures were added.
    void remove(const PersonFigures& person) { change(person, -1); }
    // As remove(before), add(after), at the cost of what differs.
    void replace(const PersonFigures& before, const PersonFigures& after);
    void merge(const JourneyTally& other);

    // Of all persons, or those of one city. REQUIRES: for a city, seconds_by_city.
    StageCounts stages(std::optional<std::uint32_t> city) const;
    // By the code of the city, those of equal names ("unknown") together; of one city alone if
    // told.
    std::vector<CityCount> cities(std::optional<std::uint32_t> city, const TallyNames& names) const;

  private:
    struct Stage {
        std::int64_t users = 0;
        std::int64_t furthest = 0;
        std::int64_t in_order = 0;
    };
    struct Amount {
        std::uint32_t currency = 0;
        std::int64_t lines = 0;
        Int128 ten_thousandths = 0;
    };
    struct City {
        std::int64_t users = 0;
        std::int64_t events = 0;
        std::int64_t orders = 0;
        std::vector<Stage> stages;
        std::vector<Amount> amounts;            // one a currency, in no order
        std::vector<SecondsHistogram> seconds;  // one a stage, or none at all
    };

    void change(const PersonFigures& person, std::int64_t sign);
    City& cityOf(const PersonFigures& person);
    static void changeFurthest(City& city, const PersonFigures& person, std::int64_t sign);
    static void changeOrders(City& city, const PersonFigures& person, std::int64_t sign);
    void changeSeconds(City& city, std::size_t stage, const PersonFigures& person,
                       std::int64_t sign);
    City emptyCity() const;
    void addTo(City& sum, const City& city) const;
    CityCount countOf(const City& city, std::uint32_t code, const TallyNames& names) const;
    const SecondsHistogram& secondsOf(const City* city, std::size_t stage) const;

    JourneyShape shape_;
    bool seconds_by_city_;
    absl::flat_hash_map<std::uint32_t, City> cities_;  // those that have users
    std::vector<SecondsHistogram> seconds_;            // of all, one a stage
};

}  // namespace footfall
