#include "main/dead_letter_file.h"

#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "main/data_folder.h"

namespace footfall {

Result<std::optional<DeadLetterFile>> DeadLetterFile::open(FileSystem& files,
                                                           const std::string& data_dir) {
    if (!std::filesystem::is_directory(data_dir))
        return fail(Code::kNotFound,
                    fmt::format("there is no folder {}; name one with --data-dir", data_dir));
    std::string path = DataFolder::deadLettersPathIn(data_dir);
    const auto letters = files.open(path, OpenMode::kRead);
    if (!letters && letters.error().code == Code::kNotFound) return std::nullopt;
    if (!letters) return std::unexpected(letters.error());
    const auto bytes = (*letters)->size();
    if (!bytes) return std::unexpected(bytes.error());
    auto replayed = ReplayedLetters::load(files, path);
    if (!replayed) return std::unexpected(std::move(replayed.error()));
    return DeadLetterFile(std::move(path), *bytes, std::move(*replayed));
}

Result<void> DeadLetterFile::forEach(const Take& take) {
    auto file = InputFile::open(path_);
    if (!file) return std::unexpected(std::move(file.error()));
    DeadLetterReader reader(*file, [this](std::uint64_t line, std::string_view why) {
        if (!skipped_were_named_)
            fmt::print(stderr, "{}, line {}: {}, skipped\n", path_, line, why);
    });
    while (true) {
        const auto letter = reader.next();
        if (!letter)
            return fail(letter.error().code, fmt::format("{}, {}", path_, letter.error().what));
        if (!*letter || (*letter)->begin >= bytes_) break;
        if (auto taken = take(**letter); !taken) return taken;
    }
    skipped_were_named_ = true;
    return {};
}

}  // namespace footfall
