#pragma once

#include "journey_index/journey_tally.h"
#include "journey_index/trend_tally.h"

namespace footfall {

// QuestionTally: all that the reports of one question need, so that one scan serves those that a
// page shows beside one another. Threads: one at a time.
struct QuestionTally {
    JourneyTally journey;
    TrendTally trend;

    explicit QuestionTally(const JourneyShape& shape)
        : journey(shape, JourneyTally::Kind::kOfOneQuestion), trend(shape) {}
    void add(const PersonFigures& person, bool is_inside_window) {
        journey.add(person, is_inside_window);
        trend.add(person, is_inside_window);
    }
    void merge(const QuestionTally& other) {
        journey.merge(other.journey);
        trend.merge(other.trend);
    }
};

}  // namespace footfall
