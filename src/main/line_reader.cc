#include "main/line_reader.h"

#include <algorithm>

#include <fmt/format.h>

namespace footfall {

Result<bool> LineReader::fill() {
    auto count = source_.read(buffer_);
    if (!count) return std::unexpected(std::move(count.error()));
    position_ = 0;
    end_ = *count;
    return end_ > 0;
}

Result<bool> LineReader::next(std::string& line) {
    line.clear();
    ended_ = ended_in_cr_lf_ = false;
    bool found_any = false;
    while (true) {
        if (position_ == end_) {
            const auto filled = fill();
            if (!filled) return filled;
            if (!*filled) break;
        }
        found_any = true;
        const auto begin = buffer_.begin() + static_cast<std::ptrdiff_t>(position_);
        const auto end = buffer_.begin() + static_cast<std::ptrdiff_t>(end_);
        const auto line_end = std::find(begin, end, '\n');
        line.append(begin, line_end);
        if (line.size() > kLineBytesMax)
            return fail(Code::kTooLarge,
                        fmt::format("line {} is longer than {} bytes", number_ + 1, kLineBytesMax));
        position_ += static_cast<std::size_t>(line_end - begin);
        end_offset_ += static_cast<std::uint64_t>(line_end - begin);
        if (line_end == end) continue;
        ++position_;
        ++end_offset_;
        ended_ = true;
        ended_in_cr_lf_ = line.ends_with('\r');
        if (ended_in_cr_lf_) line.pop_back();
        break;
    }
    if (found_any && ++number_ == 1 && line.starts_with("\xef\xbb\xbf")) line.erase(0, 3);
    return found_any;
}

}  // namespace footfall
