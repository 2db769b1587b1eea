#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace footfall {

// CodeTable: the numbers that stand for the texts of one dictionary table, from 1.
// Threads: one at a time.
// Order of use: codesOf() while a transaction is put together, then confirm() once it is committed
//   or discard() when it is not: a code of a failed transaction must not be taken for stored.
// Memory: about 21 bytes a text, however long, also while it grows: texts stay in the table, here
//   are 96 bits of a keyed hash of each. 10^7 texts collide with a probability of 10^-15, and
//   nobody outside can aim at it.
// Cost: of a text among millions two misses of the processor's caches, which overlap with those of
//   the others in a call.
class CodeTable {
  public:
    struct Entry {
        std::uint32_t code;
        bool anonymous;         // the name space
        std::string_view text;  // of what added() tells: in the memory of the commit's batches
    };

    CodeTable();
    // codes[i] becomes the code of texts[i], a new one if there is none.
    void codesOf(std::span<const std::string_view> texts, bool anonymous,
                 std::span<std::uint32_t> codes);
    std::uint32_t codeOf(std::string_view text, bool anonymous = false);
    // As codeOf(), but a text only gets a code when it comes for the second time, with not too many
    // others in between, and while there are fewer than `texts_max`; 0: it has none.
    std::uint32_t codeOfRepeated(std::string_view text, std::size_t texts_max);
    // Those that were made since the last confirm() or discard(), by ascending code.
    const std::vector<Entry>& added() const { return added_; }
    void confirm() { added_.clear(); }
    void discard();

    // What is in the table; before any code is asked for.
    void restore(std::span<const Entry> entries);
    std::size_t size() const { return size_; }

  private:
    using Key = std::array<std::uint32_t, 3>;
    // Codes are dense, so what a slot must be compared with lies in an array by code. The tag is
    // part of the hash and spares most comparisons, each of which is a miss.
    struct Slot {
        std::uint8_t tag = 0;
        std::array<std::uint8_t, 4> code{};  // not aligned: a slot has 5 bytes; 0: empty

        std::uint32_t number() const;
    };
    // A hash table of its own for some bits of the hash, so that what grows at once is small. No
    // two of the same size but few, so that they do not grow at the same time.
    struct Part {
        std::vector<Slot> slots;
        std::size_t used = 0;

        std::size_t homeOf(const Key& key) const;
        std::size_t after(std::size_t place) const {
            return place + 1 == slots.size() ? 0 : place + 1;
        }
    };
    static constexpr std::size_t kParts = 256;
    static constexpr std::size_t kChunkKeys = 4'096;

    Key keyOf(std::string_view text, bool anonymous) const;
    Part& partOf(const Key& key);
    const Key& keyAt(std::uint32_t code) const {
        return (*chunks_[code / kChunkKeys])[code % kChunkKeys];
    }
    void prefetchSlot(const Key& key);
    void prefetchKey(const Key& key);
    // 0: there is none.
    std::uint32_t find(const Key& key);
    // REQUIRES: find(key) == 0.
    void add(const Key& key, std::uint32_t code);
    std::uint32_t addNew(const Key& key, std::string_view text, bool anonymous);
    static void place(Part& part, const Key& key, std::uint32_t code);
    void grow(Part& part);
    void erase(const Key& key, std::uint32_t code);

    std::array<std::uint8_t, 192> secret_;  // XXH3's, drawn at random: texts come from outside
    std::array<Part, kParts> parts_;
    std::vector<std::unique_ptr<std::array<Key, kChunkKeys>>> chunks_;  // of keys, by code
    std::vector<std::uint32_t>
        seen_;  // of texts without a code: a part of the key, by another part
    std::vector<Entry> added_;
    std::size_t size_ = 0;
    std::uint32_t next_ = 1;
};

}  // namespace footfall
