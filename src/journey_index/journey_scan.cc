#include <algorithm>
#include <atomic>
#include <iterator>
#include <thread>

#include "journey_index/journey_state.h"
#include "journey_index/question_tally.h"

// How JourneyState goes through all persons for one question.
namespace footfall {

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
    bool rulesOut(const PersonCounter& counter) const {
        return counter.city().rulesOut(city) || counter.device().rulesOut(device) ||
               counter.channel().rulesOut(channel);
    }
};

// One thread's part of the work.
template <class Tally>
class JourneyState::Scanner {
  public:
    Scanner(const JourneyShape& shape, const Wanted& wanted, Tally& tally)
        : shape_(shape),
          wanted_(wanted),
          pairs_(wanted.person.device || wanted.person.channel ? LogDecoder::Pairs::kDecode
                                                               : LogDecoder::Pairs::kSkip),
          is_everyone_(!wanted.city && !wanted.device && !wanted.channel),
          counter_(shape, wanted.person),
          tally_(tally) {}

    // Leaves a log as soon as it is clear that nobody asked for this person.
    void count(std::uint32_t person, std::span<const std::byte> encoded) {
        LogDecoder log(shape_.stage_count, encoded, pairs_);
        counter_.begin();
        while (log.next()) {
            counter_.see(log.event(), log.endsInstant());
            if (!is_everyone_ && wanted_.rulesOut(counter_)) return;
        }
        add(person, counter_.end());
    }
    void count(std::uint32_t person, const PersonLog& log) {
        add(person, counter_.count(log.events()));
    }
    const Persons& undecided() const { return undecided_; }

  private:
    void add(std::uint32_t person, const PersonFigures& figures) {
        if (!figures.in_scope) return;
        if (figures.attributes_unknown)
            undecided_.push_back(person);
        else if (wanted_.matches(figures))
            tally_.add(figures, figures.isInsideWindow(wanted_.now_us, wanted_.person, shape_));
    }

    const JourneyShape& shape_;
    const Wanted& wanted_;
    const LogDecoder::Pairs pairs_;
    const bool is_everyone_;
    PersonCounter counter_;
    Tally& tally_;
    Persons undecided_;
};

template <class Tally>
Persons JourneyState::scan(const JourneyQuestion& question, Tally& tally) const {
    const auto wanted = wantedBy(question);
    if (!wanted) return {};
    std::vector<Tally> parts(std::max(1U, std::thread::hardware_concurrency()), tally);
    std::vector<Scanner<Tally>> scanners;
    for (Tally& part : parts) scanners.emplace_back(shape_, *wanted, part);
    std::atomic<std::size_t> next = 0;
    {
        std::vector<std::jthread> threads;
        for (Scanner<Tally>& scanner : scanners)
            threads.emplace_back([&, shards = logs_.shardCount()] {
                for (std::size_t shard = next++; shard < shards; shard = next++)
                    logs_.read(shard, [&](std::uint32_t person, std::span<const std::byte> log) {
                        scanner.count(person, log);
                    });
            });
    }
    for (const Tally& part : parts) tally.merge(part);
    Persons undecided;
    for (const Scanner<Tally>& scanner : scanners)
        std::ranges::copy(scanner.undecided(), std::back_inserter(undecided));
    return undecided;
}

template <class Tally>
Persons JourneyState::scan(const JourneyQuestion& question, std::span<const std::uint32_t> of,
                           Tally& tally) const {
    const auto wanted = wantedBy(question);
    if (!wanted) return {};
    Scanner<Tally> scanner(shape_, *wanted, tally);
    PersonLog log;
    for (const std::uint32_t person : of) {
        logs_.load(person, log);
        scanner.count(person, log);
    }
    return scanner.undecided();
}

template Persons JourneyState::scan(const JourneyQuestion&, QuestionTally&) const;
template Persons JourneyState::scan(const JourneyQuestion&, std::span<const std::uint32_t>,
                                    QuestionTally&) const;
template Persons JourneyState::scan(const JourneyQuestion&, FilterTally&) const;
template Persons JourneyState::scan(const JourneyQuestion&, std::span<const std::uint32_t>,
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
