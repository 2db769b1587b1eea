#include "journey_index/index_files.h"

#include <array>
#include <cstring>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <xxhash.h>

#include "support/log.h"

namespace footfall {
namespace {

constexpr std::string_view kSuffix = ".journeys";
constexpr std::string_view kNewSuffix = ".new";
constexpr std::uint32_t kOutside = UINT32_MAX;

// The file's first bytes; then comes the text.
struct Header {
    std::array<char, 8> magic;
    std::uint64_t identity;
    std::uint64_t covered;
    std::uint32_t shard;
    std::uint32_t highest_person;
    std::uint64_t text_checksum;
    std::uint64_t checksum;  // of the fields before
};
static_assert(sizeof(Header) == 48);
constexpr std::array<char, 8> kMagic = {'F', 'F', 'J', 'R', 'N', '0', '0', '1'};

std::uint64_t checksumOf(const Header& header) {
    return XXH3_64bits(&header, offsetof(Header, checksum));
}

}  // namespace

std::string IndexFiles::pathOf(std::optional<std::uint32_t> shard) const {
    return shard ? fmt::format("{}/{:06}{}", folder_, *shard, kSuffix)
                 : fmt::format("{}/outside{}", folder_, kSuffix);
}

Result<void> IndexFiles::write(const Piece& piece) {
    Header header{.magic = kMagic,
                  .identity = identity_,
                  .covered = piece.covered.value,
                  .shard = piece.shard.value_or(kOutside),
                  .highest_person = piece.highest_person,
                  .text_checksum = XXH3_64bits(piece.text.data(), piece.text.size()),
                  .checksum = 0};
    header.checksum = checksumOf(header);
    const std::string path = pathOf(piece.shard);
    const std::string fresh = path + std::string(kNewSuffix);
    auto file = files_.open(fresh, OpenMode::kCreate);
    if (!file) return std::unexpected(std::move(file.error()));
    auto written = (*file)->writeAt(0, std::as_bytes(std::span(&header, 1)));
    if (written) written = (*file)->writeAt(sizeof(header), std::as_bytes(std::span(piece.text)));
    if (!written) return written;
    return files_.rename(fresh, path);
}

Result<void> IndexFiles::coverMore(const Piece& piece) {
    auto file = files_.open(pathOf(piece.shard), OpenMode::kReadWrite);
    if (!file) return std::unexpected(std::move(file.error()));
    Header header{};
    const auto read = (*file)->readAt(0, std::as_writable_bytes(std::span(&header, 1)));
    if (!read) return std::unexpected(read.error());
    if (*read != sizeof(header) || header.checksum != checksumOf(header))
        return fail(Code::kMalformed, fmt::format("{} is damaged", pathOf(piece.shard)));
    header.covered = piece.covered.value;
    header.highest_person = piece.highest_person;
    header.checksum = checksumOf(header);
    return (*file)->writeAt(0, std::as_bytes(std::span(&header, 1)));
}

Result<void> IndexFiles::readAll(SequenceNumber applied, const std::function<void(Piece&&)>& each) {
    auto names = files_.list(folder_);
    if (!names) return std::unexpected(std::move(names.error()));
    for (const std::string& name : *names) {
        const std::string path = folder_ + "/" + name;
        std::optional<Piece> piece;
        if (name.ends_with(kSuffix)) {
            auto bytes = files_.readAll(path);
            if (!bytes) return std::unexpected(std::move(bytes.error()));
            piece = parse(std::move(*bytes), applied);
            if (!piece) spdlog::info("{} is not of this state of the database; removed.", path);
        }
        if (piece)
            each(std::move(*piece));
        else if (auto removed = files_.remove(path); !removed)
            return removed;
    }
    return {};
}

std::optional<IndexFiles::Piece> IndexFiles::parse(std::string&& bytes,
                                                   SequenceNumber applied) const {
    Header header;
    if (bytes.size() < sizeof(header)) return std::nullopt;
    std::memcpy(&header, bytes.data(), sizeof(header));
    bytes.erase(0, sizeof(header));
    const bool is_whole = header.magic == kMagic && header.checksum == checksumOf(header) &&
                          header.text_checksum == XXH3_64bits(bytes.data(), bytes.size());
    if (!is_whole || header.identity != identity_ || header.covered > applied.value)
        return std::nullopt;
    return Piece{.shard = header.shard == kOutside ? std::nullopt : std::optional(header.shard),
                 .covered = {header.covered},
                 .highest_person = header.highest_person,
                 .text = std::move(bytes)};
}

}  // namespace footfall
