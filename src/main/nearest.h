#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace footfall {

// The known word that `word` was probably meant to be; "" when none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& known);
// "; did you mean --from?", or "" for "".
std::string didYouMean(std::string_view word);

}  // namespace footfall
