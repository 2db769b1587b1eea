# footfall_stage(NAME DEPENDS lib...): the library of one folder of src/, from every .cc in it, and
# the test binary NAME_test from every *_test.cc beside them. A new file is picked up by itself.
function(footfall_stage name)
  cmake_parse_arguments(STAGE "" "" "DEPENDS;TEST_DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")

  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(${name} PUBLIC ${STAGE_DEPENDS})

  if(FOOTFALL_TESTS AND tests)
    footfall_test(${name}_test SOURCES ${tests} DEPENDS ${name} ${STAGE_TEST_DEPENDS})
  endif()
endfunction()

# footfall_test(NAME SOURCES file... DEPENDS lib...): one GoogleTest binary, one CTest entry.
function(footfall_test name)
  cmake_parse_arguments(TEST "" "TIMEOUT_SECONDS" "SOURCES;DEPENDS" ${ARGN})
  if(NOT TEST_TIMEOUT_SECONDS)
    set(TEST_TIMEOUT_SECONDS 600)
  endif()
  add_executable(${name} ${TEST_SOURCES})
  target_link_libraries(${name} PRIVATE ${TEST_DEPENDS} GTest::gtest_main)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_compile_definitions(${name} PRIVATE FOOTFALL_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  add_test(NAME ${name} COMMAND ${name} --gtest_brief=1 WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${TEST_TIMEOUT_SECONDS} ENVIRONMENT
    "ASAN_OPTIONS=detect_stack_use_after_return=1;TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/tsan_suppressions.txt;UBSAN_OPTIONS=print_stacktrace=1")
endfunction()
