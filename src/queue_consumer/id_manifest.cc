#include "queue_consumer/id_manifest.h"

#include <charconv>
#include <cstdint>
#include <iterator>

#include <fmt/format.h>
#include <xxhash.h>

namespace footfall {
namespace {

constexpr std::string_view kFirstLine = "footfall ids 3\n";
constexpr std::string_view kLastLine = "checksum ";

std::uint64_t checksumOf(std::string_view text) {
    return XXH3_64bits(text.data(), text.size());
}

// Takes words off the front of a text; once one is not what was asked for, all of them fail.
class Words {
  public:
    explicit Words(std::string_view text) : rest_(text) {}

    bool take(std::string_view word) {
        ok_ = ok_ && rest_.starts_with(word);
        if (ok_) rest_.remove_prefix(word.size());
        return ok_;
    }
    template <class Number>
    Number number(char after, int base = 10) {
        Number value{};
        const auto [stop, error] =
            std::from_chars(rest_.data(), rest_.data() + rest_.size(), value, base);
        ok_ = ok_ && error == std::errc();
        if (ok_) rest_.remove_prefix(static_cast<std::size_t>(stop - rest_.data()));
        take({&after, 1});
        return value;
    }
    bool next(std::string_view word) const { return ok_ && rest_.starts_with(word); }
    bool ok() const { return ok_; }
    bool finished() const { return ok_ && rest_.empty(); }

  private:
    std::string_view rest_;
    bool ok_ = true;
};

bool isWhole(std::string_view text) {
    const std::size_t last = text.rfind(kLastLine);
    if (last == std::string_view::npos) return false;
    Words words(text.substr(last));
    words.take(kLastLine);
    const auto checksum = words.number<std::uint64_t>('\n', 16);
    return words.finished() && checksum == checksumOf(text.substr(0, last));
}

}  // namespace

std::string IdManifest::text() const {
    std::string text(kFirstLine);
    auto out = std::back_inserter(text);
    fmt::format_to(out, "key {:016x}\ncovered {}\n", key.seed, covered.value);
    for (const IdRunInfo& run : runs)
        fmt::format_to(out, "run {} {} {} {}\n", run.number, run.tier, run.slice, run.count);
    fmt::format_to(out, "{}{:016x}\n", kLastLine, checksumOf(text));
    return text;
}

std::optional<IdManifest> IdManifest::parse(std::string_view text) {
    if (!isWhole(text)) return std::nullopt;
    Words words(text);
    IdManifest manifest;
    words.take(kFirstLine);
    words.take("key ");
    manifest.key.seed = words.number<std::uint64_t>('\n', 16);
    words.take("covered ");
    manifest.covered.value = words.number<std::uint64_t>('\n');
    while (words.next("run ")) {
        words.take("run ");
        IdRunInfo run;
        run.number = words.number<std::uint64_t>(' ');
        run.tier = words.number<std::uint32_t>(' ');
        run.slice = words.number<std::uint32_t>(' ');
        run.count = words.number<std::uint64_t>('\n');
        if (run.tier > kTierMax || run.slice >> sliceBitsOf(run.tier) != 0) return std::nullopt;
        manifest.runs.push_back(run);
    }
    if (!words.next(kLastLine)) return std::nullopt;
    return manifest;
}

}  // namespace footfall
