// A white sheet to draw on, which becomes an SVG or a PNG. Lengths are in pixels of the SVG, from
// the upper left corner; a PNG has kPngScale times as many, for screens that show small pixels.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace anole::plot {

inline constexpr double kPngScale = 2;

struct Point {
  double x = 0, y = 0;
};

// Each 0 to 1.
struct Color {
  double red = 0, green = 0, blue = 0, alpha = 1;
};

struct Pen {
  Color color;
  double width = 1;
  std::vector<double> dash = {};  // lengths on, off, on, ...; empty: a solid line
};

enum class Anchor { kStart, kMiddle, kEnd };

struct Font {
  double size = 12;
  bool bold = false;
  Color color = {.15, .15, .15};
};

double TextWidth(const std::string& text, const Font& font);

enum class PictureFormat { kPng, kSvg };

class Canvas {
 public:
  Canvas(PictureFormat format, double width, double height);
  ~Canvas();

  void Line(std::span<const Point> points, const Pen& pen);
  void Area(std::span<const Point> corners, const Color& color);
  void Disc(const Point& center, double radius, const Color& color);
  // `place`: of the baseline, where the anchor says. Upright text reads from below to above.
  void Text(const std::string& text, const Point& place, const Font& font,
            Anchor anchor = Anchor::kStart, bool upright = false);

  // The bytes of the file, after which there is no drawing any more. An SVG, whose letters are
  // outlines so that they look alike everywhere, also says `title` and `description` in words.
  std::string Finish(const std::string& title, const std::string& description);

 private:
  struct Sheet;

  PictureFormat format_;
  std::unique_ptr<Sheet> sheet_;
};

}  // namespace anole::plot
