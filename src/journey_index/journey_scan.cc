#include <algorithm>
#include <atomic>
#include <iterator>
#include <thread>

#include "journey_index/journey_state.h"

// How JourneyState goes through all persons for one question.
namespace footfall {

// The question with codes for texts; nullopt: any.
struct JourneyState::Wanted {
    PersonQuestion person;
    std::optional<std::uint32_t> city;
    std::optional<std::uint32_t> device;
    std::optional<std::uint32_t> channel;

    bool matches(const PersonFigures& figures) const {
        return figures.city == city.value_or(figures.city) &&
               figures.device == device.value_or(figures.device) &&
               figures.channel == channel.value_or(figures.channel);
    }
};

// One thread's part of the work.
class JourneyState::Scanner {
  public:
    Scanner(const JourneyShape& shape, const Wanted& wanted)
        : wanted_(wanted), counter_(shape), tally_(shape, false) {}

    void count(std::uint32_t person, const PersonLog& log) {
        const PersonFigures& figures = counter_.count(log.events(), wanted_.person);
        if (!figures.in_scope) return;
        if (figures.attributes_unknown)
            undecided_.push_back(person);
        else if (wanted_.matches(figures))
            tally_.add(figures);
    }
    // Adds what was counted, and returns who could not be.
    const Persons& giveTo(JourneyTally& tally) const {
        tally.merge(tally_);
        return undecided_;
    }

  private:
    const Wanted& wanted_;
    PersonCounter counter_;
    JourneyTally tally_;
    Persons undecided_;
};

Persons JourneyState::scan(const JourneyQuestion& question,
                           std::optional<std::span<const std::uint32_t>> of,
                           JourneyTally& tally) const {
    const auto wanted = wantedBy(question);
    if (!wanted) return {};
    if (of) {
        Scanner scanner(shape_, *wanted);
        PersonLog log;
        for (const std::uint32_t person : *of) {
            logs_.load(person, log);
            scanner.count(person, log);
        }
        return scanner.giveTo(tally);
    }
    std::vector<Scanner> scanners(std::max(1U, std::thread::hardware_concurrency()),
                                  Scanner(shape_, *wanted));
    std::atomic<std::size_t> next = 0;
    {
        std::vector<std::jthread> threads;
        for (Scanner& scanner : scanners)
            threads.emplace_back([&, shards = logs_.shardCount()] {
                for (std::size_t shard = next++; shard < shards; shard = next++)
                    logs_.read(shard, [&](std::uint32_t person, const PersonLog& log) {
                        scanner.count(person, log);
                    });
            });
    }
    Persons undecided;
    for (const Scanner& scanner : scanners)
        std::ranges::copy(scanner.giveTo(tally), std::back_inserter(undecided));
    return undecided;
}

// nullopt: nobody has one of the attributes.
std::optional<JourneyState::Wanted> JourneyState::wantedBy(const JourneyQuestion& question) const {
    const MutexLock lock(mutex_);
    Wanted wanted{.person = question.person, .city = {}, .device = {}, .channel = {}};
    if (question.city && !(wanted.city = names_.cityNamed(*question.city))) return std::nullopt;
    if (question.device && !(wanted.device = names_.deviceNamed(*question.device)))
        return std::nullopt;
    if (question.channel && !(wanted.channel = names_.channelNamed(*question.channel)))
        return std::nullopt;
    wanted.person.device = question.device.has_value();
    wanted.person.channel = question.channel.has_value();
    return wanted;
}

}  // namespace footfall
