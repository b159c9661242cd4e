# A worker is the program duban-NAME of the .c files of its folder, which stand on the kit. All of it
# but main.c is a library, so that tests/unit/worker_NAME/test_*.c can stand on its parts.
#
#   duban_worker(NAME [WITH library…])
function(duban_worker name)
    cmake_parse_arguments(WORKER "" "" "WITH" ${ARGN})
    duban_library(worker_${name}  FILES "${CMAKE_CURRENT_SOURCE_DIR}/*.c"
        EXCEPT "${CMAKE_CURRENT_SOURCE_DIR}/main.c"  ON duban_worker_kit  WITH ${WORKER_WITH}  POSIX)
    set_property(GLOBAL APPEND PROPERTY DUBAN_WORKERS worker_${name})
    if(NOT DUBAN_FUZZ)
        duban_program(duban-${name} FILES main.c ON duban_worker_${name})
        install(TARGETS duban-${name} RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
    endif()
endfunction()
