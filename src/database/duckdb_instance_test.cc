#include "database/duckdb_instance.h"

#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <time.h>

#include "database/duckdb_errors.h"
#include "tests/fakes/duckdb_folder.h"

namespace footfall {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr const char* kHeavy =
    "SELECT sum(hash(a.range)) FROM range(4_000_000) a JOIN range(2_000_000) b USING (range)";

Seconds cpuTime(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

// The share of a query's processor time that other threads than the caller's took.
double helpedShare(duckdb_connection connection) {
    const Seconds all_before = cpuTime(CLOCK_PROCESS_CPUTIME_ID);
    const Seconds own_before = cpuTime(CLOCK_THREAD_CPUTIME_ID);
    EXPECT_TRUE(execute(connection, kHeavy));
    const Seconds own = cpuTime(CLOCK_THREAD_CPUTIME_ID) - own_before;
    return 1 - own / (cpuTime(CLOCK_PROCESS_CPUTIME_ID) - all_before);
}

class DuckDbInstanceTest : public ::testing::Test {
  protected:
    DuckDbFolder folder_;
    DuckDbInstance instance_{folder_.options()};
};

TEST_F(DuckDbInstanceTest, helpsALeasedConnectionAndLeavesTheOthersAlone) {
    ASSERT_TRUE(instance_.open());
    const auto connection = instance_.connect().value();
    const double alone = helpedShare(connection.get());
    const auto lease = instance_.lease().value();
    const double helped = helpedShare(lease->connection());

    EXPECT_LT(alone, 0.05);
    EXPECT_GT(helped, 0.1);
}

TEST_F(DuckDbInstanceTest, closesAndOpensWhileLeasesComeAndGo) {
    ASSERT_TRUE(instance_.open());
    std::vector<std::jthread> readers;
    for (int i = 0; i < 4; ++i)
        readers.emplace_back([this](const std::stop_token& stop) {
            while (!stop.stop_requested())
                if (const auto lease = instance_.lease())
                    std::ignore = execute((*lease)->connection(),
                                          "SELECT sum(hash(range)) FROM range(300_000)");
        });

    for (int i = 0; i < 20; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        instance_.close();
        ASSERT_TRUE(instance_.open());
    }
}

std::string memoryLimit(duckdb_connection connection) {
    DuckDbResult result;
    EXPECT_EQ(duckdb_query(connection, "SELECT current_setting('memory_limit')", result.get()),
              DuckDBSuccess);
    char* text = duckdb_value_varchar(result.get(), 0, 0);
    std::string limit = text;
    duckdb_free(text);
    return limit;
}

bool eventually(const std::function<bool()>& holds) {
    for (int i = 0; i < 5'000 && !holds(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return holds();
}

TEST(DuckDbInstanceMemoryTest, isWhatQueriesNeedWhileThereAreSomeAndLessAWhileAfter) {
    const DuckDbFolder folder;
    DuckDbOptions options = folder.options();
    options.memory_limit_bytes = 160 << 20;
    options.resting_memory_bytes = 100 << 20;
    options.rest_after = std::chrono::milliseconds(1);
    DuckDbInstance instance(options);
    ASSERT_TRUE(instance.open());
    const auto writer = instance.connect().value();
    const auto rests = [&] { return memoryLimit(writer.get()) == "100.0 MiB"; };

    ASSERT_TRUE(eventually(rests));
    {
        const auto lease = instance.lease().value();
        EXPECT_EQ(memoryLimit(lease->connection()), "160.0 MiB");
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        EXPECT_EQ(memoryLimit(writer.get()), "160.0 MiB");
    }
    EXPECT_TRUE(eventually(rests));
}

}  // namespace
}  // namespace footfall
