#include "journey_index/code_names.h"

#include <algorithm>

#include "journey_index/journey_counts.h"

namespace footfall {
namespace {

bool isKnown(std::string_view text) {
    return !text.empty() && text != kUnknownCity;
}

}  // namespace

void CodeNames::Texts::learn(std::uint32_t code, const std::string& text, bool is_known) {
    if (texts.size() <= code) {
        texts.resize(code + 1);
        codes.resize(code + 1);
    }
    texts[code] = text;
    codes[code] = is_known ? code : 0;
}

std::optional<std::uint32_t> CodeNames::Texts::named(std::string_view text) const {
    if (!isKnown(text)) return 0;
    const auto found = std::find(texts.begin() + 1, texts.end(), text);
    if (found == texts.end()) return std::nullopt;
    return static_cast<std::uint32_t>(found - texts.begin());
}

void CodeNames::learn(std::span<const StoredRows::Name> names) {
    for (const auto& [field, code, text] : names) {
        switch (field) {
            case TextField::kEventType:
                learnType(code, text);
                break;
            case TextField::kCity:
                cities_.learn(code, text, isKnown(text));
                break;
            case TextField::kDevice:
                devices_.learn(code, text, isKnown(text));
                break;
            case TextField::kChannel:
                channels_.learn(code, text, isKnown(text));
                break;
            case TextField::kCurrency:
                currencies_.learn(code, text, text != default_currency_);
                break;
            default:
                break;
        }
    }
}

void CodeNames::learnType(std::uint32_t code, std::string_view text) {
    if (stages_.size() <= code) stages_.resize(code + 1, JourneyShape::kNone);
    stages_[code] = stageOf(text);
}

std::uint8_t CodeNames::stageOf(std::string_view event_type) const {
    for (std::size_t i = 0; i < journey_.stages.size(); ++i) {
        const auto& types = journey_.stages[i].event_types;
        if (std::ranges::find(types, event_type) != types.end())
            return static_cast<std::uint8_t>(i);
    }
    return JourneyShape::kNone;
}

std::optional<std::uint32_t> CodeNames::cityNamed(std::string_view text) const {
    return cities_.named(text);
}

std::optional<std::uint32_t> CodeNames::deviceNamed(std::string_view text) const {
    return devices_.named(text);
}

std::optional<std::uint32_t> CodeNames::channelNamed(std::string_view text) const {
    return channels_.named(text);
}

}  // namespace footfall
