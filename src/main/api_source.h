#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "main/command_line.h"
#include "support/http.h"

namespace footfall {

struct ApiSourceOptions {
    std::string url;  // "": the server of the folder, if one runs
    std::string data_dir = "./footfall-data";
    std::string timezone;  // "": the machine's; only without a server
    std::string currency = "INR";
};
// --url, --data-dir, --timezone and --currency.
void addApiSourceFlags(CLI::App& command, ApiSourceOptions& options);

// ApiSource: whom report, events and sql ask: a server, or the same routes over the data folder,
// opened read-only, when none runs.
// Threads: one at a time.   Blocks: until the answer is there, two minutes at most.
// Errors of open: kNotFound when there is no data | kUnavailable when another process that serves
//   nothing holds the folder | kInvalidArgument for the URL or the time zone.
class ApiSource {
  public:
    [[nodiscard]] static Result<ApiSource> open(const ApiSourceOptions& options);
    // The server at that address; the address of its webhook does as well.
    [[nodiscard]] static Result<ApiSource> connect(const std::string& url);
    ApiSource(ApiSource&&) noexcept;
    ~ApiSource();

    // "http://localhost:8888"; "" when there is no server.
    const std::string& url() const { return url_; }

    // Errors: kInvalidArgument with the answer's message for 400; kUnavailable for what is not 2xx.
    [[nodiscard]] Result<std::string> get(
        const std::string& path, const std::vector<std::pair<std::string, std::string>>& query);
    [[nodiscard]] Result<std::string> post(
        const std::string& path, const std::vector<std::pair<std::string, std::string>>& query,
        std::string body);

  private:
    class Folder;
    ApiSource(std::string url, std::unique_ptr<HttpClient> client, std::unique_ptr<Folder> folder);
    Result<std::string> ask(const HttpRequest& request);

    std::string url_;
    std::unique_ptr<HttpClient> client_;  // one of the two
    std::unique_ptr<Folder> folder_;
};

}  // namespace footfall
