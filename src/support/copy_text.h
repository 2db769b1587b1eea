#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

namespace footfall {

// Copies a text to `to`, for those that are short and mostly are. Their ends are copied as numbers,
// which may overlap; a call of memcpy costs several times as much.
inline void copyText(std::string_view text, void* to) {
    const auto copyEnds = [&]<std::size_t kBytes>() {
        struct Block {
            char bytes[kBytes];
        };
        const std::size_t last = text.size() - kBytes;
        Block front;
        Block back;
        std::memcpy(&front, &text[0], kBytes);
        std::memcpy(&back, &text[last], kBytes);
        std::memcpy(to, &front, kBytes);
        std::memcpy(static_cast<char*>(to) + last, &back, kBytes);
    };
    if (text.size() > 32)
        std::memcpy(to, text.data(), text.size());
    else if (text.size() >= 16)
        copyEnds.template operator()<16>();
    else if (text.size() >= 8)
        copyEnds.template operator()<8>();
    else if (text.size() >= 4)
        copyEnds.template operator()<4>();
    else
        for (std::size_t i = 0; i < text.size(); ++i) static_cast<char*>(to)[i] = text[i];
}

}  // namespace footfall
