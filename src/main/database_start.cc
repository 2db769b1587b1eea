#include "main/database_start.h"

#include <utility>

#include "support/log.h"
#include "support/set_aside.h"

namespace footfall {

DatabaseStart::DatabaseStart(DuckDbDatabase& database, FileSystem& files, std::string path,
                             std::span<const Journey> journeys)
    : database_(database), files_(files), path_(std::move(path)), journeys_(journeys) {}

Result<Applied> DatabaseStart::open() {
    const auto set_aside = database_.start();
    if (!set_aside) {
        // A schema whose commit the disk refused is created by the next attempt.
        const bool in_doubt = set_aside.error().code == Code::kUnknownOutcome;
        return fail(in_doubt ? Code::kUnavailable : set_aside.error().code, set_aside.error().what);
    }
    set_aside_.insert(set_aside_.end(), set_aside->begin(), set_aside->end());
    if (const Result<void> stored = database_.storeJourneys(journeys_); !stored)
        // The file is whole: it was opened.
        return fail(Code::kUnavailable, stored.error().what);
    return database_.applied();
}

Result<Applied> DatabaseStart::openEmpty() {
    for (const std::string& path : {path_, path_ + ".wal"}) {
        const auto aside = setAside(files_, path);
        if (!aside && aside.error().code == Code::kNotFound) continue;
        if (!aside) return std::unexpected(aside.error());
        spdlog::error("The damaged database is kept as {}.", *aside);
        set_aside_.push_back(*aside);
    }
    return open();
}

}  // namespace footfall
