# Compiles the MJCF files of a folder into a library: they are found whatever the working directory.
function(anole_embed_models target folder)
  file(GLOB models CONFIGURE_DEPENDS ${folder}/*.xml)
  set(entries "")
  foreach(model ${models})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${model})
    get_filename_component(name ${model} NAME)
    file(READ ${model} text)
    string(APPEND entries "    {\"${name}\", R\"MJCF(${text})MJCF\"},\n")
  endforeach()
  set(source ${CMAKE_CURRENT_BINARY_DIR}/model_files.cc)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT
"#include \"envs/model_files.h\"

#include <cstdlib>
#include <utility>

namespace anole {
namespace {

constexpr std::pair<std::string_view, std::string_view> kModels[] = {
@entries@};

}  // namespace

std::string_view ModelXml(std::string_view name) {
  for (const auto& [model, xml] : kModels) {
    if (model == name) return xml;
  }
  std::abort();  // a family that names a model which is not there
}

}  // namespace anole
")
  target_sources(${target} PRIVATE ${source})
endfunction()
