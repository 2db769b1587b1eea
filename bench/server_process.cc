#include "bench/server_process.h"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/child_process.h"
#include "support/check.h"

namespace footfall::bench {
namespace {

using std::chrono::milliseconds;

// A port that was free a moment ago.
std::uint16_t freePort() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    CHECK(::bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0, "a free port");
    CHECK(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0, "its number");
    ::close(fd);
    return ntohs(address.sin_port);
}

}  // namespace

ServerProcess::ServerProcess(std::string binary, std::vector<std::string> flags, std::string folder)
    : binary_(std::move(binary)),
      flags_(std::move(flags)),
      folder_stays_(!folder.empty()),
      folder_(folder_stays_ ? std::move(folder) : temporaryFolder()),
      port_(freePort()) {
    start();
}

ServerProcess::~ServerProcess() {
    if (pid_ > 0) stop();
    if (!folder_stays_) std::filesystem::remove_all(folder_);
}

std::chrono::duration<double> ServerProcess::start() {
    std::vector<std::string> words = {binary_,      "serve", "--port", std::to_string(port_),
                                      "--data-dir", folder_};
    words.insert(words.end(), flags_.begin(), flags_.end());
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const auto began = std::chrono::steady_clock::now();
    std::fflush(stdout);  // or the child prints it once more
    pid_ = ::fork();
    CHECK(pid_ >= 0, "a new process");
    if (pid_ == 0) {
        if (std::freopen("/dev/null", "w", stdout) == nullptr) ::_exit(1);
        ::execv(binary_.c_str(), arguments.data());
        ::_exit(127);
    }
    waitUntilReady();
    return std::chrono::steady_clock::now() - began;
}

void ServerProcess::stop() {
    ::kill(pid_, SIGTERM);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the server stops cleanly");
    pid_ = -1;
}

void ServerProcess::waitUntilReady() {
    for (int attempt = 0; attempt < 1'000; ++attempt) {
        auto client = HttpClient::create(fmt::format("http://127.0.0.1:{}", port_));
        CHECK(client, "a URL of our own");
        const auto answer = client->send(HttpRequest{.target = "/readyz"}, milliseconds(1'000));
        if (answer && answer->status == 200) return;
        CHECK(::waitpid(pid_, nullptr, WNOHANG) == 0, "the server starts; run it by hand to see");
        std::this_thread::sleep_for(milliseconds(10));
    }
    CHECK(false, "the server is ready within ten seconds");
}

HttpResponse ServerProcess::send(const HttpRequest& request) {
    // A connection of its own: the server closes idle ones between the measurements.
    auto client = HttpClient::create(fmt::format("http://127.0.0.1:{}", port_));
    CHECK(client, "a URL of our own");
    const auto answer = client->send(request, milliseconds(60'000));
    CHECK(answer.has_value(), "the API answers");
    return *answer;
}

nlohmann::json ServerProcess::request(const HttpRequest& request) {
    const HttpResponse answer = send(request);
    if (answer.status != 200) fmt::print(stderr, "{}: {}\n", answer.status, answer.body);
    CHECK(answer.status == 200, "the API answers");
    return nlohmann::json::parse(answer.body);
}

unsigned ServerProcess::status(const std::string& path) {
    return send(HttpRequest{.target = path}).status;
}

nlohmann::json ServerProcess::get(const std::string& path) {
    return request(HttpRequest{.target = path});
}

nlohmann::json ServerProcess::sql(const std::string& query) {
    return request(HttpRequest{.method = "POST", .target = "/api/v1/sql", .body = query});
}

std::chrono::duration<double> ServerProcess::cpuTime() const {
    return cpuTimeOf(pid_);
}

std::uint64_t ServerProcess::residentBytes() const {
    std::ifstream file(fmt::format("/proc/{}/statm", pid_));
    std::uint64_t total = 0;
    std::uint64_t resident = 0;
    file >> total >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::uint64_t ServerProcess::folderBytes() const {
    std::uint64_t bytes = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_))
        if (entry.is_regular_file()) bytes += entry.file_size();
    return bytes;
}

}  // namespace footfall::bench
