#include "queue_consumer/dead_letter.h"

#include <span>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "event/event_json.h"
#include "support/crash_point.h"
#include "support/time_text.h"

namespace footfall {
namespace {

std::string jsonString(std::string_view text) {
    using Json = nlohmann::json;
    // The reason quotes the database, which may quote anything.
    return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

DeadLetters::DeadLetters(FileSystem& files, std::string path)
    : files_(files), path_(std::move(path)) {}

Result<void> DeadLetters::add(const EventView& event, std::string_view reason, UtcTime now) {
    const std::string line = fmt::format("{{\"event\":{},\"reason\":{},\"time\":\"{}\"}}\n",
                                         eventToJson(event), jsonString(reason), formatUtc(now));
    if (!file_)
        if (Result<void> opened = open(); !opened) return opened;
    Result<void> written = write(line);
    // A sync is never repeated on a file whose sync failed; the line is written again instead.
    if (!written) file_.reset();
    return written;
}

Result<void> DeadLetters::open() {
    const Result<std::string> before = files_.readAll(path_);
    if (!before) {
        if (before.error().code != Code::kNotFound) return std::unexpected(before.error());
        // replace() makes the new file's name durable as well.
        if (Result<void> created = files_.replace(path_, ""); !created) return created;
    }
    Result<std::unique_ptr<File>> opened = files_.openForAppend(path_);
    if (!opened) return std::unexpected(opened.error());
    file_ = std::move(*opened);
    const bool ends_within_a_line = before && !before->empty() && before->back() != '\n';
    Result<void> line_ended = ends_within_a_line ? write("\n") : Result<void>();
    if (!line_ended) file_.reset();
    return line_ended;
}

Result<void> DeadLetters::write(std::string_view line) {
    if (Result<void> appended = file_->append(std::as_bytes(std::span(line))); !appended)
        return appended;
    crashPoint("dead_letter.after_write");
    Result<void> synced = file_->syncData();
    crashPoint("dead_letter.after_sync");
    return synced;
}

}  // namespace footfall
