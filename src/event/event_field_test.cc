#include "event/event_field.h"

#include <string>

#include <gtest/gtest.h>

namespace footfall {
namespace {

TEST(EventField, isFoundByItsName) {
    for (std::size_t i = 0; i < kEventFieldCount; ++i)
        EXPECT_EQ(eventFieldOf(kEventFieldNames[i]), static_cast<EventField>(i));
}

TEST(EventField, isNotFoundByANameThatDiffersAnywhere) {
    for (const std::string_view name : kEventFieldNames) {
        for (std::size_t i = 0; i < name.size(); ++i) {
            std::string other(name);
            other[i] = '~';
            EXPECT_EQ(eventFieldOf(other), EventField::kUnknown) << other;
        }
        EXPECT_EQ(eventFieldOf(std::string(name) + "s"), EventField::kUnknown) << name;
        EXPECT_EQ(eventFieldOf(" " + std::string(name)), EventField::kUnknown) << name;
        EXPECT_EQ(eventFieldOf(name.substr(1)), EventField::kUnknown) << name;
    }
}

TEST(EventField, ofANameOfAnyLengthIsUnknown) {
    for (std::size_t size = 0; size < 40; ++size)
        EXPECT_EQ(eventFieldOf(std::string(size, 'e')), EventField::kUnknown) << size;
}

}  // namespace
}  // namespace footfall
