# The library: all that trains, evaluates and adapts, without the program.
#
#   anole::core         static; every object is linked, those that only register themselves too
#   anole::core_shared  the same, as libanole.so
set(core_objects "")
foreach(part ${ANOLE_CORE})
  list(APPEND core_objects $<TARGET_OBJECTS:${part}>)
endforeach()

# What a program that uses the library compiles with, and links.
set(core_needs TBB::tbb Boost::program_options tomlplusplus::tomlplusplus
  nlohmann_json::nlohmann_json fmt::fmt spdlog::spdlog)
if(PNG_FOUND)
  list(APPEND core_needs PNG::PNG)
endif()
if(Protobuf_FOUND)
  list(APPEND core_needs protobuf::libprotobuf-lite)
endif()
if(MPI_C_FOUND)
  list(APPEND core_needs MPI::MPI_C)
endif()

add_library(anole_core_static STATIC ${core_objects})
add_library(anole_core_shared SHARED ${core_objects})
add_library(anole_core INTERFACE)
target_link_libraries(anole_core INTERFACE
  $<BUILD_INTERFACE:$<LINK_LIBRARY:WHOLE_ARCHIVE,anole_core_static>>
  $<INSTALL_INTERFACE:$<LINK_LIBRARY:WHOLE_ARCHIVE,anole::core_static>>)

# What a program compiles with. Of a library that is linked as a whole archive CMake hands on nothing
# of that, so the target which names it says it again.
foreach(target anole_core anole_core_static anole_core_shared)
  target_compile_features(${target} INTERFACE cxx_std_20)
  target_link_libraries(${target} INTERFACE Eigen3::Eigen mujoco::mujoco)
  target_include_directories(${target} INTERFACE
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
    $<INSTALL_INTERFACE:include> $<INSTALL_INTERFACE:include/anole>)
  # Eigen's own alignment depends on it: a program must agree with the library.
  target_compile_options(${target} INTERFACE ${ANOLE_CPU_FLAGS})
endforeach()
foreach(kind static shared)
  target_link_libraries(anole_core_${kind} PRIVATE Eigen3::Eigen mujoco::mujoco ${core_needs})
  set_target_properties(anole_core_${kind} PROPERTIES LINKER_LANGUAGE CXX)
endforeach()
set_target_properties(anole_core_static PROPERTIES OUTPUT_NAME anole EXPORT_NAME core_static)
set_target_properties(anole_core_shared PROPERTIES OUTPUT_NAME anole EXPORT_NAME core_shared
  VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
set_target_properties(anole_core PROPERTIES EXPORT_NAME core)

add_library(anole::core ALIAS anole_core)
add_library(anole::core_shared ALIAS anole_core_shared)

# <anole/anole.h> is all that most programs include; <anole/version.h> what it is.
configure_file(${CMAKE_CURRENT_LIST_DIR}/version.h.in ${PROJECT_BINARY_DIR}/include/anole/version.h
  @ONLY)
configure_file(${CMAKE_CURRENT_LIST_DIR}/anole.h.in ${PROJECT_BINARY_DIR}/include/anole/anole.h
  COPYONLY)
