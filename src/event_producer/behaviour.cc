#include "event_producer/behaviour.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "behaviourFiles.h"
#include "event_producer/toml_reader.h"
#include "support/check.h"

namespace footfall {
namespace {

constexpr std::array<std::string_view, kActCount> kActNames = {
    "access_app",  "click_banner",   "view_products", "select_product",
    "add_to_cart", "begin_checkout", "place_order",   "add_to_wishlist"};
// The catalogue is the same for every seed: the shop does not change with the shoppers.
constexpr std::uint64_t kCatalogueSeed = 1;
constexpr std::size_t kCityTextsMax = 60'000;  // indexes are 16 bits

std::optional<Act> stageNamed(std::string_view name) {
    for (const Act act : kActs)
        if (isStage(act) && actName(act) == name) return act;
    return std::nullopt;
}

WeightedChoice choiceOf(const std::vector<std::pair<std::string, double>>& named,
                        std::vector<std::string>& names) {
    std::vector<double> weights;
    for (const auto& [name, weight] : named) {
        names.push_back(name);
        weights.push_back(weight);
    }
    return WeightedChoice(weights);
}

Reach readReach(TomlReader& in) {
    Reach reach{};
    reach[indexOf(Act::kAccessApp)] = 1.0;
    for (std::size_t stage = 1; stage < kStageCount; ++stage)
        reach[stage] = in.chance(fmt::format("reach.{}", kActNames[stage]));
    return reach;
}

void readHabits(TomlReader& in, BehaviourModel& model) {
    model.habits = {.list_again = in.chanceOfMore("habits.list_again"),
                    .back_to_list = in.chanceOfMore("habits.back_to_list"),
                    .deep_link = in.chance("habits.deep_link"),
                    .wishlist = in.chance("habits.wishlist"),
                    .another_item = in.chanceOfMore("habits.another_item"),
                    .reload_thanks = in.chance("habits.reload_thanks"),
                    .order_again = in.chance("habits.order_again")};
    model.visits = {.leave_between = in.chance("visits.leave_between"),
                    .return_after = in.chanceOfMore("visits.return_after"),
                    .resumed = in.chance("visits.resumed"),
                    .gap_hours = {.median = in.number("visits.gap_hours", 0.01, 1e4),
                                  .sigma = in.number("visits.gap_sigma", 0, 5)}};
}

void readTimes(TomlReader& in, BehaviourModel& model) {
    model.utc_offset = std::chrono::minutes(in.whole("utc_offset_minutes", -14 * 60, 14 * 60));
    model.period = std::chrono::days(in.whole("period_days", 3, 3650));
    const double sigma = in.number("pace_seconds.sigma", 0, 5);
    for (const Act act : kActs)
        model.pace_seconds[indexOf(act)] = {
            .median = in.number(fmt::format("pace_seconds.{}", actName(act)), 0.001, 1e5),
            .sigma = sigma};
    const std::vector<double> hours = in.weights("day.hours");
    if (hours.size() != 24) in.refuse("day.hours", "must have 24 weights");
    model.hours = WeightedChoice(hours);
}

// Whole rupees for most, and the usual .50 and .99.
std::int64_t drawPrice(const LogNormal& price, Random& random) {
    constexpr std::array<std::int64_t, 4> kEndings = {0, 0, 5'000, 9'900};
    const double rupees = std::clamp(std::round(price.draw(random)), 1.0, 1e9);
    return static_cast<std::int64_t>(rupees) * 10'000 + kEndings[random.below(kEndings.size())];
}

void readProducts(TomlReader& in, BehaviourModel& model) {
    BehaviourModel::Products& products = model.products;
    const auto count = static_cast<std::size_t>(in.whole("products.count", 1, 1'000'000));
    const LogNormal price = {.median = in.number("products.price_median", 1, 1e6),
                             .sigma = in.number("products.price_sigma", 0, 5)};
    const double exponent = in.number("products.zipf_exponent", 0, 10);
    products.choice = WeightedChoice(zipfWeights(1, count, exponent));
    products.quantities = WeightedChoice(in.weights("products.quantities"));
    products.currency = in.text("products.currency");
    const auto named = in.namedWeights("products.categories");
    if (named.size() > 256) in.refuse("products.categories", "must be at most 256");
    const WeightedChoice categories = choiceOf(named, products.category_names);
    for (std::size_t product = 0; product < count; ++product) {
        Random random = Random::of(kCatalogueSeed, product);
        products.prices_ten_thousandths.push_back(drawPrice(price, random));
        products.categories.push_back(static_cast<std::uint8_t>(categories.draw(random)));
    }
}

ModelCity* cityNamed(BehaviourModel& model, std::string_view name) {
    const auto found = std::ranges::find(model.cities, name, &ModelCity::name);
    return found == model.cities.end() ? nullptr : &*found;
}

// The named cities, then the tail that shares the rest of 100 by Zipf's law.
void readCityWeights(TomlReader& in, BehaviourModel& model, const Reach& reach) {
    const auto add = [&](const std::string& name) {
        if (cityNamed(model, name)) in.refuse("cities.tail", "names a city twice: " + name);
        model.cities.push_back({.name = name, .reach = reach, .factor = 1.0, .spellings = {}});
    };
    std::vector<double> weights;
    double rest = 100.0;
    for (const auto& [name, weight] : in.namedWeights("cities.weights")) {
        add(name);
        weights.push_back(weight);
        rest -= weight;
    }
    const std::vector<std::string> tail = in.texts("cities.tail");
    if (rest < 0) in.refuse("cities.weights", "must not add up to more than 100");
    const std::vector<double> zipf =
        zipfWeights(weights.size() + 1, weights.size() + tail.size(), 1.0);
    double zipf_sum = 0;
    for (const double weight : zipf) zipf_sum += weight;
    for (std::size_t at = 0; at < tail.size(); ++at) {
        add(tail[at]);
        weights.push_back(std::max(rest, 0.0) * zipf[at] / zipf_sum);
    }
    model.city_choice = WeightedChoice(weights);
}

void readSpellings(TomlReader& in, BehaviourModel& model) {
    for (const ModelCity& city : model.cities) model.city_texts.push_back(city.name);
    const toml::node* node = in.node("cities.spellings");
    const toml::table* table = node ? node->as_table() : nullptr;
    if (!table)
        return in.refuse("cities.spellings", "must be a table of cities and their spellings");
    for (const auto& [key, value] : *table) {
        const std::string path = fmt::format("cities.spellings.{}", key.str());
        ModelCity* city = cityNamed(model, key.str());
        if (!city) return in.refuse(path, "must be a city of cities.weights or cities.tail");
        for (const std::string& spelling : in.texts(path)) {
            city->spellings.push_back(static_cast<std::uint16_t>(model.city_texts.size()));
            model.city_texts.push_back(spelling);
        }
    }
    model.city_texts.emplace_back("unknown");
    if (model.city_texts.size() > kCityTextsMax) in.refuse("cities", "has too many names");
}

void applyDifference(TomlReader& in, BehaviourModel& model, const toml::table& entry) {
    constexpr std::string_view kPath = "cities.differences";
    ModelCity* city = cityNamed(model, entry["city"].value_or(std::string_view()));
    const std::optional<Act> stage = stageNamed(entry["at"].value_or(std::string_view()));
    const double factor = entry["factor"].value_or(0.0);
    if (entry.size() != 3 || !city || !stage || stage == Act::kAccessApp || !(factor > 0))
        return in.refuse(kPath, "needs city, at (a stage after the first) and factor above 0");
    double& reach = city->reach[indexOf(*stage)];
    if (reach * factor > 1)
        return in.refuse(kPath, "gives " + city->name + " a chance above 1: lower its factor");
    reach *= factor;
    city->factor *= factor;
}

void readDifferences(TomlReader& in, BehaviourModel& model) {
    const toml::node* node = in.node("cities.differences");
    const toml::array* array = node ? node->as_array() : nullptr;
    for (std::size_t at = 0; array && at < array->size(); ++at) {
        const toml::table* entry = array->get(at)->as_table();
        if (!entry) return in.refuse("cities.differences", "must be an array of tables");
        applyDifference(in, model, *entry);
    }
}

void readCities(TomlReader& in, BehaviourModel& model) {
    readCityWeights(in, model, readReach(in));
    readSpellings(in, model);
    readDifferences(in, model);
    model.writing = {.away = in.chance("cities.away"),
                     .hidden = in.chance("cities.hidden"),
                     .missing = in.chance("cities.missing"),
                     .unknown = in.chance("cities.unknown"),
                     .misspelt = in.chance("cities.misspelt")};
}

BehaviourModel readModel(TomlReader& in) {
    BehaviourModel model;
    model.name = in.text("name");
    readHabits(in, model);
    readTimes(in, model);
    readProducts(in, model);
    model.devices = choiceOf(in.namedWeights("devices"), model.device_names);
    model.channels = choiceOf(in.namedWeights("channels"), model.channel_names);
    if (model.device_names.size() > 256) in.refuse("devices", "must be at most 256");
    if (model.channel_names.size() > 256) in.refuse("channels", "must be at most 256");
    model.shoppers = {
        .guests = in.chance("shoppers.guests"),
        .offline = in.chance("shoppers.offline"),
        .offline_days = std::chrono::days(in.whole("shoppers.offline_days", 0, 3650))};
    readCities(in, model);
    return model;
}

}  // namespace

std::string_view actName(Act act) {
    return kActNames[indexOf(act)];
}

Result<BehaviourModel> parseBehaviour(std::string_view toml, std::string_view source) {
    const toml::parse_result parsed = toml::parse(toml, source);
    if (!parsed) {
        const toml::parse_error& error = parsed.error();
        return fail(Code::kMalformed, fmt::format("{}:{}: {}", source, error.source().begin.line,
                                                  error.description()));
    }
    TomlReader in(parsed.table(), source);
    BehaviourModel model = readModel(in);
    if (std::optional<Error> problem = in.problem()) return std::unexpected(std::move(*problem));
    return model;
}

const BehaviourModel& defaultBehaviour() {
    static const BehaviourModel kModel = [] {
        constexpr std::string_view kPath = "data/behaviour/storefront.toml";
        Result<BehaviourModel> model = parseBehaviour(behaviourFiles(kPath), kPath);
        CHECK(model.has_value(), "the built-in behaviour model is valid");
        return *std::move(model);
    }();
    return kModel;
}

Reach expectedShares(const BehaviourModel& model) {
    Reach shares{};
    for (std::size_t city = 0; city < model.cities.size(); ++city) {
        double here = model.city_choice.share(city);
        const Reach& reach = model.cities[city].reach;
        for (std::size_t stage = 0; stage < kStageCount; ++stage) {
            if (!isOptional(stage)) here *= reach[stage];
            shares[stage] += isOptional(stage) ? here * reach[stage] : here;
        }
    }
    return shares;
}

}  // namespace footfall
