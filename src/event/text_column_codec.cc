#include "event/text_column_codec.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>

#include "support/check.h"
#include "support/copy_text.h"

namespace footfall {
namespace {

// How a column's codes are written: the low half of its first byte.
enum class CodeForm : std::uint8_t {
    kAbsent = 0,     // no row has a value
    kAscending = 1,  // row i has the code i + 1: every row another text
    kConstant = 2,   // every row has the code 1
    kMarked = 3,     // a bit a row; those that are set have the codes 1, 2, …
    kBytes1 = 4,     // a number a row, of one byte
    kBytes2 = 5,
    kBytes4 = 6,
};
// How the lengths of its entries are written: the high half.
enum class LengthForm : std::uint8_t {
    kConstant = 0,  // all the same, written once
    kBytes1 = 1,
    kBytes2 = 2,
    kBytes4 = 3,
};

CodeForm formOf(const TextColumn& column, std::size_t rows) {
    if (column.codes.empty()) return CodeForm::kAbsent;
    const std::size_t entries = column.entries.size();
    std::uint32_t next = 1;
    const bool in_order = std::ranges::all_of(column.codes, [&next](std::uint32_t code) {
        if (code != 0 && code != next) return false;
        next += code != 0 ? 1 : 0;
        return true;
    });
    if (in_order && entries == rows) return CodeForm::kAscending;
    if (in_order && next == entries + 1) return CodeForm::kMarked;
    if (entries == 1 && std::ranges::all_of(column.codes, [](auto code) { return code == 1; }))
        return CodeForm::kConstant;
    if (entries <= UINT8_MAX) return CodeForm::kBytes1;
    return entries <= UINT16_MAX ? CodeForm::kBytes2 : CodeForm::kBytes4;
}

bool hasEntryCount(CodeForm form) {
    return form >= CodeForm::kBytes1;
}

// Bytes that all entries begin with, where leaving them out pays.
std::size_t commonPrefix(const TextList& entries) {
    if (entries.size() < 2) return 0;
    const std::string_view first = entries[0];
    std::size_t common = first.size();
    for (std::size_t i = 1; i < entries.size() && common > 0; ++i) {
        const std::string_view entry = entries[i];
        if (entry.starts_with(first.substr(0, common))) continue;
        common = static_cast<std::size_t>(
            std::ranges::mismatch(first.substr(0, common), entry).in1 - first.begin());
    }
    return common;
}

struct Lengths {
    std::size_t shortest = std::numeric_limits<std::size_t>::max();
    std::size_t longest = 0;
};

Lengths lengthsOf(const TextList& entries) {
    Lengths lengths;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        lengths.shortest = std::min(lengths.shortest, entries[i].size());
        lengths.longest = std::max(lengths.longest, entries[i].size());
    }
    return lengths;
}

LengthForm formOf(Lengths lengths, std::size_t prefix) {
    if (lengths.shortest >= lengths.longest) return LengthForm::kConstant;
    if (lengths.longest - prefix <= UINT8_MAX) return LengthForm::kBytes1;
    return lengths.longest - prefix <= UINT16_MAX ? LengthForm::kBytes2 : LengthForm::kBytes4;
}

void encodeLengths(const TextList& entries, std::size_t prefix, LengthForm form, ByteWriter& out) {
    const auto lengthAt = [&](std::size_t i) { return entries[i].size() - prefix; };
    switch (form) {
        case LengthForm::kConstant:
            return out.varint(entries.size() == 0 ? 0 : lengthAt(0));
        case LengthForm::kBytes1:
            return out.numbers<std::uint8_t>(entries.size(), lengthAt);
        case LengthForm::kBytes2:
            return out.numbers<std::uint16_t>(entries.size(), lengthAt);
        case LengthForm::kBytes4:
            return out.numbers<std::uint32_t>(entries.size(), lengthAt);
    }
}

void encodeCodes(const TextColumn& column, CodeForm form, ByteWriter& out) {
    const std::vector<std::uint32_t>& codes = column.codes;
    const auto codeAt = [&](std::size_t row) { return codes[row]; };
    switch (form) {
        case CodeForm::kAbsent:
        case CodeForm::kAscending:
        case CodeForm::kConstant:
            return;
        case CodeForm::kMarked:
            for (std::size_t row = 0; row < codes.size(); row += 8) {
                unsigned bits = 0;
                for (std::size_t i = 0; i < 8 && row + i < codes.size(); ++i)
                    bits |= (codes[row + i] != 0 ? 1u : 0u) << i;
                out.byte(bits);
            }
            return;
        case CodeForm::kBytes1:
            return out.numbers<std::uint8_t>(codes.size(), codeAt);
        case CodeForm::kBytes2:
            return out.numbers<std::uint16_t>(codes.size(), codeAt);
        case CodeForm::kBytes4:
            return out.numbers<std::uint32_t>(codes.size(), codeAt);
    }
}

template <class T>
void readCodes(std::span<const std::byte> numbers, std::size_t entries, ByteReader& in,
               std::vector<std::uint32_t>& codes) {
    codes.resize(numbers.size() / sizeof(T));
    std::uint32_t largest = 0;
    for (std::size_t row = 0; row < codes.size(); ++row) {
        codes[row] = numberAt<T>(numbers, row);
        largest = std::max(largest, codes[row]);
    }
    if (largest > entries) in.fail();
}

// The codes of the form kMarked.
std::vector<std::uint32_t> codesOfMarks(std::span<const std::byte> marks, std::size_t rows) {
    std::vector<std::uint32_t> codes(rows);
    std::uint32_t next = 1;
    for (std::size_t row = 0; row < rows; ++row)
        if ((std::to_integer<unsigned>(marks[row / 8]) >> (row % 8) & 1) != 0) codes[row] = next++;
    return codes;
}

std::vector<std::uint32_t> decodeCodes(CodeForm form, std::size_t rows, std::size_t entries,
                                       std::span<const std::byte> marks, ByteReader& in) {
    std::vector<std::uint32_t> codes;
    switch (form) {
        case CodeForm::kAbsent:
            break;
        case CodeForm::kAscending:
            codes.resize(rows);
            for (std::size_t row = 0; row < rows; ++row)
                codes[row] = static_cast<std::uint32_t>(row + 1);
            break;
        case CodeForm::kConstant:
            codes.assign(rows, 1);
            break;
        case CodeForm::kMarked:
            codes = codesOfMarks(marks, rows);
            break;
        case CodeForm::kBytes1:
            readCodes<std::uint8_t>(in.items(rows, 1), entries, in, codes);
            break;
        case CodeForm::kBytes2:
            readCodes<std::uint16_t>(in.items(rows, 2), entries, in, codes);
            break;
        case CodeForm::kBytes4:
            readCodes<std::uint32_t>(in.items(rows, 4), entries, in, codes);
            break;
    }
    return codes;
}

std::size_t countMarks(std::span<const std::byte> marks, std::size_t rows) {
    std::size_t count = 0;
    for (const std::byte bits : marks)
        count += static_cast<std::size_t>(std::popcount(std::to_integer<unsigned>(bits)));
    // Bits behind the last row would be entries of no row.
    if (rows % 8 != 0 && std::to_integer<unsigned>(marks.back()) >> (rows % 8) != 0)
        return rows + 1;
    return count;
}

// Lengths of the entries behind the prefix. Filled only when there are bytes for all of them.
std::vector<std::uint32_t> decodeLengths(LengthForm form, std::size_t entries, ByteReader& in) {
    std::vector<std::uint32_t> lengths;
    const auto read = [&]<class T>(T) {
        const auto numbers = in.items(entries, sizeof(T));
        lengths.resize(numbers.size() / sizeof(T));
        for (std::size_t i = 0; i < lengths.size(); ++i) lengths[i] = numberAt<T>(numbers, i);
    };
    switch (form) {
        case LengthForm::kConstant: {
            const std::uint64_t length = in.varint();
            // As long as the bytes that are there, so that `entries` of them fit into 64 bits.
            if (length > in.left().size())
                in.fail();
            else
                lengths.assign(entries, static_cast<std::uint32_t>(length));
            break;
        }
        case LengthForm::kBytes1:
            read(std::uint8_t{});
            break;
        case LengthForm::kBytes2:
            read(std::uint16_t{});
            break;
        case LengthForm::kBytes4:
            read(std::uint32_t{});
            break;
    }
    return lengths;
}

TextList decodeEntries(std::string_view prefix, const std::vector<std::uint32_t>& lengths,
                       std::size_t& text_bytes_left, ByteReader& in) {
    std::uint64_t suffix_bytes = 0;
    bool empty_one = false;
    for (const std::uint32_t length : lengths) {
        suffix_bytes += length;
        empty_one |= prefix.size() + length == 0;
    }
    // Each factor is below 2^32, so the product cannot overflow.
    const std::uint64_t all = prefix.size() * lengths.size() + suffix_bytes;
    std::string_view suffixes = in.text(suffix_bytes);
    if (all > text_bytes_left || empty_one) in.fail();
    if (!in.ok()) return {};

    text_bytes_left -= all;
    std::vector<std::uint32_t> ends(lengths.size());
    std::uint32_t end = 0;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        end += static_cast<std::uint32_t>(prefix.size()) + lengths[i];
        ends[i] = end;
    }
    if (prefix.empty()) return {std::move(ends), std::string(suffixes)};
    std::string joined;
    // What is asked for counts: libstdc++ 12 may give more room.
    joined.resize_and_overwrite(all, [&](char* to, std::size_t /*room*/) {
        for (const std::uint32_t length : lengths) {
            copyText(prefix, to);
            copyText(suffixes.substr(0, length), to + prefix.size());
            to += prefix.size() + length;
            suffixes.remove_prefix(length);
        }
        return all;
    });
    return {std::move(ends), std::move(joined)};
}

}  // namespace

std::size_t encodedBytesMax(const TextColumn& column) {
    return 1 + 3 * kVarintBytesMax + column.entries.bytes() +
           (column.entries.size() + column.codes.size()) * sizeof(std::uint32_t);
}

void encodeTextColumn(const TextColumn& column, std::size_t rows, ByteWriter& out) {
    const CodeForm form = formOf(column, rows);
    if (form == CodeForm::kAbsent) return out.byte(0);

    const TextList& entries = column.entries;
    const Lengths lengths = lengthsOf(entries);
    CHECK(column.codes.size() == rows && entries.size() <= rows && lengths.shortest > 0,
          "a code a row, and an entry is the text of some row");
    const std::size_t prefix = commonPrefix(entries);
    const LengthForm length_form = formOf(lengths, prefix);
    out.byte(static_cast<std::size_t>(form) | static_cast<std::size_t>(length_form) << 4);
    if (hasEntryCount(form)) out.varint(entries.size());
    encodeCodes(column, form, out);
    out.varint(prefix);
    if (prefix > 0) out.text(entries[0].substr(0, prefix));
    encodeLengths(entries, prefix, length_form, out);
    if (prefix == 0) return out.text(entries.joined());
    for (std::size_t i = 0; i < entries.size(); ++i) out.text(entries[i].substr(prefix));
}

TextColumn decodeTextColumn(std::size_t rows, std::size_t& text_bytes_left, ByteReader& in) {
    TextColumn column;
    const std::uint8_t forms = in.byte();
    if ((forms & 15) > 6 || forms >> 4 > 3) in.fail();
    if (forms == 0 || !in.ok()) return column;
    const auto form = static_cast<CodeForm>(forms & 15);

    std::uint64_t entries = form == CodeForm::kConstant ? 1 : rows;
    std::span<const std::byte> marks;
    if (hasEntryCount(form)) entries = in.varint();
    if (form == CodeForm::kMarked) {
        marks = in.bytes((rows + 7) / 8);
        if (in.ok()) entries = countMarks(marks, rows);
    }
    // The builder makes an entry for a row; so the entries are bounded by what the rows are.
    if (entries > rows || form == CodeForm::kAbsent) in.fail();
    if (!in.ok()) return column;

    column.codes = decodeCodes(form, rows, entries, marks, in);
    const std::string_view prefix = in.text(in.varint());
    const auto lengths = decodeLengths(static_cast<LengthForm>(forms >> 4), entries, in);
    column.entries = decodeEntries(prefix, lengths, text_bytes_left, in);
    return column;
}

}  // namespace footfall
