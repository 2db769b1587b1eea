#include "dashboard/task_pool.h"

#include <future>

#include <gtest/gtest.h>

namespace footfall {
namespace {

TEST(TaskPool, refusesWhatIsBeyondItsBoundAndRunsTheRest) {
    TaskPool pool({.threads = 1, .waiting_max = 1});
    std::promise<void> started;
    std::promise<void> release;
    std::promise<void> second_ran;

    ASSERT_TRUE(pool.tryRun([&started, &release] {
        started.set_value();
        release.get_future().wait();
    }));
    started.get_future().wait();
    EXPECT_TRUE(pool.tryRun([&second_ran] { second_ran.set_value(); }));
    EXPECT_FALSE(pool.tryRun([] { FAIL() << "was refused"; }));

    release.set_value();
    second_ran.get_future().wait();
    std::promise<void> third_ran;
    EXPECT_TRUE(pool.tryRun([&third_ran] { third_ran.set_value(); }));
    third_ran.get_future().wait();
}

TEST(TaskPool, destroysWaitingTasksUnrun) {
    const auto kept_alive = std::make_shared<int>(0);
    std::promise<void> started;
    std::promise<void> release;
    {
        TaskPool pool({.threads = 1, .waiting_max = 8});
        ASSERT_TRUE(pool.tryRun([&started, &release] {
            started.set_value();
            release.get_future().wait();
        }));
        started.get_future().wait();
        ASSERT_TRUE(pool.tryRun([kept_alive] { ++*kept_alive; }));
        std::jthread releaser([&release] {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            release.set_value();
        });
    }

    EXPECT_EQ(kept_alive.use_count(), 1);
}

}  // namespace
}  // namespace footfall
