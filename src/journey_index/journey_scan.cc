#include <algorithm>
#include <atomic>
#include <iterator>
#include <thread>
#include <type_traits>

#include "journey_index/journey_state.h"
#include "journey_index/trend_tally.h"

// How JourneyState goes through all persons for one question.
namespace footfall {
namespace {

template <class Tally>
Tally emptyTally(const JourneyShape& shape) {
    if constexpr (std::is_same_v<Tally, JourneyTally>)
        return Tally(shape, JourneyTally::Kind::kOfOneQuestion);
    else if constexpr (std::is_same_v<Tally, TrendTally>)
        return Tally(shape);
    else
        return Tally();
}

}  // namespace

// The question with codes for texts; nullopt: any.
struct JourneyState::Wanted {
    PersonQuestion person;
    std::optional<std::uint32_t> city;
    std::optional<std::uint32_t> device;
    std::optional<std::uint32_t> channel;
    std::int64_t now_us = 0;

    bool matches(const PersonFigures& figures) const {
        return figures.city == city.value_or(figures.city) &&
               figures.device == device.value_or(figures.device) &&
               figures.channel == channel.value_or(figures.channel);
    }
};

// One thread's part of the work.
template <class Tally>
class JourneyState::Scanner {
  public:
    // `empty` is a tally of nobody.
    Scanner(const JourneyShape& shape, const Wanted& wanted, const Tally& empty)
        : shape_(shape), wanted_(wanted), counter_(shape), tally_(empty) {}

    void count(std::uint32_t person, const PersonLog& log) {
        const PersonFigures& figures = counter_.countInPeriod(log.events(), wanted_.person);
        if (!figures.in_scope) return;
        if (figures.attributes_unknown) {
            undecided_.push_back(person);
        } else if (wanted_.matches(figures)) {
            counter_.walkInOrder(log.events(), wanted_.person);
            tally_.add(figures, figures.isInsideWindow(wanted_.now_us, wanted_.person, shape_));
        }
    }
    // Adds what was counted, and returns who could not be.
    const Persons& giveTo(Tally& tally) const {
        tally.merge(tally_);
        return undecided_;
    }

  private:
    const JourneyShape& shape_;
    const Wanted& wanted_;
    PersonCounter counter_;
    Tally tally_;
    Persons undecided_;
};

template <class Tally>
Persons JourneyState::scan(const JourneyQuestion& question,
                           std::optional<std::span<const std::uint32_t>> of, Tally& tally) const {
    const auto wanted = wantedBy(question);
    if (!wanted) return {};
    const Tally empty = emptyTally<Tally>(shape_);
    if (of) {
        Scanner<Tally> scanner(shape_, *wanted, empty);
        PersonLog log;
        for (const std::uint32_t person : *of) {
            logs_.load(person, log);
            scanner.count(person, log);
        }
        return scanner.giveTo(tally);
    }
    std::vector<Scanner<Tally>> scanners(std::max(1U, std::thread::hardware_concurrency()),
                                         Scanner<Tally>(shape_, *wanted, empty));
    std::atomic<std::size_t> next = 0;
    {
        std::vector<std::jthread> threads;
        for (Scanner<Tally>& scanner : scanners)
            threads.emplace_back([&, shards = logs_.shardCount()] {
                for (std::size_t shard = next++; shard < shards; shard = next++)
                    logs_.read(shard, [&](std::uint32_t person, const PersonLog& log) {
                        scanner.count(person, log);
                    });
            });
    }
    Persons undecided;
    for (const Scanner<Tally>& scanner : scanners)
        std::ranges::copy(scanner.giveTo(tally), std::back_inserter(undecided));
    return undecided;
}

template Persons JourneyState::scan(const JourneyQuestion&,
                                    std::optional<std::span<const std::uint32_t>>,
                                    JourneyTally&) const;
template Persons JourneyState::scan(const JourneyQuestion&,
                                    std::optional<std::span<const std::uint32_t>>,
                                    TrendTally&) const;
template Persons JourneyState::scan(const JourneyQuestion&,
                                    std::optional<std::span<const std::uint32_t>>,
                                    FilterTally&) const;

// nullopt: nobody has one of the attributes.
std::optional<JourneyState::Wanted> JourneyState::wantedBy(const JourneyQuestion& question) const {
    const MutexLock lock(mutex_);
    Wanted wanted{.person = question.person, .city = {}, .device = {}, .channel = {}};
    if (question.city) wanted.city = names_.cityNamed(*question.city);
    if (question.device) wanted.device = names_.deviceNamed(*question.device);
    if (question.channel) wanted.channel = names_.channelNamed(*question.channel);
    if (question.city.has_value() != wanted.city.has_value() ||
        question.device.has_value() != wanted.device.has_value() ||
        question.channel.has_value() != wanted.channel.has_value())
        return std::nullopt;
    wanted.person.device = question.every_attribute || question.device.has_value();
    wanted.person.channel = question.every_attribute || question.channel.has_value();
    wanted.now_us = question.now_us;
    return wanted;
}

}  // namespace footfall
