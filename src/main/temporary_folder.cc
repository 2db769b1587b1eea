#include "main/temporary_folder.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

namespace footfall {

Result<TemporaryFolder> TemporaryFolder::create() {
    std::error_code error;
    std::string path = (std::filesystem::temp_directory_path(error) / "footfall-XXXXXX").string();
    if (error || ::mkdtemp(path.data()) == nullptr)
        return fail(Code::kIo, fmt::format("cannot make a temporary folder: {}",
                                           error ? error.message() : std::strerror(errno)));
    return TemporaryFolder(std::move(path));
}

TemporaryFolder::TemporaryFolder(TemporaryFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;  // there is nobody left to tell, and it is a temporary folder
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace footfall
