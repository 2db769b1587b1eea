#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <absl/container/inlined_vector.h>

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
// Memory: about 400 bytes a city, and the histograms of seconds; those by city, and when the
//   persons began who have not bought, only in a standing tally.
class JourneyTally {
  public:
    // Standing: counts go on for ever, and are asked for by city.
    enum class Kind { kOfOneQuestion, kStanding };
    JourneyTally(const JourneyShape& shape, Kind kind)
        : shape_(shape), standing_(kind == Kind::kStanding), seconds_(shape.stage_count) {}

    void add(const PersonFigures& person, bool is_inside_window = false) {
        change(person, 1);
        inside_window_ += is_inside_window;
    }
    // REQUIRES: the very figures were added.
    void remove(const PersonFigures& person) { change(person, -1); }
    // As remove(before), add(after), at the cost of what differs.
    void replace(const PersonFigures& before, const PersonFigures& after);
    void merge(const JourneyTally& other);
    // Says that somebody of the city is going to be added or replaced soon.
    void expect(std::uint32_t city) const;
    // In a standing tally the seconds of who comes in and is taken out are changed together, here,
    // since memory is what that waits for. Nothing is asked before.
    void finish();

    // Whether a standing tally can tell who has begun since then.
    bool knowsStartsSince(std::int64_t began_us) const;
    // Of all persons. users_inside_window are those that were added as such; a standing tally tells
    // the persons who have begun since `began_us`, a whole quarter of an hour, and have not bought.
    StageCounts stages(std::int64_t began_us = 0) const;
    // Of one city. REQUIRES: a standing tally.
    StageCounts stagesOf(std::uint32_t city, std::int64_t began_us) const;
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
    // Of those who have not bought: how many began last in which quarter of an hour.
    using Starts = absl::flat_hash_map<std::int64_t, std::int64_t>;
    struct City {
        std::uint32_t code = 0;
        std::int64_t users = 0;
        std::int64_t events = 0;
        std::int64_t orders = 0;
        absl::InlinedVector<Stage, 8> stages;   // which a person changes with the numbers above
        std::vector<Amount> amounts;            // one a currency, in no order
        std::vector<SecondsHistogram> seconds;  // one a stage, or none at all
        Starts starts;
    };

    // So that more cities do not move what the one holds.
    static_assert(std::is_nothrow_move_constructible_v<City>);

    void change(const PersonFigures& person, std::int64_t sign);
    // Makes it if there is none.
    City& cityOf(std::uint32_t code);
    const City* findCity(std::uint32_t code) const;
    static void changeFurthest(City& city, const PersonFigures& person, std::int64_t sign);
    static void changeOrders(City& city, const PersonFigures& person, std::int64_t sign);
    struct SecondsChange {
        SecondsHistogram* histogram;  // of seconds_ or of a city's, which never move
        std::int64_t seconds;
        std::int64_t times;
    };
    void changeSeconds(City& city, std::size_t stage, const PersonFigures& person,
                       std::int64_t sign);
    City emptyCity(std::uint32_t code) const;
    void addTo(City& sum, const City& city) const;
    CityCount countOf(const City& city, const TallyNames& names) const;
    std::optional<std::int64_t> startOf(const PersonFigures& person) const;
    void changeStart(City& city, const PersonFigures& person, std::int64_t sign);
    static void forgetStarts(Starts& starts, std::int64_t before);
    StageCounts countsOf(const City& sum, std::span<const SecondsHistogram> seconds,
                         const Starts& starts, std::int64_t began_us) const;

    JourneyShape shape_;
    bool standing_;
    std::vector<City> cities_;                // those that have or had users, in no order
    std::vector<std::uint32_t> city_places_;  // by code: its place in cities_ + 1; 0: none
    std::vector<SecondsHistogram> seconds_;   // of all, one a stage
    std::vector<SecondsChange> changes_;      // until finish()
    Starts starts_;                           // of all
    std::int64_t starts_from_ = 0;            // those before are not kept
    std::int64_t inside_window_ = 0;
};

}  // namespace footfall
