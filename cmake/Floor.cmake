# A floor is a library of all the .c files in its folder. They are globbed, against CMake's advice:
# the folder is the list, several hands add files to one floor at once, and CONFIGURE_DEPENDS looks
# again at every build.
#
#   duban_library(NAME FILES pattern… [EXCEPT pattern…] [ON target…] [WITH library…] [POSIX])
#
# ON is what may be included and is handed on; WITH are foreign libraries that only these files see.
# POSIX opens more than the C standard, for those who speak with the machine. Where there is no
# file yet, the target is an empty one, so that others can already stand on it.
function(duban_library name)
    cmake_parse_arguments(LIB "POSIX" "" "FILES;EXCEPT;ON;WITH" ${ARGN})
    set(files)
    if(LIB_FILES)
        file(GLOB files CONFIGURE_DEPENDS ${LIB_FILES})
    endif()
    if(LIB_EXCEPT)
        file(GLOB except CONFIGURE_DEPENDS ${LIB_EXCEPT})
        list(REMOVE_ITEM files ${except})
    endif()
    if(files)
        add_library(duban_${name} STATIC ${files})
        target_link_libraries(duban_${name} PUBLIC ${LIB_ON} PRIVATE duban_flags ${LIB_WITH})
        target_include_directories(duban_${name} PUBLIC "${CMAKE_CURRENT_SOURCE_DIR}")
        if(DUBAN_FUZZ) # what no target stands on is not worth a compiler's while
            set_target_properties(duban_${name} PROPERTIES EXCLUDE_FROM_ALL ON)
        endif()
        if(LIB_POSIX)
            target_compile_definitions(duban_${name} PRIVATE _POSIX_C_SOURCE=200809L)
        endif()
    else()
        add_library(duban_${name} INTERFACE)
        target_link_libraries(duban_${name} INTERFACE ${LIB_ON})
        target_include_directories(duban_${name} INTERFACE "${CMAKE_CURRENT_SOURCE_DIR}")
    endif()
endfunction()

# A program of a few files and libraries; a floor it stands on brings those below.
function(duban_program name)
    cmake_parse_arguments(PROGRAM "" "" "FILES;ON" ${ARGN})
    add_executable(${name} ${PROGRAM_FILES})
    target_compile_definitions(${name} PRIVATE _POSIX_C_SOURCE=200809L)
    target_link_libraries(${name} PRIVATE ${PROGRAM_ON} duban_flags)
endfunction()
