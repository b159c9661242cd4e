# How a test comes by its name, its label and its world. Every test runs in the project's folder,
# finds the command of its own build in $DUBAN, speaks UTF-8 and English, and skips with exit code 77.
set(DUBAN_TEST_SECONDS 600) # only what hangs: these machines are noisy
set(DUBAN_EXERCISED "${PROJECT_BINARY_DIR}/exercised")

# duban_test(NAME KIND [SECONDS n] COMMAND …): one ctest, if this build runs tests of that kind.
function(duban_test name kind)
    cmake_parse_arguments(TEST "" "SECONDS" "COMMAND" ${ARGN})
    if(NOT kind IN_LIST DUBAN_TESTS)
        return()
    endif()
    if(NOT TEST_SECONDS)
        set(TEST_SECONDS ${DUBAN_TEST_SECONDS})
    endif()
    add_test(NAME ${name} COMMAND ${TEST_COMMAND} WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
    set_tests_properties(${name} PROPERTIES
        LABELS ${kind} TIMEOUT ${TEST_SECONDS} SKIP_RETURN_CODE 77
        ENVIRONMENT "SOURCE=${PROJECT_SOURCE_DIR};DUBAN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/duban;LC_ALL=C.UTF-8")
endfunction()

# tests/unit/FLOOR/test_NAME.c is the ctest unit.FLOOR.NAME.
function(duban_unit_tests floor)
    cmake_parse_arguments(UNIT "" "" "ON" ${ARGN})
    if(NOT unit IN_LIST DUBAN_TESTS)
        return()
    endif()
    file(GLOB files CONFIGURE_DEPENDS unit/${floor}/test_*.c)
    foreach(file IN LISTS files)
        get_filename_component(name ${file} NAME_WE)
        string(REGEX REPLACE "^test_" "" name ${name})
        duban_program(unit_${floor}_${name} FILES ${file} ON ${UNIT_ON} duban_check)
        duban_test(unit.${floor}.${name} unit COMMAND unit_${floor}_${name})
    endforeach()
endfunction()

# All of FOLDER is one program and one ctest.
function(duban_model folder)
    cmake_parse_arguments(MODEL "" "" "ON" ${ARGN})
    file(GLOB files CONFIGURE_DEPENDS ${folder}/*.c)
    if(files AND model IN_LIST DUBAN_TESTS)
        duban_program(model FILES ${files} ON ${MODEL_ON})
        duban_test(model model SECONDS 600 COMMAND model)
    endif()
endfunction()

# FOLDER/bench_NAME.c is a program that prints JSON lines; figures are looked at, never asserted.
function(duban_benches folder)
    cmake_parse_arguments(BENCH "" "" "ON" ${ARGN})
    if(NOT bench IN_LIST DUBAN_TESTS)
        return()
    endif()
    file(GLOB files CONFIGURE_DEPENDS ${folder}/bench_*.c)
    foreach(file IN LISTS files)
        get_filename_component(name ${file} NAME_WE)
        duban_program(${name} FILES ${file} ON ${BENCH_ON})
    endforeach()
endfunction()

# tests/KIND/NAME.sh (or .py), executable, is the ctest KIND.NAME.
function(duban_script_tests kind)
    file(GLOB files CONFIGURE_DEPENDS ${kind}/*.sh ${kind}/*.py)
    foreach(file IN LISTS files)
        get_filename_component(name ${file} NAME_WE)
        duban_test(${kind}.${name} ${kind} COMMAND ${file})
    endforeach()
endfunction()

# FOLDER/NAME.yaml is a story and the ctest scenario.NAME: it holds, and its journal replays. What it
# exercised is kept; with LAW for a test that wants all of it, by FIXTURES_REQUIRED exercised.
function(duban_scenarios folder)
    cmake_parse_arguments(STORY "LAW" "" "" ${ARGN})
    set(kind scenario)
    if(STORY_LAW)
        set(kind law)
    endif()
    file(GLOB files CONFIGURE_DEPENDS ${folder}/*.yaml)
    foreach(file IN LISTS files)
        get_filename_component(name ${file} NAME_WE)
        duban_test(scenario.${name} ${kind}
            COMMAND "${PROJECT_SOURCE_DIR}/tests/scenario.sh" ${file} "${DUBAN_EXERCISED}/${name}.jsonl")
        if(STORY_LAW AND TEST scenario.${name})
            set_tests_properties(scenario.${name} PROPERTIES FIXTURES_SETUP exercised)
        endif()
    endforeach()
endfunction()

# FOLDER/fuzz_NAME.c is a libFuzzer target and the ctest fuzz.NAME, which runs it for a while.
function(duban_fuzz_targets folder)
    cmake_parse_arguments(FUZZ "" "" "ON" ${ARGN})
    file(GLOB files CONFIGURE_DEPENDS ${folder}/fuzz_*.c)
    foreach(file IN LISTS files)
        get_filename_component(target ${file} NAME_WE)
        string(REGEX REPLACE "^fuzz_" "" name ${target})
        duban_program(${target} FILES ${file} ON ${FUZZ_ON})
        target_link_options(${target} PRIVATE -fsanitize=fuzzer)
        duban_test(fuzz.${name} fuzz SECONDS 86400
            COMMAND "${CMAKE_CURRENT_SOURCE_DIR}/fuzz/run.sh" $<TARGET_FILE:${target}>)
    endforeach()
endfunction()
