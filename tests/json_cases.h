#pragma once

#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace footfall {

// One text of tests/data/json_cases.txt, which describes the form.
struct JsonCase {
    std::string name;
    std::string text;

    bool mustParse() const { return name.starts_with("y_"); }
    bool mustFail() const { return name.starts_with("n_"); }
};

namespace json_cases_internal {

inline std::string unescape(std::string_view escaped) {
    std::string bytes;
    for (std::size_t i = 0; i < escaped.size(); ++i) {
        if (escaped[i] != '\\') {
            bytes += escaped[i];
        } else if (escaped.at(++i) == 'x') {
            bytes +=
                static_cast<char>(std::stoi(std::string(escaped.substr(i + 1, 2)), nullptr, 16));
            i += 2;
        } else {
            bytes += escaped[i];
        }
    }
    return bytes;
}

// "COUNT*BYTES"
inline void appendPart(std::string_view part, std::string& text) {
    const std::size_t star = part.find('*');
    const int count = std::stoi(std::string(part.substr(0, star)));
    const std::string bytes = unescape(part.substr(star + 1));
    for (int i = 0; i < count; ++i) text += bytes;
}

inline JsonCase readCase(std::string_view line) {
    std::size_t tab = line.find('\t');
    JsonCase one{.name = std::string(line.substr(0, tab)), .text = {}};
    while (tab != std::string_view::npos) {
        line.remove_prefix(tab + 1);
        tab = line.find('\t');
        appendPart(line.substr(0, tab), one.text);
    }
    return one;
}

}  // namespace json_cases_internal

// All cases: 95 that must parse, 188 that must fail, 35 that may do either.
inline std::vector<JsonCase> readJsonCases() {
    std::ifstream file(FOOTFALL_SOURCE_DIR "/tests/data/json_cases.txt");
    if (!file) throw std::runtime_error("tests/data/json_cases.txt cannot be read");
    std::vector<JsonCase> cases;
    for (std::string line; std::getline(file, line);)
        if (!line.empty() && line.front() != '#')
            cases.push_back(json_cases_internal::readCase(line));
    return cases;
}

}  // namespace footfall
