#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "event_producer/sampling.h"
#include "support/clock.h"
#include "support/result.h"

namespace footfall {

// What a shopper can do. The first kStageCount are the stages of the default journey, in its order.
enum class Act : std::uint8_t {
    kAccessApp,
    kClickBanner,
    kViewProducts,
    kSelectProduct,
    kAddToCart,
    kBeginCheckout,
    kPlaceOrder,
    kAddToWishlist,  // belongs to no stage
};
constexpr std::size_t kStageCount = 7;
constexpr std::size_t kActCount = 8;
constexpr std::array<Act, kActCount> kActs = {
    Act::kAccessApp, Act::kClickBanner,   Act::kViewProducts, Act::kSelectProduct,
    Act::kAddToCart, Act::kBeginCheckout, Act::kPlaceOrder,   Act::kAddToWishlist};
constexpr std::size_t indexOf(Act act) {
    return static_cast<std::size_t>(act);
}
constexpr bool isStage(Act act) {
    return indexOf(act) < kStageCount;
}
// A side entrance that may be skipped.
constexpr bool isOptional(std::size_t stage) {
    return stage == indexOf(Act::kClickBanner);
}
// REQUIRES: stage > 0.
constexpr std::size_t requiredStageBefore(std::size_t stage) {
    return isOptional(stage - 1) ? stage - 2 : stage - 1;
}
// The event type: "access_app".
std::string_view actName(Act act);

// By stage: the chance to ever get there from the required stage before, see [reach].
using Reach = std::array<double, kStageCount>;

struct ModelCity {
    std::string name;  // as the reports call it
    Reach reach{};     // [reach] with the city's difference applied
    double factor = 1.0;
    std::vector<std::uint16_t> spellings;  // other ways to write it, in BehaviourModel::city_texts
};

// BehaviourModel: how shoppers behave, as data. Parsed once, then only read; each group of members
// is the table of that name in data/behaviour/storefront.toml, where every figure is explained.
// Threads: a value; const, any thread.
struct BehaviourModel {
    std::string name;
    Micros utc_offset{};
    std::chrono::days period{};

    struct Habits {
        double list_again = 0, back_to_list = 0, deep_link = 0, wishlist = 0;
        double another_item = 0, reload_thanks = 0, order_again = 0;
    } habits;
    struct Visits {
        double leave_between = 0, return_after = 0, resumed = 0;
        LogNormal gap_hours;
    } visits;
    std::array<LogNormal, kActCount> pace_seconds;
    WeightedChoice hours;  // of the shoppers' local day

    struct Products {
        WeightedChoice choice;
        std::vector<std::int64_t> prices_ten_thousandths;  // by product
        std::vector<std::uint8_t> categories;              // by product
        std::vector<std::string> category_names;
        WeightedChoice quantities;  // index 0 is one piece
        std::string currency;
    } products;

    std::vector<std::string> device_names;
    WeightedChoice devices;
    std::vector<std::string> channel_names;
    WeightedChoice channels;

    struct Shoppers {
        double guests = 0, offline = 0;
        std::chrono::days offline_days{};
    } shoppers;

    std::vector<ModelCity> cities;
    WeightedChoice city_choice;
    struct CityWriting {
        double away = 0, hidden = 0, missing = 0, unknown = 0, misspelt = 0;
    } writing;
    // Every text that stands in the field `city`: first the names, city by city, then the other
    // spellings, last the word "unknown".
    std::vector<std::string> city_texts;
};

// `source` names the file in errors. Errors: kMalformed (no TOML, with the line) | kInvalidArgument
// naming the key, its value and what it may be; a key that the model does not know is one.
[[nodiscard]] Result<BehaviourModel> parseBehaviour(std::string_view toml, std::string_view source);

// data/behaviour/storefront.toml, built in.
const BehaviourModel& defaultBehaviour();

// By stage: the expected share of all shoppers that ever get there, computed from the model alone.
Reach expectedShares(const BehaviourModel& model);

}  // namespace footfall
