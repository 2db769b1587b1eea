#include "support/gzip.h"

#include <algorithm>

#include <zlib.h>

#include "support/check.h"

namespace footfall {
namespace {

constexpr int kGzipOnly = 16 + MAX_WBITS;  // zlib's way to ask for the gzip wrapper

uInt zlibSize(std::size_t size) {
    return static_cast<uInt>(std::min<std::size_t>(size, UINT_MAX));
}

}  // namespace

struct GzipDecoder::Stream {
    z_stream z{};
    Stream() { CHECK(inflateInit2(&z, kGzipOnly) == Z_OK, "zlib has its memory"); }
    ~Stream() { inflateEnd(&z); }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
};

GzipDecoder::GzipDecoder() : stream_(std::make_unique<Stream>()) {}
GzipDecoder::~GzipDecoder() = default;
GzipDecoder::GzipDecoder(GzipDecoder&&) noexcept = default;
GzipDecoder& GzipDecoder::operator=(GzipDecoder&&) noexcept = default;

Result<void> GzipDecoder::decode(std::string_view& input, std::string& out, std::size_t bytes_max) {
    z_stream& z = stream_->z;
    const std::size_t size_before = out.size();
    out.resize(size_before + bytes_max);
    z.next_out = reinterpret_cast<Bytef*>(out.data() + size_before);
    z.avail_out = zlibSize(bytes_max);
    // zlib does not write through next_in; its type has no const without ZLIB_CONST.
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    z.avail_in = zlibSize(input.size());

    int status = Z_OK;
    while (status == Z_OK && z.avail_out > 0 && (z.avail_in > 0 || !complete_)) {
        if (complete_) inflateReset(&z);  // another member follows
        status = inflate(&z, Z_NO_FLUSH);
        complete_ = status == Z_STREAM_END;
        if (complete_) status = Z_OK;
    }
    input.remove_prefix(input.size() - z.avail_in);
    out.resize(size_before + bytes_max - z.avail_out);
    // Z_BUF_ERROR: nothing more can be done without more input.
    if (status != Z_OK && status != Z_BUF_ERROR)
        return fail(Code::kMalformed, "the gzip data is damaged");
    return {};
}

}  // namespace footfall
