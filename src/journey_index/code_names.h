#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "database/stored_rows.h"
#include "event/journey.h"
#include "journey_index/person_figures.h"

namespace footfall {

// CodeNames: what the database's codes mean to a journey.
// Threads: one at a time.
class CodeNames {
  public:
    CodeNames(const Journey& journey, std::string currency)
        : journey_(journey), default_currency_(std::move(currency)) {}

    void learn(std::span<const StoredRows::Name> names);

    // JourneyShape::kNone: of no stage.
    std::uint8_t stageOf(std::uint32_t event_type) const { return stages_[event_type]; }
    // The code itself, or 0 where the text says that the value is not known.
    std::uint32_t knownCity(std::uint32_t code) const { return cities_.known(code); }
    std::uint32_t knownDevice(std::uint32_t code) const { return devices_.known(code); }
    std::uint32_t knownChannel(std::uint32_t code) const { return channels_.known(code); }
    // 0 for the currency of amounts that came without one.
    std::uint32_t currency(std::uint32_t code) const { return currencies_.known(code); }

    // The code of a text that is asked for; 0: the unknown ones; nullopt: nobody has it.
    std::optional<std::uint32_t> cityNamed(std::string_view text) const;
    std::optional<std::uint32_t> deviceNamed(std::string_view text) const;
    std::optional<std::uint32_t> channelNamed(std::string_view text) const;
    // By code.
    std::span<const std::string> cities() const { return cities_.texts; }
    std::span<const std::string> devices() const { return devices_.texts; }
    std::span<const std::string> channels() const { return channels_.texts; }
    std::span<const std::string> currencies() const { return currencies_.texts; }

  private:
    struct Texts {
        std::vector<std::string> texts{""};   // by code
        std::vector<std::uint32_t> codes{0};  // by code: itself, or 0

        void learn(std::uint32_t code, const std::string& text, bool is_known);
        std::uint32_t known(std::uint32_t code) const { return codes[code]; }
        std::optional<std::uint32_t> named(std::string_view text) const;
    };
    std::uint8_t stageOf(std::string_view event_type) const;
    void learnType(std::uint32_t code, std::string_view text);

    Journey journey_;
    std::string default_currency_;
    std::vector<std::uint8_t> stages_{JourneyShape::kNone};  // by event type
    Texts cities_;
    Texts devices_;
    Texts channels_;
    Texts currencies_{.texts = {default_currency_}};
};

}  // namespace footfall
