#include "support/gzip.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace footfall {
namespace {

std::string gzipped(std::string text) {
    std::string out(compressBound(text.size()) + 64, '\0');
    z_stream z{};
    deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    z.next_in = reinterpret_cast<Bytef*>(text.data());
    z.avail_in = static_cast<uInt>(text.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    deflate(&z, Z_FINISH);
    out.resize(z.total_out);
    deflateEnd(&z);
    return out;
}

// Decodes in pieces of the given size, never more than 10 bytes out at a time.
Result<std::string> decodedIn(std::size_t piece_bytes, std::string_view data) {
    GzipDecoder decoder;
    std::string out;
    for (std::size_t at = 0; at < data.size(); at += piece_bytes) {
        std::string_view piece = data.substr(at, piece_bytes);
        for (std::size_t before = out.size();; before = out.size()) {
            const auto decoded = decoder.decode(piece, out, 10);
            if (!decoded) return std::unexpected(decoded.error());
            if (out.size() - before < 10) break;
        }
    }
    if (!decoder.complete()) return fail(Code::kMalformed, "cut short");
    return out;
}

TEST(GzipDecoder, decodesWhereverTheDataIsCut) {
    const std::string text = "shoppers walk through the shop, shoppers walk out of the shop";
    const std::string data = gzipped(text) + gzipped("") + gzipped("!");

    for (std::size_t bytes = 1; bytes <= data.size(); ++bytes)
        EXPECT_EQ(decodedIn(bytes, data).value_or("error"), text + "!") << bytes;
}

TEST(GzipDecoder, noticesDamageAndWhatIsMissing) {
    const std::string data = gzipped("shoppers walk through the shop");
    std::string damaged = data;
    damaged[damaged.size() - 5] ^= 1;

    for (std::size_t bytes = 1; bytes < data.size(); ++bytes)
        EXPECT_FALSE(decodedIn(7, data.substr(0, bytes))) << bytes;
    EXPECT_FALSE(decodedIn(7, damaged));
    EXPECT_FALSE(decodedIn(7, data + "x"));
    EXPECT_FALSE(decodedIn(7, "not gzip at all"));
}

TEST(GzipDecoder, neverGivesMoreThanItMay) {
    const std::string bomb = gzipped(std::string(10 << 20, 'x'));
    GzipDecoder decoder;
    std::string_view input = bomb;
    std::string out;

    ASSERT_TRUE(decoder.decode(input, out, 1000));

    EXPECT_EQ(out, std::string(1000, 'x'));
    EXPECT_FALSE(input.empty());
    EXPECT_FALSE(decoder.complete());
}

}  // namespace
}  // namespace footfall
