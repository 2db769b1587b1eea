# The script behind footfall_embed(): a byte array per file, so that any byte and any length compiles.
file(WRITE ${OUT}/${NAME}.h
"#pragma once
// Generated from the files named in the .cc; edit those.
#include <string_view>

namespace footfall {
std::string_view ${NAME}(std::string_view path);
}
")
set(cases "")
set(arrays "")
set(index 0)
foreach(file ${FILES})
  file(READ ${ROOT}/${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  string(REGEX REPLACE "((......,){1,20})" "\\1\n" bytes "${bytes}")
  string(APPEND arrays "constexpr char kFile${index}[] = {${bytes}'\\0'};\n")
  string(APPEND cases
    "    if (path == \"${file}\") return {kFile${index}, sizeof(kFile${index}) - 1};\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE ${OUT}/${NAME}.cc
"#include \"${NAME}.h\"

#include \"support/check.h\"

namespace footfall {
namespace {
${arrays}}  // namespace

std::string_view ${NAME}(std::string_view path) {
${cases}    CHECK(false, \"no such embedded file\");
}

}  // namespace footfall
")
