#include "main/api_source.h"

#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "dashboard/api_routes.h"
#include "dashboard/stored_journeys.h"
#include "database/duckdb_database.h"
#include "database/memory_share.h"
#include "main/data_folder.h"
#include "main/time_zone_flag.h"

namespace footfall {
namespace {

constexpr std::chrono::minutes kAnswerTimeout{2};
constexpr std::string_view kWebhookPath = "/webhook";

// The address of the webhook is as good as that of the server.
std::string baseOf(std::string url) {
    if (url.ends_with(kWebhookPath)) url.resize(url.size() - kWebhookPath.size());
    if (url.ends_with('/')) url.pop_back();
    return url;
}

std::string percentEncoded(std::string_view text) {
    std::string encoded;
    for (const char c : text) {
        const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' ||
                           c == '.' || c == '_' || c == '~';
        encoded +=
            plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return encoded;
}

std::string targetOf(const std::string& path,
                     const std::vector<std::pair<std::string, std::string>>& query) {
    std::string target = path;
    for (const auto& [name, value] : query)
        target += fmt::format("{}{}={}", target.size() == path.size() ? '?' : '&', name,
                              percentEncoded(value));
    return target;
}

// The message of an answer that is an error.
std::string messageOf(const HttpResponse& response) {
    const auto json = nlohmann::json::parse(response.body, nullptr, false);
    if (!json.is_object() || !json.contains("error") || !json["error"].is_object())
        return fmt::format("the server answered {}", response.status);
    return json["error"].value("message", fmt::format("the server answered {}", response.status));
}

}  // namespace

// The routes over a folder that no server holds.
class ApiSource::Folder {
  public:
    static Result<std::unique_ptr<Folder>> open(const ApiSourceOptions& options) {
        auto zone = timeZoneFromFlag(options.timezone);
        if (!zone) return std::unexpected(std::move(zone.error()));
        auto folder = std::make_unique<Folder>();
        const std::string path = DataFolder::databasePathIn(options.data_dir);
        if (!std::filesystem::exists(path))
            return fail(Code::kNotFound,
                        fmt::format("no server runs and the folder {} holds no data; name another "
                                    "one with --data-dir, or a server with --url",
                                    options.data_dir));
        auto database = DuckDbDatabase::open(
            {.path = path, .memory_limit_bytes = databaseMemoryBytes(), .read_only = true},
            folder->clock_);
        if (!database) return std::unexpected(std::move(database.error()));
        folder->database_ = std::move(*database);
        auto journeys = storedJourneys(*folder->database_);
        if (!journeys) return std::unexpected(std::move(journeys.error()));
        folder->api_ = std::make_unique<ApiRoutes>(
            ApiOptions{.journeys = std::move(*journeys),
                       .zone = std::move(*zone),
                       .currency = options.currency,
                       .source =
                           [data_dir = options.data_dir] {
                               return fmt::format("folder {}, no server", data_dir);
                           },
                       .audit = {},
                       .pool = {}},
            *folder->database_, folder->clock_);
        return folder;
    }
    HttpResponse answer(const HttpRequest& request) { return api_->answer(request); }

  private:
    SystemClock clock_;
    std::unique_ptr<Database> database_;
    std::unique_ptr<ApiRoutes> api_;
};

void addApiSourceFlags(CLI::App& command, ApiSourceOptions& options) {
    command.add_option("--url", options.url, "Server to ask [the one of the data folder]")
        ->type_name("URL");
    command
        .add_option("--data-dir", options.data_dir,
                    "Folder of the data; its server is asked, or the folder read when none runs")
        ->type_name("DIR")
        ->capture_default_str();
    command
        .add_option(
            "--timezone", options.timezone,
            "Zone of dates and of times without offset, when no server runs [the machine's]")
        ->type_name("ZONE");
    command
        .add_option("--currency", options.currency,
                    "Of amounts that came without one, when no server runs")
        ->type_name("CODE")
        ->capture_default_str();
}

ApiSource::ApiSource(std::string url, std::unique_ptr<HttpClient> client,
                     std::unique_ptr<Folder> folder)
    : url_(std::move(url)), client_(std::move(client)), folder_(std::move(folder)) {}
ApiSource::ApiSource(ApiSource&&) noexcept = default;
ApiSource::~ApiSource() = default;

Result<ApiSource> ApiSource::connect(const std::string& url) {
    std::string base = baseOf(url);
    auto client = HttpClient::create(base);
    if (!client) return std::unexpected(std::move(client.error()));
    return ApiSource(std::move(base), std::make_unique<HttpClient>(std::move(*client)), nullptr);
}

Result<ApiSource> ApiSource::open(const ApiSourceOptions& options) {
    if (!options.url.empty()) return connect(options.url);
    if (const auto holder = holderOf(options.data_dir)) {
        if (holder->url) return connect(*holder->url);
        return fail(Code::kUnavailable,
                    fmt::format("the folder {} is in use by a footfall process that does not "
                                "answer yet; try again in a moment",
                                options.data_dir));
    }
    auto folder = Folder::open(options);
    if (!folder) return std::unexpected(std::move(folder.error()));
    return ApiSource("", nullptr, std::move(*folder));
}

Result<std::string> ApiSource::get(const std::string& path,
                                   const std::vector<std::pair<std::string, std::string>>& query) {
    return ask({.method = "GET", .target = targetOf(path, query), .headers = {}, .body = {}});
}

Result<std::string> ApiSource::post(const std::string& path,
                                    const std::vector<std::pair<std::string, std::string>>& query,
                                    std::string body) {
    return ask({.method = "POST",
                .target = targetOf(path, query),
                .headers = {{"Content-Type", "text/plain; charset=utf-8"}},
                .body = std::move(body)});
}

Result<std::string> ApiSource::ask(const HttpRequest& request) {
    auto response = folder_ ? Result<HttpResponse>(folder_->answer(request))
                            : client_->send(request, kAnswerTimeout);
    if (!response) return std::unexpected(std::move(response.error()));
    if (response->status / 100 == 2) return std::move(response->body);
    const Code code = response->status == 400 ? Code::kInvalidArgument : Code::kUnavailable;
    return fail(code, messageOf(*response));
}

}  // namespace footfall
