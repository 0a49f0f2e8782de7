// Which files MuJoCo reads while it loads a model: what it includes, attaches, and takes meshes,
// textures, skins and height fields from.
#pragma once

#include <mujoco/mujoco.h>

#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace anole {

// Has MuJoCo open files through it, and remembers them. The files are on disk as ever.
class OpenedFiles {
 public:
  OpenedFiles();
  ~OpenedFiles();
  OpenedFiles(const OpenedFiles&) = delete;
  OpenedFiles& operator=(const OpenedFiles&) = delete;

  // To parse and to compile with. The path of the model must be absolute.
  const mjVFS* vfs() const { return &vfs_; }

  // Absolute, without "..", in alphabetical order, each once.
  std::vector<std::filesystem::path> paths() const;

 private:
  static int Open(mjResource* resource);
  static int Read(mjResource* resource, const void** bytes);
  static void Close(mjResource* resource);

  mjVFS vfs_{};
  mjpResourceProvider provider_{};
  mutable std::mutex mutex_;  // MuJoCo reads meshes on several threads
  std::set<std::string> paths_;
};

}  // namespace anole
