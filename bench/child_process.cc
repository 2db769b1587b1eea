#include "bench/child_process.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/check.h"

namespace footfall::bench {

std::string temporaryFolder() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "footfall-bench-XXXXXX").string();
    CHECK(::mkdtemp(pattern.data()) != nullptr, "a temporary folder");
    return pattern;
}

std::chrono::duration<double> cpuTimeOf(pid_t pid) {
    std::ifstream file(fmt::format("/proc/{}/stat", pid));
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    // Fields 14 and 15, counted behind the name, which may hold spaces.
    std::istringstream fields(text.substr(text.rfind(')') + 2));
    std::string skipped;
    for (int i = 3; i < 14; ++i) fields >> skipped;
    double user = 0;
    double system = 0;
    fields >> user >> system;
    return std::chrono::duration<double>((user + system) /
                                         static_cast<double>(::sysconf(_SC_CLK_TCK)));
}

}  // namespace footfall::bench
