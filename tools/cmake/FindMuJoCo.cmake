# Finds MuJoCo and defines the target mujoco::mujoco.
#
# Places, in this order; header and library always come from the same one:
#   1. MUJOCO_PATH, a cache variable or an environment variable; where it is set, only there
#   2. .deps/mujoco, which tools/setup fetches
#   3. the Python package `mujoco` or `mujoco-core` of the Python that CMake finds
#   4. CMAKE_PREFIX_PATH, /opt/mujoco*, /usr/local, /usr
#
# Results: MuJoCo_FOUND, MuJoCo_VERSION, MuJoCo_INCLUDE_DIR, MuJoCo_LIBRARY. None is cached, so that
# a changed MUJOCO_PATH is seen by the next configuration.

set(MUJOCO_PATH "" CACHE PATH "Folder of a MuJoCo (with include/ and the library); empty: search")

# Sets ${result} to the version that the header states, or to "" where it states none.
function(_mujoco_header_version header result)
  file(STRINGS "${header}" line REGEX "^#define[ \t]+mjVERSION_HEADER[ \t]+[0-9]+" LIMIT_COUNT 1)
  string(REGEX REPLACE "^#define[ \t]+mjVERSION_HEADER[ \t]+([0-9]+).*" "\\1" code "${line}")
  if(code MATCHES "^([0-9])([0-9])([0-9])$")  # before 3.5: one digit each
    set(version "${CMAKE_MATCH_1}.${CMAKE_MATCH_2}.${CMAKE_MATCH_3}")
  elseif(code)
    math(EXPR major "${code} / 1000000")
    math(EXPR minor "${code} / 1000 % 1000")
    math(EXPR patch "${code} % 1000")
    set(version "${major}.${minor}.${patch}")
  else()
    set(version "")
  endif()
  set(${result} "${version}" PARENT_SCOPE)
endfunction()

# Looks at one place. Where a usable MuJoCo is there, sets MuJoCo_{INCLUDE_DIR,LIBRARY,VERSION};
# where not, adds a line to _mujoco_tried.
function(_mujoco_try root origin)
  set(problem "")
  set(header "${root}/include/mujoco/mujoco.h")
  set(library "")
  if(NOT EXISTS "${header}")
    set(problem "no include/mujoco/mujoco.h")
  else()
    _mujoco_header_version("${header}" version)
    if(NOT version)
      set(problem "no version in include/mujoco/mujoco.h")
    elseif(version VERSION_LESS 3.17.0 OR version VERSION_EQUAL 4.0.0
           OR version VERSION_GREATER_EQUAL 5)
      set(problem "version ${version}, but only 3.17.0 to 4.x without 4.0.0 will do")
    else()
      foreach(folder "" /lib /lib/${CMAKE_LIBRARY_ARCHITECTURE})
        foreach(name libmujoco.so.${version} libmujoco.so)
          if(NOT library AND EXISTS "${root}${folder}/${name}")
            set(library "${root}${folder}/${name}")
          endif()
        endforeach()
      endforeach()
      if(NOT library)
        set(problem "headers of ${version}, but no libmujoco.so.${version} beside them")
      else()
        file(REAL_PATH "${library}" file)
        if(file MATCHES "libmujoco\\.so\\.([0-9.]+)$" AND NOT CMAKE_MATCH_1 STREQUAL version)
          set(problem "headers of ${version}, but the library is ${CMAKE_MATCH_1}")
        endif()
      endif()
    endif()
  endif()
  if(problem)
    string(APPEND _mujoco_tried "\n    ${root} (${origin}): ${problem}")
    set(_mujoco_tried "${_mujoco_tried}" PARENT_SCOPE)
  else()
    set(MuJoCo_INCLUDE_DIR "${root}/include" PARENT_SCOPE)
    set(MuJoCo_LIBRARY "${library}" PARENT_SCOPE)
    set(MuJoCo_VERSION "${version}" PARENT_SCOPE)
  endif()
endfunction()

unset(MuJoCo_INCLUDE_DIR)
unset(MuJoCo_LIBRARY)
unset(MuJoCo_VERSION)
set(_mujoco_tried "")

if(MUJOCO_PATH OR NOT "$ENV{MUJOCO_PATH}" STREQUAL "")
  if(MUJOCO_PATH)
    set(_mujoco_root "${MUJOCO_PATH}")
  else()
    file(TO_CMAKE_PATH "$ENV{MUJOCO_PATH}" _mujoco_root)
    get_filename_component(_mujoco_root "${_mujoco_root}" ABSOLUTE BASE_DIR "${CMAKE_SOURCE_DIR}")
  endif()
  _mujoco_try("${_mujoco_root}" MUJOCO_PATH)
else()
  get_filename_component(_mujoco_root "${CMAKE_CURRENT_LIST_DIR}/../../.deps/mujoco" ABSOLUTE)
  _mujoco_try("${_mujoco_root}" "tools/setup")
  if(NOT MuJoCo_LIBRARY)
    find_package(Python3 COMPONENTS Interpreter QUIET)
    if(Python3_Interpreter_FOUND)
      execute_process(
        COMMAND "${Python3_EXECUTABLE}" -c
          "import importlib.util as u; print(u.find_spec('mujoco').origin)"
        OUTPUT_VARIABLE _mujoco_package OUTPUT_STRIP_TRAILING_WHITESPACE
        ERROR_QUIET RESULT_VARIABLE _mujoco_status)
      if(_mujoco_status EQUAL 0)
        get_filename_component(_mujoco_root "${_mujoco_package}" DIRECTORY)
        _mujoco_try("${_mujoco_root}" "${Python3_EXECUTABLE}")
      else()
        string(APPEND _mujoco_tried "\n    ${Python3_EXECUTABLE}: has no package mujoco")
      endif()
    else()
      string(APPEND _mujoco_tried "\n    Python 3: not found")
    endif()
  endif()
  if(NOT MuJoCo_LIBRARY)
    file(TO_CMAKE_PATH "$ENV{CMAKE_PREFIX_PATH}" _mujoco_environment)
    file(GLOB _mujoco_opt LIST_DIRECTORIES true /opt/mujoco*)
    foreach(_mujoco_root IN LISTS CMAKE_PREFIX_PATH _mujoco_environment _mujoco_opt)
      if(NOT MuJoCo_LIBRARY)
        _mujoco_try("${_mujoco_root}" prefix)
      endif()
    endforeach()
    foreach(_mujoco_root /usr/local /usr)
      if(NOT MuJoCo_LIBRARY)
        _mujoco_try("${_mujoco_root}" system)
      endif()
    endforeach()
  endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(MuJoCo
  REQUIRED_VARS MuJoCo_LIBRARY MuJoCo_INCLUDE_DIR
  VERSION_VAR MuJoCo_VERSION
  HANDLE_VERSION_RANGE
  REASON_FAILURE_MESSAGE
    # Without a semicolon, which would end an argument.
    "\n  Run tools/setup, or set MUJOCO_PATH to a MuJoCo of 3.17.0 to 4.x. Tried:${_mujoco_tried}\n")

if(MuJoCo_FOUND AND NOT TARGET mujoco::mujoco)
  # By its full path: -lmujoco would pick up any copy of the system.
  add_library(mujoco::mujoco SHARED IMPORTED)
  set_target_properties(mujoco::mujoco PROPERTIES
    IMPORTED_LOCATION "${MuJoCo_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${MuJoCo_INCLUDE_DIR}")
endif()
