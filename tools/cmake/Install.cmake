# cmake --install: the library with its public headers and find_package(anole), and the program with
# configs, completion of shells and manual page.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# The headers that a program can include: these, and what they include.
set(public_headers agents/parallel_for.h agents/control/inner_learner.h configs/user_error.h
  envs/task_family.h envs/data_family.h meta/meta_gradient.h meta/outer_optimizer.h
  tools/run/logs/log.h tools/run/run.h)
set(waiting ${public_headers})
while(waiting)
  list(POP_FRONT waiting header)
  file(STRINGS ${PROJECT_SOURCE_DIR}/${header} lines REGEX "^#include \"")
  foreach(line ${lines})
    string(REGEX REPLACE "^#include \"(.*)\".*" "\\1" included ${line})
    if(NOT included IN_LIST public_headers)
      list(APPEND public_headers ${included})
      list(APPEND waiting ${included})
    endif()
  endforeach()
endwhile()
foreach(header ${public_headers})
  get_filename_component(folder ${header} DIRECTORY)
  install(FILES ${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/anole/${folder} COMPONENT library)
endforeach()
install(FILES ${PROJECT_BINARY_DIR}/include/anole/version.h
  ${PROJECT_BINARY_DIR}/include/anole/anole.h
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/anole COMPONENT library)

# MuJoCo beside it, unless it is the system's: an installed anole needs nothing of this checkout.
get_filename_component(mujoco_root ${MuJoCo_INCLUDE_DIR} DIRECTORY)
if(NOT mujoco_root MATCHES "^/usr(/local)?$")
  file(REAL_PATH ${MuJoCo_LIBRARY} mujoco_file)
  install(FILES ${mujoco_file} DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library)
  if(EXISTS ${mujoco_root}/plugin)  # where envs/plugins.cc looks for them
    install(DIRECTORY ${mujoco_root}/plugin/ DESTINATION ${CMAKE_INSTALL_LIBDIR}/mujoco_plugin
      COMPONENT library)
  endif()
  install(DIRECTORY ${MuJoCo_INCLUDE_DIR}/mujoco DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    COMPONENT library)
endif()

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/anole)
set_target_properties(anole_core_shared PROPERTIES INSTALL_RPATH "$ORIGIN")
install(TARGETS anole_core anole_core_static anole_core_shared EXPORT anoleTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library)
install(EXPORT anoleTargets NAMESPACE anole:: DESTINATION ${package} COMPONENT library)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/anoleConfig.cmake.in
  ${PROJECT_BINARY_DIR}/anoleConfig.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/anoleConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/anoleConfig.cmake
  ${PROJECT_BINARY_DIR}/anoleConfigVersion.cmake ${CMAKE_CURRENT_LIST_DIR}/FindMuJoCo.cmake
  DESTINATION ${package} COMPONENT library)

if(TARGET anole)
  set_target_properties(anole PROPERTIES INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")
  install(TARGETS anole RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
  install(DIRECTORY configs/ DESTINATION ${CMAKE_INSTALL_DATADIR}/anole/configs COMPONENT program
    FILES_MATCHING PATTERN "*.toml" PATTERN "*.xml" PATTERN "zoo" EXCLUDE)
  install(DIRECTORY configs/zoo DESTINATION ${CMAKE_INSTALL_DATADIR}/anole/configs COMPONENT program)
  # Told by the program itself.
  set(documents ${PROJECT_BINARY_DIR}/documents)
  file(MAKE_DIRECTORY ${documents})
  add_custom_command(OUTPUT ${documents}/anole.1 ${documents}/anole ${documents}/_anole
    COMMAND anole manual > ${documents}/anole.1
    COMMAND anole completion bash > ${documents}/anole
    COMMAND anole completion zsh > ${documents}/_anole
    DEPENDS anole COMMENT "Manual page and completion" VERBATIM)
  add_custom_target(anole_documents ALL DEPENDS ${documents}/anole.1)
  install(FILES ${documents}/anole.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program)
  install(FILES ${documents}/anole
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT program)
  install(FILES ${documents}/_anole DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions
    COMPONENT program)
endif()
