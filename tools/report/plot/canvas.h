// A white sheet to draw on, which becomes an SVG, a PDF or a PNG. Lengths are in pixels of the SVG
// and points of the PDF, from the upper left corner; a PNG has kPngScale times as many, for screens
// that show small pixels. Letters of an SVG and a PDF are text that can be searched and copied.
// A sheet for print has its size in inches, which is the same in all three: 72 points.
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

enum class PictureFormat { kPng, kSvg, kPdf };

inline constexpr double kPointsOfAnInch = 72;

struct Sheet {
  double width = 0, height = 0;  // in lengths of what is drawn
  double scale = 1;              // how many points a length of 1 is
  bool for_print = false;        // the SVG says its size in inches, not in pixels
};

class Canvas {
 public:
  Canvas(PictureFormat format, const Sheet& sheet);
  ~Canvas();

  void Line(std::span<const Point> points, const Pen& pen);
  void Area(std::span<const Point> corners, const Color& color);
  void Disc(const Point& center, double radius, const Color& color);
  // `place`: of the baseline, where the anchor says. Upright text reads from below to above.
  void Text(const std::string& text, const Point& place, const Font& font,
            Anchor anchor = Anchor::kStart, bool upright = false);

  // The bytes of the file, after which there is no drawing any more. An SVG and a PDF also say
  // `title`, an SVG `description` in words.
  std::string Finish(const std::string& title, const std::string& description);

 private:
  class Surface;
  class CairoSurface;
  class SvgSurface;

  std::unique_ptr<Surface> surface_;
};

}  // namespace anole::plot
