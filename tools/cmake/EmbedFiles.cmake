# Compiles files into a library, so that they are found whatever the working directory: `header`
# declares, in the namespace `space`, std::string_view FUNCTION(std::string_view name), the text of a
# file by its name.
function(anole_embed_files target header space function)
  set(entries "")
  foreach(file ${ARGN})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    get_filename_component(name ${file} NAME)
    file(READ ${file} text)
    string(APPEND entries "    {\"${name}\", R\"EMBEDDED(${text})EMBEDDED\"},\n")
  endforeach()
  string(TOLOWER ${function} name)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/embedded_${name}.cc)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT
"#include \"@header@\"

#include <cstdlib>
#include <utility>

namespace @space@ {
namespace {

constexpr std::pair<std::string_view, std::string_view> k@function@[] = {
@entries@};

}  // namespace

std::string_view @function@(std::string_view name) {
  for (const auto& [file, text] : k@function@) {
    if (file == name) return text;
  }
  std::abort();  // the program names a file that is not there
}

}  // namespace @space@
")
  target_sources(${target} PRIVATE ${source})
endfunction()
