#include "bench/append_server.h"

#include <array>
#include <csignal>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/check.h"
#include "support/http.h"
#include "support/metrics.h"

namespace footfall::bench {
namespace {

// The child's life. Each reactor has a file of its own; O_APPEND keeps bodies whole.
[[noreturn]] void serve(const std::string& folder, int port_pipe) {
    const auto handler = [&](HttpRequest&& request, const HttpServer::Respond& respond) {
        thread_local const int file = ::open(fmt::format("{}/{}", folder, ::gettid()).c_str(),
                                             O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        const auto size = static_cast<ssize_t>(request.body.size());
        CHECK(::write(file, request.body.data(), request.body.size()) == size, "a whole write");
        CHECK(::fdatasync(file) == 0, "a sync");
        respond({.status = 202, .body = "{}"});
    };
    Metrics metrics;
    HttpServer server({.port = 0}, handler, metrics);
    CHECK(server.start(), "a free port");
    const std::uint16_t port = server.port();
    CHECK(::write(port_pipe, &port, sizeof(port)) == sizeof(port), "the parent listens");
    while (true) ::pause();
}

}  // namespace

AppendServer::AppendServer() : folder_(temporaryFolder()) {
    std::array<int, 2> pipe{};
    CHECK(::pipe(pipe.data()) == 0, "a pipe");
    pid_ = ::fork();
    CHECK(pid_ >= 0, "a new process");
    if (pid_ == 0) serve(folder_, pipe[1]);
    CHECK(::read(pipe[0], &port_, sizeof(port_)) == sizeof(port_), "the child serves");
    ::close(pipe[0]);
    ::close(pipe[1]);
}

AppendServer::~AppendServer() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    std::filesystem::remove_all(folder_);
}

}  // namespace footfall::bench
