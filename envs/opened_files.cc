#include "envs/opened_files.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <exception>
#include <fstream>
#include <iterator>
#include <limits>
#include <string_view>
#include <system_error>
#include <utility>

namespace anole {
namespace {

namespace fs = std::filesystem;

// What MuJoCo is given of a file; read where it asks for more than whether the file is there.
struct OpenFile {
  std::string bytes;
  bool is_read = false;
};

// As MuJoCo itself marks files by their time, so that meshes which it has processed are known again
// wherever else they are asked for: its 8 bytes in base 64.
std::string Timestamp(const std::string& path) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0) return "";
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<unsigned char, 9> bytes{};
  std::memcpy(bytes.data(), &status.st_mtime, std::min(sizeof(status.st_mtime), std::size_t{8}));
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const unsigned bits = bytes[i] << 16U | bytes[i + 1] << 8U | bytes[i + 2];
    for (const unsigned shift : {18U, 12U, 6U, 0U}) text += kDigits[bits >> shift & 63U];
  }
  text.back() = '=';
  return text;
}

}  // namespace

OpenedFiles::OpenedFiles() {
  mj_defaultVFS(&vfs_);
  provider_.mount = [](mjResource*) { return 1; };
  provider_.unmount = [](mjResource*) { return 1; };
  provider_.open = Open;
  provider_.read = Read;
  provider_.close = Close;
  provider_.modified = [](const mjResource* resource, const char* timestamp) {
    return std::string_view(resource->timestamp) == timestamp ? 0 : 1;
  };
  provider_.data = this;
  // All there is: a provider is mounted for a folder, and "/" is none to MuJoCo.
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/", ignored)) {
    mj_mountVFS(&vfs_, entry.path().c_str(), &provider_);
  }
}

OpenedFiles::~OpenedFiles() { mj_deleteVFS(&vfs_); }

std::vector<fs::path> OpenedFiles::paths() const {
  const std::scoped_lock lock(mutex_);
  return {paths_.begin(), paths_.end()};
}

int OpenedFiles::Open(mjResource* resource) try {
  const fs::path path = resource->name;
  if (!fs::is_regular_file(path)) return 0;
  auto& files = *static_cast<OpenedFiles*>(resource->provider->data);
  {
    const std::scoped_lock lock(files.mutex_);
    files.paths_.insert(path.lexically_normal().string());
  }
  Timestamp(path.string()).copy(resource->timestamp, sizeof(resource->timestamp) - 1);
  resource->data = new OpenFile;
  return 1;
} catch (const std::exception&) {
  return 0;  // MuJoCo, which is C to its callers, tells that it cannot open the file
}

int OpenedFiles::Read(mjResource* resource, const void** bytes) try {
  auto& file = *static_cast<OpenFile*>(resource->data);
  if (!std::exchange(file.is_read, true)) {
    std::ifstream stream(resource->name, std::ios::binary);
    file.bytes.assign(std::istreambuf_iterator<char>(stream), {});
    constexpr auto kMost = static_cast<std::size_t>(std::numeric_limits<int>::max());
    if (!stream.is_open() || stream.bad() || file.bytes.size() > kMost) return -1;
  }
  *bytes = file.bytes.data();
  return static_cast<int>(file.bytes.size());
} catch (const std::exception&) {
  return -1;
}

void OpenedFiles::Close(mjResource* resource) {
  delete static_cast<OpenFile*>(resource->data);
  resource->data = nullptr;
}

}  // namespace anole
