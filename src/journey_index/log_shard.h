#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

namespace footfall {

// LogShard: the encoded logs of kPersons persons, one after the other in one piece of memory, so
// that a log costs its bytes, 4 for where it stands and some 4 for what does not fit.
// Threads: one at a time.
// Bounds: 16 GiB.
class LogShard {
  public:
    static constexpr std::size_t kPersons = 16'384;

    // `slot` is below kPersons. Empty: there is no log. Valid until the next put().
    std::span<const std::byte> get(std::size_t slot) const;
    // A get() of it is going to follow soon.
    void prefetch(std::size_t slot) const;
    // Replaces it. An empty log cannot be put.
    void put(std::size_t slot, std::span<const std::byte> log);
    bool empty() const { return persons_ == 0; }
    // What it holds in memory.
    std::size_t bytes() const;

    // As one text, and back. Errors of fromText: kMalformed.
    std::string toText() const;
    [[nodiscard]] static Result<LogShard> fromText(std::string_view text);

  private:
    using Word = std::uint32_t;  // memory is given out in these

    std::uint32_t take(std::size_t words);
    void give(std::uint32_t at, std::size_t words);
    void closeGaps();
    std::size_t bytesAt(std::uint32_t at) const;

    // By slot: the index of the log's first word; 0: none. The first word of all is never used.
    std::vector<std::uint32_t> places_;
    std::vector<Word> words_;
    // Room that logs have left behind, by its size in words.
    std::map<std::size_t, std::vector<std::uint32_t>> gaps_;
    std::size_t gap_words_ = 0;
    std::size_t persons_ = 0;
};

}  // namespace footfall
