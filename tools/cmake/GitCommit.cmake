# A header tools/run/process/git_commit.h that tells which commit was built: kGitCommit, "unknown" where the sources
# are no git checkout, and kGitModified, whether they differ from it. Looked at in every build, and
# written only where it changed.
if(CMAKE_SCRIPT_MODE_FILE)
  cmake_policy(VERSION 3.23)
  execute_process(COMMAND git -C ${SOURCE} rev-parse HEAD OUTPUT_VARIABLE commit
    OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  set(modified false)
  if(failed)
    set(commit unknown)
  else()
    execute_process(COMMAND git -C ${SOURCE} diff-index --quiet HEAD -- RESULT_VARIABLE differs)
    if(differs)
      set(modified true)
    endif()
  endif()
  file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT
"inline constexpr const char* kGitCommit = \"@commit@\";
inline constexpr bool kGitModified = @modified@;
")
  return()
endif()

function(anole_git_commit target)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/generated)
  set(header ${folder}/tools/run/process/git_commit.h)
  add_custom_target(${target}_git_commit BYPRODUCTS ${header} COMMAND ${CMAKE_COMMAND}
    -DSOURCE=${CMAKE_CURRENT_SOURCE_DIR} -DOUTPUT=${header} -P ${CMAKE_CURRENT_FUNCTION_LIST_FILE})
  add_dependencies(${target} ${target}_git_commit)
  target_include_directories(${target} PRIVATE ${folder})
endfunction()
