# A library of the C code that protoc-c makes from .proto files. Generated code is not ours: no
# warnings, and system headers.
#
#   duban_proto(NAME ROOT folder FILES below-the-folder…)
function(duban_proto name)
    cmake_parse_arguments(PROTO "" "ROOT" "FILES" ${ARGN})
    find_program(PROTOC_C protoc-c REQUIRED)
    set(out "${CMAKE_CURRENT_BINARY_DIR}/${name}")
    set(sources)
    foreach(file IN LISTS PROTO_FILES)
        string(REGEX REPLACE "[.]proto$" ".pb-c" stem "${file}")
        add_custom_command(
            OUTPUT "${out}/${stem}.c" "${out}/${stem}.h"
            COMMAND "${CMAKE_COMMAND}" -E make_directory "${out}"
            COMMAND "${PROTOC_C}" "--c_out=${out}" "-I${PROTO_ROOT}" "${PROTO_ROOT}/${file}"
            DEPENDS "${PROTO_ROOT}/${file}"
            COMMENT "protoc-c ${file}")
        list(APPEND sources "${out}/${stem}.c")
    endforeach()
    add_library(duban_${name} STATIC ${sources})
    target_compile_options(duban_${name} PRIVATE -w -fPIC)
    target_include_directories(duban_${name} SYSTEM PUBLIC "${out}")
    target_link_libraries(duban_${name} PUBLIC PkgConfig::PROTOBUF_C)
endfunction()
