#include "envs/images/gray_image.h"

#include <png.h>

#include <cstddef>
#include <vector>

#include "configs/user_error.h"

namespace anole {
namespace {

constexpr png_uint_32 kMostPixels = 4096;  // a side: pictures of characters have a hundred

}  // namespace

Eigen::VectorXf ReadDarkness(const std::filesystem::path& file, int size) {
  if (!std::filesystem::is_regular_file(file)) {
    throw UserError(file.string() + ": is no regular file");
  }
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  const auto fail = [&] {
    const std::string problem = image.message;
    png_image_free(&image);
    throw UserError(file.string() + ": " + problem);
  };
  if (png_image_begin_read_from_file(&image, file.c_str()) == 0) fail();
  image.format = PNG_FORMAT_GRAY;
  if (image.width > kMostPixels || image.height > kMostPixels) {
    png_image_free(&image);
    throw UserError(file.string() + ": is " + std::to_string(image.width) + " x " +
                    std::to_string(image.height) + " pixels; at most " +
                    std::to_string(kMostPixels) + " each are read");
  }
  const int width = static_cast<int>(image.width), height = static_cast<int>(image.height);
  std::vector<png_byte> pixels(PNG_IMAGE_SIZE(image));
  const png_color white = {255, 255, 255};
  if (png_image_finish_read(&image, &white, pixels.data(), 0, nullptr) == 0) fail();
  if (width < size || height < size) {
    throw UserError(file.string() + ": is " + std::to_string(width) + " x " +
                    std::to_string(height) +
                    " pixels, smaller than task.image_size = " + std::to_string(size));
  }
  Eigen::VectorXf darkness(size * size);
  for (int row = 0; row < size; ++row) {
    const int top = row * height / size, bottom = (row + 1) * height / size;
    for (int column = 0; column < size; ++column) {
      const int left = column * width / size, right = (column + 1) * width / size;
      int sum = 0;
      for (int y = top; y < bottom; ++y) {
        for (int x = left; x < right; ++x) {
          sum += 255 - pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                              static_cast<std::size_t>(x)];
        }
      }
      darkness[row * size + column] =
          static_cast<float>(sum) / static_cast<float>(255 * (bottom - top) * (right - left));
    }
  }
  return darkness;
}

}  // namespace anole
