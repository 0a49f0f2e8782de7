# The Python package anole: BUILD/python/anole, to be imported as it is there, and installed by pip
# (pyproject.toml) through the component `python`.
find_package(Python 3.11 COMPONENTS Interpreter Development.Module)
if(Python_FOUND)
  # pip brings its own (pyproject.toml), tools/fetch_python another for developers.
  find_package(nanobind CONFIG QUIET HINTS
    ${PROJECT_SOURCE_DIR}/.deps/nanobind-python${Python_VERSION_MAJOR}.${Python_VERSION_MINOR})
endif()
if(NOT nanobind_FOUND)
  message(STATUS "No Python package: there is no nanobind (tools/fetch_python nanobind), or no "
    "Python with headers")
  return()
endif()

file(GLOB sources CONFIGURE_DEPENDS tools/python/*.cc)
nanobind_add_module(anole_python NB_STATIC NOMINSIZE ${sources})
target_link_libraries(anole_python PRIVATE anole_flags ${ANOLE_CORE} anole_report anole_render
  anole_export anole_export_proto)
target_compile_definitions(anole_python PRIVATE ANOLE_VERSION="${PROJECT_VERSION}")
target_include_directories(anole_python SYSTEM PRIVATE ${NB_DIR}/include)

# Its libraries are MuJoCo, which comes as the wheel mujoco-core, and the system's.
set(package ${PROJECT_BINARY_DIR}/python/anole)
set_target_properties(anole_python PROPERTIES OUTPUT_NAME _native
  LIBRARY_OUTPUT_DIRECTORY ${package} INSTALL_RPATH "$ORIGIN/../mujoco")
if(NOT ANOLE_SANITIZE)  # with one, Python must load its runtime first, and this one does not
  nanobind_add_stub(anole_python_stub MODULE _native OUTPUT ${package}/_native.pyi
    PYTHON_PATH ${package} MARKER_FILE ${package}/py.typed DEPENDS anole_python)
  install(FILES ${package}/_native.pyi ${package}/py.typed DESTINATION anole COMPONENT python
    EXCLUDE_FROM_ALL)
endif()
# Not of `cmake --install`, which is for the program and the library.
install(TARGETS anole_python LIBRARY DESTINATION anole COMPONENT python EXCLUDE_FROM_ALL)
install(DIRECTORY configs/ DESTINATION anole/configs COMPONENT python EXCLUDE_FROM_ALL
  FILES_MATCHING PATTERN "*.toml" PATTERN "*.xml" PATTERN "zoo" EXCLUDE)
install(DIRECTORY configs/zoo DESTINATION anole/configs COMPONENT python EXCLUDE_FROM_ALL)

# What pip takes from the sources, here as links: edited files are seen at once.
file(MAKE_DIRECTORY ${package})
file(GLOB modules CONFIGURE_DEPENDS tools/python/anole/*.py)
foreach(module ${modules})
  get_filename_component(name ${module} NAME)
  file(CREATE_LINK ${module} ${package}/${name} SYMBOLIC)
endforeach()
file(CREATE_LINK ${PROJECT_SOURCE_DIR}/configs ${package}/configs SYMBOLIC)
