// A folder of pictures in Omniglot's layout, for tests: they tell by their first pixels which they
// are.
#pragma once

#include <gtest/gtest.h>
#include <png.h>

#include <filesystem>
#include <string>
#include <vector>

namespace anole {

// Gray, size x size.
inline void WritePng(const std::filesystem::path& file, int size,
                     const std::vector<png_byte>& pixels) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = image.height = static_cast<png_uint_32>(size);
  image.format = PNG_FORMAT_GRAY;
  ASSERT_NE(png_image_write_to_file(&image, file.c_str(), 0, pixels.data(), 0, nullptr), 0);
}

// Eight alphabets a0, a1 ... of 6 characters with 7 pictures of 8 x 8 pixels; removed at the end.
class AlphabetFolder {
 public:
  static constexpr int kSize = 8;  // [pixels]

  AlphabetFolder() {
    for (int alphabet = 0; alphabet < 8; ++alphabet) {
      for (int character = 0; character < 6; ++character) {
        const auto folder = path_ / ("a" + std::to_string(alphabet)) / std::to_string(character);
        std::filesystem::create_directories(folder);
        for (int picture = 0; picture < 7; ++picture) {
          std::vector<png_byte> pixels(kSize * kSize, 255);
          pixels[0] = static_cast<png_byte>(10 * alphabet);
          pixels[1] = static_cast<png_byte>(10 * character);
          pixels[2] = static_cast<png_byte>(10 * picture);
          WritePng(folder / (std::to_string(picture) + ".png"), kSize, pixels);
        }
      }
    }
  }
  ~AlphabetFolder() { std::filesystem::remove_all(path_); }
  AlphabetFolder(const AlphabetFolder&) = delete;
  AlphabetFolder& operator=(const AlphabetFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_ = std::filesystem::path(testing::TempDir()) / "alphabets" /
                                testing::UnitTest::GetInstance()->current_test_info()->name();
};

}  // namespace anole
