#pragma once

#include <string>
#include <string_view>

// What names of places need of Unicode. REQUIRES everywhere: valid UTF-8.
// Source of the rules and the data: utf8proc.
namespace footfall {

// NFC, white space of any kind trimmed at both ends and collapsed to one space in between.
std::string tidyText(std::string_view text);
// The same for all texts that differ in case only (full case folding, then NFC).
std::string caselessKey(std::string_view text);
// Lower case, the first letter of each word in title case, NFC. Words end at white space.
std::string capitalizeWords(std::string_view text);

}  // namespace footfall
