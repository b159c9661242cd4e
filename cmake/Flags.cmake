# One INTERFACE target carries every flag, so that no part of the tree sets its own.
add_library(duban_flags INTERFACE)

# -Wconversion and -Wswitch-enum are the two that pay: in a codec the bugs are lost bits, and a new
# kind of event must break the build wherever somebody has to learn of it (so no `default` over
# enums of our own). -Wnull-dereference is left to clang's analyzer: gcc speaks of it in release
# alone, and of paths that nobody can take.
target_compile_options(duban_flags INTERFACE
    -Wall -Wextra -Wpedantic
    -Wshadow -Wconversion -Wpointer-arith -Wwrite-strings
    -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
    -Wswitch-enum -Wimplicit-fallthrough -Wformat=2 -Wundef -Wvla -Wdate-time
    -fno-common -fno-omit-frame-pointer
    # Clang would also look into the macros of generated headers, which cast as they like.
    $<$<C_COMPILER_ID:GNU>:-Wcast-qual>
    $<$<C_COMPILER_ID:GNU>:-Wlogical-op>
    $<$<C_COMPILER_ID:GNU>:-Wduplicated-cond>
    $<$<BOOL:${DUBAN_WERROR}>:-Werror>
    # Nobody's home folder in a binary or a log line.
    -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)

if(DUBAN_SANITIZE)
    target_compile_options(duban_flags INTERFACE
        -fsanitize=${DUBAN_SANITIZE} -fno-sanitize-recover=all)
    target_link_options(duban_flags INTERFACE -fsanitize=${DUBAN_SANITIZE})
endif()

if(DUBAN_HARDEN)
    set(CMAKE_POSITION_INDEPENDENT_CODE ON)
    target_compile_options(duban_flags INTERFACE
        -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection
        $<$<STREQUAL:${CMAKE_SYSTEM_PROCESSOR},x86_64>:-fcf-protection>
        $<$<STREQUAL:${CMAKE_SYSTEM_PROCESSOR},aarch64>:-mbranch-protection=standard>)
    target_link_options(duban_flags INTERFACE -pie -Wl,-z,relro,-z,now)
endif()

if(DUBAN_COVERAGE)
    target_compile_options(duban_flags INTERFACE -fprofile-instr-generate -fcoverage-mapping)
    target_link_options(duban_flags INTERFACE -fprofile-instr-generate)
endif()

if(DUBAN_FUZZ) # the libraries are watched; only a fuzz target brings libFuzzer's main
    target_compile_options(duban_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
