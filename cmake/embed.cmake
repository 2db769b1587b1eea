# footfall_embed(TARGET NAME [ROOT folder] FILES file...): puts files into the binary. Generates
# NAME.h with `std::string_view NAME(std::string_view path)`: the file's bytes by its path from ROOT,
# which is that of the repository unless it is given. An unknown path is a bug and aborts.
#
# The target `embedded` makes all of them, for tools that only read code.
add_custom_target(embedded)
function(footfall_embed target name)
  cmake_parse_arguments(EMBED "" "ROOT" "FILES" ${ARGN})
  if(NOT EMBED_ROOT)
    set(EMBED_ROOT ${CMAKE_SOURCE_DIR})
  endif()
  set(out ${CMAKE_CURRENT_BINARY_DIR}/embedded)
  set(inputs)
  foreach(file ${EMBED_FILES})
    list(APPEND inputs ${EMBED_ROOT}/${file})
  endforeach()
  add_custom_command(
    OUTPUT ${out}/${name}.cc ${out}/${name}.h
    COMMAND ${CMAKE_COMMAND} -DNAME=${name} -DROOT=${EMBED_ROOT} -DOUT=${out}
            "-DFILES=${EMBED_FILES}" -P ${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake
    DEPENDS ${inputs} ${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake
    COMMENT "Embedding ${name}" VERBATIM)
  add_custom_target(${name}_embedded DEPENDS ${out}/${name}.cc ${out}/${name}.h)
  add_dependencies(embedded ${name}_embedded)
  target_sources(${target} PRIVATE ${out}/${name}.cc ${out}/${name}.h)
  target_include_directories(${target} PRIVATE ${out})
endfunction()
