#include "tests/reports/golden_file.h"

#include <fstream>
#include <map>
#include <sstream>

#include <fmt/format.h>

#include "support/check.h"
#include "support/decimal.h"

namespace footfall {
namespace {

constexpr std::int64_t kCrowdBeginUs = 1'772'323'200'000'000;  // 2026-03-01T00:00:00Z
constexpr std::int64_t kMinuteUs = 60'000'000;

std::vector<std::string> wordsOf(const std::string& line) {
    std::istringstream text(line);
    std::vector<std::string> words;
    for (std::string word; text >> word;) words.push_back(word);
    return words;
}

QueryPair pairOf(const std::string& word) {
    const std::size_t equals = word.find('=');
    CHECK(equals != word.npos, ("no key=value: " + word).c_str());
    return {word.substr(0, equals), word.substr(equals + 1)};
}

class GoldenReader {
  public:
    explicit GoldenReader(const std::string& path) : input_(path) {
        CHECK(input_.is_open(), path.c_str());
    }

    GoldenFile read() {
        for (std::string line; std::getline(input_, line);)
            if (!line.empty() && line.front() != '#') take(line);
        return std::move(file_);
    }

  private:
    void take(const std::string& line) {
        const std::vector<std::string> words = wordsOf(line);
        if (words[0] == "journey")
            takeJourney(words);
        else if (words[0] == "event")
            takeEvent(words);
        else if (words[0] == "crowd")
            takeCrowd(words);
        else if (words[0] == "now")
            file_.now = *parseTime(words[1], TimeZone::utc());
        else if (words[0] == "report")
            takeReport(words);
        else
            CHECK(false, ("no such line: " + line).c_str());
    }

    void takeJourney(const std::vector<std::string>& words) {
        for (std::size_t i = 1; i < words.size(); ++i) {
            const bool optional = words[i].back() == '*';
            const std::string name = optional ? words[i].substr(0, words[i].size() - 1) : words[i];
            file_.journey.stages.push_back(
                {.name = name, .optional = optional, .event_types = {name}});
        }
    }

    StoredEvent& add(std::int64_t time_us, const std::string& user, const std::string& type) {
        file_.events.push_back({.id = {.high = 1, .low = file_.events.size()},
                                .timestamp_us = time_us,
                                .user_id = user,
                                .event_type = type});
        return file_.events.back();
    }

    void takeEvent(const std::vector<std::string>& words) {
        const auto time = parseTime(words[1], TimeZone::utc());
        CHECK(time.has_value(), words[1].c_str());
        StoredEvent& event = add(microsSinceEpoch(*time), words[2], words[3]);
        const std::map<std::string, std::string*> fields = {
            {"city", &event.city},          {"device", &event.device},
            {"channel", &event.channel},    {"order", &event.order_id},
            {"product", &event.product_id}, {"currency", &event.currency}};
        for (std::size_t i = 4; i < words.size(); ++i) {
            const auto [key, value] = pairOf(words[i]);
            if (key == "amount")
                event.amount_ten_thousandths =
                    static_cast<std::int64_t>(parseDecimal(value)->ten_thousandths);
            else
                *fields.at(key) = value;
        }
    }

    void takeCrowd(const std::vector<std::string>& words) {
        std::vector<std::string> required;
        for (const Stage& stage : file_.journey.stages)
            if (!stage.optional) required.push_back(stage.name);
        for (std::size_t stage = 0; stage + 2 < words.size(); ++stage)
            for (int user = 0; user < std::stoi(words[stage + 2]); ++user) {
                const auto time = kCrowdBeginUs + static_cast<std::int64_t>(stage) * kMinuteUs;
                StoredEvent& event =
                    add(time, fmt::format("{} {}", words[1], user), required.at(stage));
                event.city = words[1];
                if (stage + 1 == required.size()) event.amount_ten_thousandths = 1'499'5000;
            }
    }

    void takeReport(const std::vector<std::string>& words) {
        GoldenReport report{.name = words[1], .query = {{"format", "table"}}, .expected = ""};
        for (std::size_t i = 2; i < words.size(); ++i) {
            QueryPair pair = pairOf(words[i]);
            if (pair.first == "format") report.query.erase(report.query.begin());
            report.query.push_back(std::move(pair));
        }
        std::string line;
        while (std::getline(input_, line) && line != "end") report.expected += line + "\n";
        CHECK(line == "end", "a report's text ends with a line \"end\"");
        file_.reports.push_back(std::move(report));
    }

    std::ifstream input_;
    GoldenFile file_;
};

}  // namespace

GoldenFile readGoldenFile(const std::string& path) {
    return GoldenReader(path).read();
}

}  // namespace footfall
