#include "database/duckdb_instance.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include <fmt/format.h>

#include "database/duckdb_errors.h"
#include "support/check.h"

namespace footfall {
namespace {

using std::chrono::steady_clock;

// 1.4.x destroyed committed rows when the disk filled during a checkpoint; 1.5.6 kept them.
constexpr std::array<int, 3> kOldestVersion = {1, 5, 6};
// How often a query is interrupted that has not noticed yet.
constexpr std::chrono::milliseconds kInterruptAgain{20};
// How long the watcher sleeps when there is nothing to watch.
constexpr std::chrono::hours kIdle{1};

Result<void> checkVersion(const char* text) {
    std::array<int, 3> version{};
    const int found = std::sscanf(text, "v%d.%d.%d", version.data(), &version[1], &version[2]);
    if (found == 3 && version >= kOldestVersion) return {};
    return fail(Code::kInvalidArgument,
                fmt::format("DuckDB {} is too old: 1.5.6 or newer is needed; run npm ci", text));
}

Result<DuckDbConfig> configOf(const DuckDbOptions& options) {
    DuckDbConfig config;
    CHECK(duckdb_create_config(config.out()) == DuckDBSuccess, "memory for a few settings");
    const std::array<std::pair<const char*, std::string>, 12> settings = {{
        {"access_mode", options.read_only ? "READ_ONLY" : "READ_WRITE"},
        {"temp_directory", options.path + ".tmp"},
        {"memory_limit", fmt::format("{}B", options.memory_limit_bytes)},
        {"threads", std::to_string(options.threads)},
        {"external_threads", std::to_string(options.threads)},  // none of DuckDB's own
        {"checkpoint_threshold", fmt::format("{}B", options.checkpoint_threshold_bytes)},
        {"autoinstall_known_extensions", "false"},
        {"autoload_known_extensions", "false"},
        {"allow_community_extensions", "false"},
        {"enable_external_access", "false"},
        {"allowed_configs", "['memory_limit']"},  // by SET, which no query may contain
        {"lock_configuration", "true"},           // the last: nothing else can be set after it
    }};
    for (const auto& [name, value] : settings)
        if (duckdb_set_config(config.get(), name, value.c_str()) != DuckDBSuccess)
            return fail(Code::kInvalidArgument, fmt::format("DuckDB refuses {} = {}", name, value));
    return config;
}

}  // namespace

DuckDbInstance::DuckDbInstance(DuckDbOptions options)
    : options_(std::move(options)), watcher_([this](const std::stop_token& stop) { run(stop); }) {
    CHECK(options_.threads == 1 || options_.threads == 2, "one thread, or one that helps it");
    if (options_.threads > 1)
        helper_ = std::jthread([this](const std::stop_token& stop) { help(stop); });
}

DuckDbInstance::~DuckDbInstance() {
    close();
}

Result<void> DuckDbInstance::open() {
    if (Result<void> done = checkVersion(duckdb_library_version()); !done) return done;
    const Result<DuckDbConfig> config = configOf(options_);
    if (!config) return std::unexpected(config.error());
    DuckDbFile file;
    char* message = nullptr;
    if (duckdb_open_ext(options_.path.c_str(), file.out(), config->get(), &message) !=
        DuckDBSuccess) {
        Error error = openError(options_.path, message == nullptr ? "" : message);
        duckdb_free(message);
        return std::unexpected(std::move(error));
    }
    const MutexLock lock(mutex_);
    CHECK(!file_, "a file is opened once");
    file_ = std::move(file);
    resting_ = false;
    rest_at_ = steady_clock::now() + options_.rest_after;
    noteChange();
    return {};
}

void DuckDbInstance::close() {
    MutexLock lock(mutex_);
    closing_ = true;
    noteChange();
    changed_.wait(lock, [this]() REQUIRES(mutex_) { return leases_.empty() && !helping_; });
    file_.reset();
    closing_ = false;
}

Result<DuckDbConnection> DuckDbInstance::connect() {
    const MutexLock lock(mutex_);
    return connectLocked();
}

Result<DuckDbConnection> DuckDbInstance::connectLocked() {
    if (!file_ || closing_) return fail(Code::kFatal, fmt::format("{} is not open", options_.path));
    DuckDbConnection connection;
    if (duckdb_connect(file_.get(), connection.out()) != DuckDBSuccess)
        return fail(Code::kUnavailable, "DuckDB gives no connection");
    return connection;
}

Result<std::unique_ptr<DuckDbInstance::Lease>> DuckDbInstance::lease(SteadyTime deadline) {
    const MutexLock lock(mutex_);
    Result<DuckDbConnection> connection = connectLocked();
    if (!connection) return std::unexpected(connection.error());
    if (resting_ && limitMemory(options_.memory_limit_bytes)) resting_ = false;
    auto lease = std::make_unique<Lease>(*this, std::move(*connection), deadline);
    leases_.push_back(lease.get());
    noteChange();
    return lease;
}

DuckDbInstance::Lease::Lease(DuckDbInstance& instance, DuckDbConnection connection,
                             SteadyTime deadline)
    : instance_(instance), connection_(std::move(connection)), deadline_(deadline) {}

DuckDbInstance::Lease::~Lease() {
    const MutexLock lock(instance_.mutex_);
    instance_.leases_.remove(this);
    if (instance_.leases_.empty() && instance_.helping_)
        duckdb_finish_execution(instance_.helping_.get());
    connection_.reset();
    instance_.rest_at_ = steady_clock::now() + instance_.options_.rest_after;
    instance_.noteChange();
}

bool DuckDbInstance::Lease::expired() const {
    return steady_clock::now() >= deadline_;
}

// The steady clock itself and not an injected one: what is timed is DuckDB's work in real time.
SteadyTime DuckDbInstance::interruptDue() {
    const SteadyTime now = steady_clock::now();
    SteadyTime next = now + kIdle;
    for (const Lease* lease : leases_) {
        const bool is_due = closing_ || lease->deadline_ <= now;
        if (is_due) duckdb_interrupt(lease->connection());
        next = std::min(next, is_due ? now + kInterruptAgain : lease->deadline_);
    }
    return next;
}

void DuckDbInstance::noteChange() {
    ++changes_;
    changed_.notify_all();
}

// A limit that it cannot keep now, with a commit under way, DuckDB refuses.
SteadyTime DuckDbInstance::restWhenIdle() {
    const SteadyTime now = steady_clock::now();
    if (!file_ || resting_ || closing_ || !leases_.empty() ||
        options_.resting_memory_bytes >= options_.memory_limit_bytes)
        return now + kIdle;
    if (now >= rest_at_) {
        resting_ = limitMemory(options_.resting_memory_bytes).has_value();
        rest_at_ = now + options_.rest_after;
    }
    return rest_at_;
}

Result<void> DuckDbInstance::limitMemory(std::size_t bytes) {
    const Result<DuckDbConnection> connection = connectLocked();
    if (!connection) return std::unexpected(connection.error());
    return execute(connection->get(), fmt::format("SET memory_limit = '{}B'", bytes).c_str());
}

void DuckDbInstance::run(const std::stop_token& stop) {
    MutexLock lock(mutex_);
    while (!stop.stop_requested()) {
        const SteadyTime next = std::min(interruptDue(), restWhenIdle());
        changed_.wait_until(lock, stop, next, [this, seen = changes_]() REQUIRES(mutex_) {
            return changes_ != seen;
        });
    }
}

// One helper for all queries: to end the work of one of several may wake another instead.
void DuckDbInstance::help(const std::stop_token& stop) {
    while (const duckdb_task_state tasks = beginHelping(stop)) {
        duckdb_execute_tasks_state(tasks);  // until the last lease is back
        endHelping();
    }
}

duckdb_task_state DuckDbInstance::beginHelping(const std::stop_token& stop) {
    MutexLock lock(mutex_);
    if (!changed_.wait(lock, stop, [this]() REQUIRES(mutex_) { return !leases_.empty(); }))
        return nullptr;
    helping_ = DuckDbTaskState(duckdb_create_task_state(file_.get()));
    return helping_.get();
}

void DuckDbInstance::endHelping() {
    const MutexLock lock(mutex_);
    helping_.reset();
    changed_.notify_all();
}

}  // namespace footfall
