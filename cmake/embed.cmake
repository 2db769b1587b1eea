# footfall_embed(TARGET NAME FILES file...): puts files into the binary. Generates NAME.h with
# `std::string_view NAME(std::string_view path)`: the file's text by its path from the root.
# An unknown path is a bug and aborts.
#
# The target `embedded` makes all of them, for tools that only read code.
add_custom_target(embedded)
function(footfall_embed target name)
  cmake_parse_arguments(EMBED "" "" "FILES" ${ARGN})
  set(out ${CMAKE_CURRENT_BINARY_DIR}/embedded)
  set(inputs)
  foreach(file ${EMBED_FILES})
    list(APPEND inputs ${CMAKE_SOURCE_DIR}/${file})
  endforeach()
  add_custom_command(
    OUTPUT ${out}/${name}.cc ${out}/${name}.h
    COMMAND ${CMAKE_COMMAND} -DNAME=${name} -DROOT=${CMAKE_SOURCE_DIR} -DOUT=${out}
            "-DFILES=${EMBED_FILES}" -P ${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake
    DEPENDS ${inputs} ${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake
    COMMENT "Embedding ${name}" VERBATIM)
  add_custom_target(${name}_embedded DEPENDS ${out}/${name}.cc ${out}/${name}.h)
  add_dependencies(embedded ${name}_embedded)
  target_sources(${target} PRIVATE ${out}/${name}.cc ${out}/${name}.h)
  target_include_directories(${target} PRIVATE ${out})
endfunction()
