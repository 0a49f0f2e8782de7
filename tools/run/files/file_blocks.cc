#include "tools/run/files/file_blocks.h"

#include <cerrno>
#include <cstddef>
#include <fstream>
#include <span>
#include <system_error>

#include "configs/fingerprint.h"

namespace anole {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = 1 << 20;  // [bytes]

void ReadBlocks(const fs::path& file, const std::function<void(std::string_view)>& use) {
  const auto fail = [&] {
    throw fs::filesystem_error("cannot read", file,
                               {errno == 0 ? EIO : errno, std::generic_category()});
  };
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) fail();
  std::string block(kBlock, '\0');
  while (stream.read(block.data(), static_cast<std::streamsize>(block.size())) ||
         stream.gcount() > 0) {
    use(std::string_view(block).substr(0, static_cast<std::size_t>(stream.gcount())));
  }
  if (stream.bad()) fail();
}

std::string ReadWholeFile(const fs::path& file) {
  std::string text;
  if (fs::exists(file)) ReadBlocks(file, [&](std::string_view bytes) { text += bytes; });
  return text;
}

std::optional<std::string> FingerprintOfFile(const fs::path& file) try {
  if (!fs::is_regular_file(file)) return std::nullopt;
  Fingerprint fingerprint;
  ReadBlocks(file,
             [&](std::string_view bytes) { fingerprint.Add(std::as_bytes(std::span(bytes))); });
  return fingerprint.text();
} catch (const fs::filesystem_error&) {
  return std::nullopt;
}

}  // namespace anole
