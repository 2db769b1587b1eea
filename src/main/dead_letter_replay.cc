#include "main/dead_letter_replay.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "event/event_json.h"
#include "main/terminal.h"

namespace footfall {
namespace {

// All errors of such a batch are listed in its answer.
constexpr std::size_t kBatchEvents = kListedErrorsMax;

class Replay {
  public:
    Replay(DeadLetterFile& file, WebhookSender& sender, const Clock& clock)
        : file_(file), sender_(sender), started_at_(clock.utcNow()), progress_(clock) {}

    Result<ReplayCounts> run() {
        auto done = file_.forEach([this](const DeadLetter& letter) -> Result<void> {
            if (file_.replayed().timeOf(letter)) return {};
            batch_.push_back(letter);
            return batch_.size() < kBatchEvents ? Result<void>() : sendBatch();
        });
        if (done) done = sendBatch();
        if (!done) return std::unexpected(std::move(done.error()));
        return counts_;
    }

  private:
    Result<void> sendBatch() {
        if (batch_.empty()) return {};
        std::string body;
        for (const DeadLetter& letter : batch_) body.append(letter.event).append("\n");
        const auto answer = sender_.send(std::move(body));
        if (!answer) return std::unexpected(answer.error());
        if (answer->rejected > answer->rejections.size())
            return fail(Code::kMalformed, "the server does not say which events it rejected");
        counts_.sent += batch_.size();
        counts_.rejected += answer->rejected;
        for (std::size_t index = 0; index < batch_.size(); ++index)
            if (auto settled = settle(index, *answer); !settled) return settled;
        batch_.clear();
        progress_.show(fmt::format("{} dead letters sent", counts_.sent));
        return file_.replayed().save();
    }

    Result<void> settle(std::size_t index, const RowsAnswer& answer) {
        const auto rejection =
            std::ranges::find(answer.rejections, index, &RowsAnswer::Rejection::index);
        const DeadLetter& letter = batch_[index];
        if (rejection == answer.rejections.end()) return file_.replayed().add(letter, started_at_);
        progress_.clear();
        fmt::print(stderr, "{}, line {}, event {}: {}\n", file_.path(), letter.line,
                   letter.event_id, rejection->message);
        return {};
    }

    DeadLetterFile& file_;
    WebhookSender& sender_;
    const UtcTime started_at_;
    ProgressLine progress_;
    std::vector<DeadLetter> batch_;
    ReplayCounts counts_;
};

}  // namespace

Result<ReplayCounts> replayDeadLetters(DeadLetterFile& file, WebhookSender& sender,
                                       const Clock& clock) {
    return Replay(file, sender, clock).run();
}

}  // namespace footfall
