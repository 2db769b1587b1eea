# Every outside library, found once. docs/dependencies.md says why each is here.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(simdjson REQUIRED)
find_package(absl REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(utf8proc REQUIRED IMPORTED_TARGET libutf8proc)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
if(FOOTFALL_JEMALLOC)
  pkg_check_modules(jemalloc REQUIRED IMPORTED_TARGET jemalloc)
endif()

# Debian's CLI11, toml++, nlohmann-json and concurrentqueue are headers in /usr/include.

# DuckDB comes from npm (package.json): the library from its Node bindings, the C header, which is
# stable across these versions, from its older Node package.
set(DUCKDB_LIBRARY_DIR ${CMAKE_SOURCE_DIR}/node_modules/@duckdb/node-bindings-linux-x64)
set(DUCKDB_INCLUDE_DIR ${CMAKE_SOURCE_DIR}/node_modules/duckdb/src/duckdb/src/include)
if(NOT EXISTS ${DUCKDB_LIBRARY_DIR}/libduckdb.so)
  message(FATAL_ERROR "DuckDB is missing: run ./run or `npm ci` first.")
endif()
# Only duckdb.h is wanted from that folder, so it is copied: its neighbours must not be includable.
configure_file(${DUCKDB_INCLUDE_DIR}/duckdb.h ${CMAKE_BINARY_DIR}/duckdb_include/duckdb.h COPYONLY)
add_library(duckdb SHARED IMPORTED)
set_target_properties(duckdb PROPERTIES
  IMPORTED_LOCATION ${DUCKDB_LIBRARY_DIR}/libduckdb.so
  INTERFACE_INCLUDE_DIRECTORIES ${CMAKE_BINARY_DIR}/duckdb_include)

if(FOOTFALL_TESTS)
  find_package(GTest REQUIRED)
  include(GoogleTest)
endif()
