# Compiles protobuf messages into a target: FOLDER/NAME.proto, which its sources include as
# <FOLDER/NAME.pb.h>. In an object library of their own, TARGET_proto, because protoc's C++ does not
# keep our warnings.
function(anole_compile_messages target proto)
  get_filename_component(source ${proto} ABSOLUTE)
  get_filename_component(folder ${source} DIRECTORY)
  get_filename_component(root ${folder} DIRECTORY)
  get_filename_component(name ${source} NAME_WE)
  get_filename_component(space ${folder} NAME)
  set(made ${PROJECT_BINARY_DIR}/proto)
  file(MAKE_DIRECTORY ${made})
  add_custom_command(
    OUTPUT ${made}/${space}/${name}.pb.cc ${made}/${space}/${name}.pb.h
    COMMAND protobuf::protoc --proto_path=${root} --cpp_out=${made} ${source}
    DEPENDS ${source} VERBATIM)
  add_library(${target}_proto OBJECT ${made}/${space}/${name}.pb.cc)
  set_target_properties(${target}_proto PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_include_directories(${target}_proto SYSTEM PUBLIC ${made})
  target_link_libraries(${target}_proto PUBLIC protobuf::libprotobuf-lite)
  target_link_libraries(${target} PUBLIC ${target}_proto)
endfunction()
