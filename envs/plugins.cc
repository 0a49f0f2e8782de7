#include "envs/plugins.h"

#include <dlfcn.h>
#include <mujoco/mujoco.h>

#include <filesystem>
#include <mutex>
#include <system_error>

namespace anole {
namespace {

void LoadFromBesideTheLibrary() {
  Dl_info library{};
  if (dladdr(reinterpret_cast<void*>(&mj_versionString), &library) == 0) return;
  const auto folder = std::filesystem::path(library.dli_fname).parent_path();
  for (const char* name : {"plugin", "mujoco_plugin", "../bin/mujoco_plugin"}) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(folder / name, ignored)) continue;
    return mj_loadAllPluginLibraries((folder / name).c_str(), nullptr);
  }
}

}  // namespace

bool LoadPlugins() {
  static std::mutex mutex;
  const std::scoped_lock lock(mutex);
  if (mjp_pluginCount() > 0) return false;
  LoadFromBesideTheLibrary();
  return mjp_pluginCount() > 0;
}

}  // namespace anole
