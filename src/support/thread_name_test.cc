#include "support/thread_name.h"

#include <array>
#include <string>
#include <thread>

#include <gtest/gtest.h>

namespace footfall {
namespace {

TEST(ThreadNameTest, isThatOfTheThreadAlone) {
    const auto own_name = [] {
        std::array<char, 16> name{};
        pthread_getname_np(pthread_self(), name.data(), name.size());
        return std::string(name.data());
    };
    const std::string before = own_name();
    std::string other;
    std::jthread([&] {
        nameThisThread("queue consumer.");
        other = own_name();
    }).join();
    EXPECT_EQ(other, "queue consumer.");
    EXPECT_EQ(own_name(), before);
}

}  // namespace
}  // namespace footfall
