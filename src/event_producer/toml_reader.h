#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// As everywhere in this project: two files that differ in it would not be one program.
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include "support/result.h"

namespace footfall {

// TomlReader: takes values out of a TOML table by their path ("habits.wishlist") and keeps the
// first thing that is wrong, so that the code which reads a file has no error handling in it.
// Threads: one at a time.   Lifetime: the table outlives it.
// Use: read everything, then ask problem().
class TomlReader {
  public:
    TomlReader(const toml::table& root, std::string_view source) : root_(root), source_(source) {}

    // Between `min` and `max`, both included.
    double number(std::string_view path, double min, double max);
    double chance(std::string_view path) { return number(path, 0.0, 1.0); }
    // Chances of doing something once more: below 1, or it would never end.
    double chanceOfMore(std::string_view path) { return number(path, 0.0, 0.9); }
    int whole(std::string_view path, int min, int max);
    std::string text(std::string_view path);
    std::vector<std::string> texts(std::string_view path);
    // At least one, none negative, at least one positive.
    std::vector<double> weights(std::string_view path);
    // A table of names and weights, in the order of the names.
    std::vector<std::pair<std::string, double>> namedWeights(std::string_view path);
    // The node at the path, for what has a shape of its own; nullptr when it is not there.
    const toml::node* node(std::string_view path);

    void refuse(std::string_view path, std::string_view why);
    // The first thing that was refused, else the first key that nobody asked for.
    std::optional<Error> problem() const;

  private:
    std::optional<std::string> unknownKey(const toml::table& table,
                                          const std::string& prefix) const;

    const toml::table& root_;
    std::string source_;
    std::set<std::string, std::less<>> used_;
    std::optional<std::string> refused_;
};

}  // namespace footfall
