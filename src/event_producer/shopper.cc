#include "event_producer/shopper.h"

#include <algorithm>

#include "support/check.h"

namespace footfall {
namespace {

constexpr Micros kDay = std::chrono::days(1);
constexpr Micros kHour = std::chrono::hours(1);
// A break shorter than this is the same sitting: the time of day is not drawn anew.
constexpr Micros kSittingMax = 3 * kHour;
// Habits stop repeating here, so that no model can play for ever.
constexpr std::size_t kEventsMax = 200;
constexpr std::uint16_t kBannerCount = 12;
constexpr std::uint16_t kPagesMax = 40;

Micros microsOf(double seconds) {
    // A century is more than any period; the bound keeps the conversion defined.
    return Micros(static_cast<std::int64_t>(std::min(seconds, 3e9) * 1e6));
}

// Walk: one shopper's way through the shop, visit by visit.
// Use: construct, run() once.
class Walk {
  public:
    Walk(const BehaviourModel& model, std::uint64_t seed, Shopper& out)
        : model_(model), random_(Random::of(seed, out.index)), out_(out) {}

    void run();

  private:
    struct CartLine {
        std::uint32_t product;
        std::uint16_t quantity;
    };

    void drawShopper();
    bool gets(Act stage) { return random_.chance(home_->reach[indexOf(stage)]); }
    Act drawFurthest();
    void goTo(Act stage);
    void perhapsComeBackLater();
    void browseAgain(Act furthest);

    bool openVisit();
    void arrive();
    void viewProducts();
    void selectProduct();
    void lookAround();
    void fillCart();
    void addToCart();
    void placeOrder();

    ShopperEvent& emit(Act act);
    void writeCity(ShopperEvent& event);
    bool again(double chance) { return random_.chance(chance) && out_.events.size() < kEventsMax; }
    Micros timeOfDay();
    // The whole walk fits in before the last midnight: the first day is up to 24 h after start.
    Micros end() const { return model_.period - kDay; }
    void placeInPeriod();

    const BehaviourModel& model_;
    Random random_;
    Shopper& out_;

    const ModelCity* home_ = nullptr;
    bool city_hidden_ = false;
    Micros now_{};
    std::uint16_t visit_ = 0;
    std::uint16_t visit_city_ = 0;
    std::uint16_t visit_city_text_ = 0;
    std::uint8_t visit_channel_ = 0;
    bool deep_link_ = false;
    std::uint16_t page_ = 0;
    std::uint32_t product_ = 0;
    std::uint16_t orders_ = 0;
    std::vector<CartLine> cart_;
};

void Walk::run() {
    drawShopper();
    const bool clicks_banner = gets(Act::kClickBanner);
    const Act furthest = drawFurthest();
    deep_link_ = furthest >= Act::kSelectProduct && random_.chance(model_.habits.deep_link);

    now_ = timeOfDay();
    arrive();
    emit(Act::kAccessApp);
    if (clicks_banner)
        emit(Act::kClickBanner).detail =
            static_cast<std::uint16_t>(1 + random_.below(kBannerCount));
    if (deep_link_) selectProduct();
    for (std::size_t stage = indexOf(Act::kViewProducts); stage <= indexOf(furthest); ++stage) {
        perhapsComeBackLater();
        goTo(kActs[stage]);
    }
    while (again(model_.visits.return_after) && openVisit()) browseAgain(furthest);
    placeInPeriod();
}

void Walk::drawShopper() {
    out_.guest = random_.chance(model_.shoppers.guests);
    out_.device = static_cast<std::uint8_t>(model_.devices.draw(random_));
    const std::size_t city = model_.city_choice.draw(random_);
    home_ = &model_.cities[city];
    city_hidden_ = random_.chance(model_.writing.hidden);
}

// Each required stage is got to from the one before, or never.
Act Walk::drawFurthest() {
    Act furthest = Act::kAccessApp;
    for (std::size_t stage = indexOf(Act::kViewProducts); stage < kStageCount; ++stage) {
        if (!gets(kActs[stage])) break;
        furthest = kActs[stage];
    }
    return furthest;
}

void Walk::goTo(Act stage) {
    switch (stage) {
        case Act::kViewProducts:
            return viewProducts();
        case Act::kSelectProduct:
            if (!deep_link_) selectProduct();
            return lookAround();
        case Act::kAddToCart:
            return fillCart();
        case Act::kPlaceOrder:
            return placeOrder();
        default:
            emit(stage);
    }
}

void Walk::perhapsComeBackLater() {
    if (!again(model_.visits.leave_between)) return;
    const bool saw_list = page_ > 0;
    if (openVisit() && saw_list) viewProducts();
}

void Walk::browseAgain(Act furthest) {
    if (furthest >= Act::kViewProducts) viewProducts();
    if (furthest < Act::kSelectProduct) return;
    selectProduct();
    lookAround();
    if (furthest < Act::kPlaceOrder || !random_.chance(model_.habits.order_again)) return;
    fillCart();
    emit(Act::kBeginCheckout);
    placeOrder();
}

// False, and nothing has changed, when the next visit would lie after the period.
bool Walk::openVisit() {
    const Micros gap = microsOf(model_.visits.gap_hours.draw(random_) * 3600.0);
    Micros begin = now_ + gap;
    if (gap > kSittingMax) {
        begin += timeOfDay() - begin % kDay;
        if (begin <= now_) begin += kDay;
    }
    const bool resumed = random_.chance(model_.visits.resumed);
    if (begin >= end() - kDay) return false;
    now_ = begin;
    ++visit_;
    arrive();
    if (!resumed) emit(Act::kAccessApp);
    return true;
}

// Where the shopper is in this visit, how the app spells it, and what brought him.
void Walk::arrive() {
    visit_channel_ = static_cast<std::uint8_t>(model_.channels.draw(random_));
    const bool away = random_.chance(model_.writing.away);
    visit_city_ = away ? static_cast<std::uint16_t>(model_.city_choice.draw(random_))
                       : static_cast<std::uint16_t>(home_ - model_.cities.data());
    visit_city_text_ = visit_city_;  // the texts begin with the names
    const std::vector<std::uint16_t>& spellings = model_.cities[visit_city_].spellings;
    if (random_.chance(model_.writing.misspelt) && !spellings.empty())
        visit_city_text_ = spellings[random_.below(spellings.size())];
}

void Walk::viewProducts() {
    page_ = 0;
    do {
        page_ = std::min<std::uint16_t>(page_ + 1, kPagesMax);
        emit(Act::kViewProducts).detail = page_;
    } while (again(model_.habits.list_again));
}

void Walk::selectProduct() {
    product_ = static_cast<std::uint32_t>(model_.products.choice.draw(random_));
    emit(Act::kSelectProduct);
    if (again(model_.habits.wishlist)) emit(Act::kAddToWishlist);
}

void Walk::lookAround() {
    while (again(model_.habits.back_to_list)) {
        viewProducts();
        selectProduct();
    }
}

void Walk::fillCart() {
    cart_.clear();
    addToCart();
    while (again(model_.habits.another_item)) {
        selectProduct();
        addToCart();
    }
}

void Walk::addToCart() {
    cart_.push_back(
        {.product = product_,
         .quantity = static_cast<std::uint16_t>(1 + model_.products.quantities.draw(random_))});
    ShopperEvent& event = emit(Act::kAddToCart);
    event.quantity = cart_.back().quantity;
    event.amount_ten_thousandths =
        model_.products.prices_ten_thousandths[product_] * cart_.back().quantity;
}

// An event a line, all at one instant; a reloaded page sends the last line once more.
void Walk::placeOrder() {
    ++orders_;
    Micros placed{};
    const auto line = [&](const CartLine& bought) {
        product_ = bought.product;
        ShopperEvent& event = emit(Act::kPlaceOrder);
        if (&bought != cart_.data()) event.offset = now_ = placed;
        placed = now_;
        event.order = orders_;
        event.quantity = bought.quantity;
        event.amount_ten_thousandths =
            model_.products.prices_ten_thousandths[bought.product] * bought.quantity;
    };
    for (const CartLine& bought : cart_) line(bought);
    if (!again(model_.habits.reload_thanks)) return;
    ShopperEvent copy = out_.events.back();
    now_ = std::min(now_ + microsOf(5), end() - Micros(1));
    copy.offset = now_;
    out_.events.push_back(copy);
}

ShopperEvent& Walk::emit(Act act) {
    now_ = std::min(now_ + microsOf(model_.pace_seconds[indexOf(act)].draw(random_)),
                    end() - Micros(1));
    ShopperEvent& event = out_.events.emplace_back();
    event.offset = now_;
    event.act = act;
    event.visit = visit_;
    event.channel = visit_channel_;
    if (act == Act::kSelectProduct || act == Act::kAddToCart || act == Act::kPlaceOrder ||
        act == Act::kAddToWishlist)
        event.product = product_;
    writeCity(event);
    return event;
}

void Walk::writeCity(ShopperEvent& event) {
    const double draw = random_.unit();
    if (city_hidden_ || draw < model_.writing.missing) return;
    if (draw < model_.writing.missing + model_.writing.unknown) {
        event.city_text = static_cast<std::uint16_t>(model_.city_texts.size() - 1);
        return;
    }
    event.city = visit_city_;
    event.city_text = visit_city_text_;
}

Micros Walk::timeOfDay() {
    const auto hour = static_cast<std::int64_t>(model_.hours.draw(random_));
    return kHour * hour + microsOf(random_.unit() * 3600.0);
}

// Moves the walk, which began on day 0, to a day that leaves room for all of it; or, where the
// device was offline, so far back that its events are late.
void Walk::placeInPeriod() {
    const std::int64_t days_used = out_.events.back().offset / kDay + 1;
    const std::int64_t room = end() / kDay - days_used;
    CHECK(room >= 0, "a walk stays within the period");
    Micros shift =
        kDay * static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(room) + 1));
    if (random_.chance(model_.shoppers.offline)) shift -= model_.shoppers.offline_days;
    for (ShopperEvent& event : out_.events) event.offset += shift;
}

}  // namespace

void playShopper(const BehaviourModel& model, std::uint64_t seed, std::uint64_t index,
                 Shopper& out) {
    out.index = index;
    out.events.clear();
    Walk(model, seed, out).run();
}

}  // namespace footfall
