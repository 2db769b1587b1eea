#include "support/set_aside.h"

#include <algorithm>

#include <fmt/format.h>

namespace footfall {

Result<std::string> setAside(FileSystem& files, const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash);
    const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
    const auto names = files.list(folder);
    if (!names) return std::unexpected(names.error());
    unsigned number = 1;
    const auto taken = [&] { return fmt::format("{}.{}.quarantine", name, number); };
    while (std::ranges::find(*names, taken()) != names->end()) ++number;
    std::string aside = fmt::format("{}.{}.quarantine", path, number);
    if (Result<void> renamed = files.rename(path, aside); !renamed)
        return std::unexpected(renamed.error());
    if (Result<void> synced = files.syncDirectory(folder); !synced)
        return std::unexpected(synced.error());
    return aside;
}

}  // namespace footfall
