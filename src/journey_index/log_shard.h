#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

namespace footfall {

// LogShard: the encoded logs of kPersons persons, one after the other in pieces of memory, so that
// a log costs its bytes, 4 for where it stands and some 3 for what does not fit.
// Threads: one at a time.
// Bounds: 16 GiB.
class LogShard {
  public:
    static constexpr std::size_t kPersons = 16'384;
    // So many bytes behind a log can be read too, whatever they are.
    static constexpr std::size_t kBehindBytes = 8;

    // `slot` is below kPersons. Empty: there is no log. Valid until the next put().
    std::span<const std::byte> get(std::size_t slot) const;
    // A get() of it is going to follow soon: first where it stands is asked for, then, each when
    // the one before has had the time to arrive, its beginning and the rest of it.
    void prefetchPlace(std::size_t slot) const;
    void prefetch(std::size_t slot) const;
    void prefetchRest(std::size_t slot) const;
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
    // Where a log begins: the piece's index times kPieceWords, and the word in it. 0: nowhere.
    using Place = std::uint32_t;
    static constexpr std::size_t kPieceWords = 8'192;
    static constexpr std::size_t kSharedWordsMax = 7'680;  // the largest room that a piece shares
    static constexpr std::size_t kRoomClasses = 176;

    // Of equal size, so that they come and go without moving; a longer log has one of its own.
    struct Piece {
        std::unique_ptr<Word[]> words;
        std::size_t size = 0;
    };

    Place take(std::size_t words);
    Place takeOwnPiece(std::size_t words);
    void give(Place place, std::size_t words);
    void closeGaps();
    Word* at(Place place) { return &pieces_[place / kPieceWords].words[place % kPieceWords]; }
    const Word* at(Place place) const {
        return &pieces_[place / kPieceWords].words[place % kPieceWords];
    }

    std::vector<Place> places_;  // by slot
    std::vector<Piece> pieces_;
    std::size_t words_ = 0;  // of all pieces
    std::size_t open_ = 0;   // the piece that is being filled
    std::size_t filled_ = kPieceWords;
    // Room that logs have left behind, by its size: the first one; each begins with the next.
    std::array<Place, kRoomClasses> gaps_{};
    std::size_t gap_words_ = 0;
    std::size_t persons_ = 0;
};

}  // namespace footfall
