// A PNG, as few-shot tasks read them.
#include <zlib.h>

#include "envs/images/gray_image.h"
#include "tests/fuzz/harness.h"

namespace anole::fuzz {
namespace {

void FuzzPicture(std::string_view input) {
  const std::filesystem::path file = Write("picture.png", input);
  for (const int size : {1, 5, 28}) {
    Accept([&] {
      const Eigen::VectorXf darkness = ReadDarkness(file, size);
      Require(
          darkness.size() == size * size && darkness.minCoeff() >= 0 && darkness.maxCoeff() <= 1,
          "darkness is not within 0 and 1");
    });
  }
}

std::uint32_t BigEndian(std::string_view bytes) {
  std::uint32_t number = 0;
  for (const char byte : bytes.substr(0, 4))
    number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

// A PNG is chunks of a length, four letters, bytes and a checksum of all but the length.
void MendPicture(std::string& input) {
  for (std::size_t at = 8; at + 12 <= input.size();) {
    const std::size_t length = BigEndian(std::string_view(input).substr(at));
    if (length > input.size() - at - 12) return;
    const auto* const bytes = reinterpret_cast<const Bytef*>(input.data() + at + 4);
    const auto sum = static_cast<std::uint32_t>(crc32(0, bytes, static_cast<uInt>(length + 4)));
    for (std::size_t i = 0; i < 4; ++i) {
      input[at + 8 + length + i] = static_cast<char>(sum >> (24 - 8 * i) & 0xff);
    }
    at += 12 + length;
  }
}

const RegisterHarness registration("picture", {FuzzPicture, MendPicture});

}  // namespace
}  // namespace anole::fuzz
