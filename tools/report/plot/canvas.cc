#include "tools/report/plot/canvas.h"

#include <cairo/cairo-pdf.h>
#include <cairo/cairo.h>
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "tools/report/xml_text.h"

namespace anole::plot {
struct DestroyCairo {  // NOLINT(misc-use-internal-linkage): the header names it
  void operator()(cairo_t* context) const { cairo_destroy(context); }
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_font_options_t* options) const { cairo_font_options_destroy(options); }
};
template <class T>
using CairoOwned = std::unique_ptr<T, DestroyCairo>;

namespace {

// Of the package fonts-dejavu-core: the same measures on every machine that tools/setup prepared.
constexpr const char* kFontFamily = "DejaVu Sans";

void Check(cairo_status_t status) {
  if (status == CAIRO_STATUS_SUCCESS) return;
  throw std::runtime_error(std::string("cannot draw: ") + cairo_status_to_string(status));
}

cairo_status_t Append(void* text, const unsigned char* data, unsigned int size) try {
  static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(data), size);
  return CAIRO_STATUS_SUCCESS;
} catch (const std::bad_alloc&) {
  return CAIRO_STATUS_NO_MEMORY;
}

// Letters are not fitted to pixels: then both formats have the same measures.
CairoOwned<cairo_t> MakeContext(cairo_surface_t* surface) {
  CairoOwned<cairo_t> context(cairo_create(surface));
  const CairoOwned<cairo_font_options_t> options(cairo_font_options_create());
  cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
  cairo_set_font_options(context.get(), options.get());
  cairo_set_line_join(context.get(), CAIRO_LINE_JOIN_ROUND);
  return context;
}

void SetColor(cairo_t* context, const Color& color) {
  cairo_set_source_rgba(context, color.red, color.green, color.blue, color.alpha);
}

void SetFont(cairo_t* context, const Font& font) {
  cairo_select_font_face(context, kFontFamily, CAIRO_FONT_SLANT_NORMAL,
                         font.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(context, font.size);
}

double Width(cairo_t* context, const std::string& text) {
  cairo_text_extents_t extents;
  cairo_text_extents(context, text.c_str(), &extents);
  return extents.x_advance;
}

void Trace(cairo_t* context, std::span<const Point> points) {
  for (const Point& point : points) cairo_line_to(context, point.x, point.y);
}

double ShareOf(Anchor anchor) {
  switch (anchor) {
    case Anchor::kStart:
      return 0;
    case Anchor::kMiddle:
      return .5;
    case Anchor::kEnd:
      break;
  }
  return 1;
}

}  // namespace

double TextWidth(const std::string& text, const Font& font) {
  const CairoOwned<cairo_surface_t> surface(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, 1, 1));
  const CairoOwned<cairo_t> context = MakeContext(surface.get());
  SetFont(context.get(), font);
  return Width(context.get(), text);
}

// What a canvas draws on.
class Canvas::Surface {
 public:
  virtual ~Surface() = default;
  virtual void Line(std::span<const Point> points, const Pen& pen) = 0;
  virtual void Area(std::span<const Point> corners, const Color& color) = 0;
  virtual void Disc(const Point& center, double radius, const Color& color) = 0;
  virtual void Text(const std::string& text, const Point& place, const Font& font, Anchor anchor,
                    bool upright) = 0;
  virtual std::string Finish(const std::string& title, const std::string& description) = 0;
};

class Canvas::CairoSurface : public Surface {
 public:
  CairoSurface(PictureFormat format, const Sheet& sheet) : format_(format) {
    const double width = sheet.scale * sheet.width, height = sheet.scale * sheet.height;
    if (format == PictureFormat::kPdf) {
      surface_.reset(cairo_pdf_surface_create_for_stream(Append, &bytes_, width, height));
      // Without a date the same picture is the same bytes.
      cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_CREATE_DATE, "");
    } else {
      surface_.reset(cairo_image_surface_create(CAIRO_FORMAT_RGB24,
                                                static_cast<int>(std::lround(kPngScale * width)),
                                                static_cast<int>(std::lround(kPngScale * height))));
      cairo_surface_set_device_scale(surface_.get(), kPngScale, kPngScale);
    }
    context_ = MakeContext(surface_.get());
    cairo_scale(context_.get(), sheet.scale, sheet.scale);
    SetColor(context_.get(), {1, 1, 1});
    cairo_paint(context_.get());
  }

  void Line(std::span<const Point> points, const Pen& pen) override {
    cairo_t* const context = context_.get();
    SetColor(context, pen.color);
    cairo_set_line_width(context, pen.width);
    cairo_set_dash(context, pen.dash.data(), static_cast<int>(pen.dash.size()), 0);
    Trace(context, points);
    cairo_stroke(context);
  }

  void Area(std::span<const Point> corners, const Color& color) override {
    cairo_t* const context = context_.get();
    SetColor(context, color);
    Trace(context, corners);
    cairo_close_path(context);
    cairo_fill(context);
  }

  void Disc(const Point& center, double radius, const Color& color) override {
    cairo_t* const context = context_.get();
    SetColor(context, color);
    cairo_arc(context, center.x, center.y, radius, 0, 2 * std::numbers::pi);
    cairo_fill(context);
  }

  void Text(const std::string& text, const Point& place, const Font& font, Anchor anchor,
            bool upright) override {
    cairo_t* const context = context_.get();
    SetFont(context, font);
    SetColor(context, font.color);
    cairo_save(context);
    cairo_translate(context, place.x, place.y);
    if (upright) cairo_rotate(context, -std::numbers::pi / 2);
    cairo_move_to(context, -ShareOf(anchor) * Width(context, text), 0);
    cairo_show_text(context, text.c_str());
    cairo_restore(context);
    cairo_new_path(context);
  }

  std::string Finish(const std::string& title, const std::string& /*description*/) override {
    Check(cairo_status(context_.get()));
    if (format_ == PictureFormat::kPng) {
      Check(cairo_surface_write_to_png_stream(surface_.get(), Append, &bytes_));
      return bytes_;
    }
    cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_TITLE, title.c_str());
    cairo_surface_finish(surface_.get());
    Check(cairo_surface_status(surface_.get()));
    return bytes_;
  }

 private:
  PictureFormat format_;
  std::string bytes_;  // as they are made; outlives the surface, which writes there
  CairoOwned<cairo_surface_t> surface_;
  CairoOwned<cairo_t> context_;
};

// Cairo's SVGs have outlines for letters, so these are written here.
class Canvas::SvgSurface : public Surface {
 public:
  explicit SvgSurface(const Sheet& sheet) : sheet_(sheet) {}

  void Line(std::span<const Point> points, const Pen& pen) override {
    std::string dash;
    for (const double length : pen.dash) dash += fmt::format(" {}", Number(length));
    if (!dash.empty()) dash = fmt::format(R"( stroke-dasharray="{}")", dash.substr(1));
    marks_ += fmt::format(
        R"(<polyline points="{}" fill="none" stroke-linejoin="round"{} stroke-width="{}"{}/>)"
        "\n",
        Points(points), Colored("stroke", pen.color), Number(pen.width), dash);
  }

  void Area(std::span<const Point> corners, const Color& color) override {
    marks_ += fmt::format("<polygon points=\"{}\"{}/>\n", Points(corners), Colored("fill", color));
  }

  void Disc(const Point& center, double radius, const Color& color) override {
    marks_ += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{}\"{}/>\n", Number(center.x),
                          Number(center.y), Number(radius), Colored("fill", color));
  }

  void Text(const std::string& text, const Point& place, const Font& font, Anchor anchor,
            bool upright) override {
    static constexpr std::array kAnchors = {"start", "middle", "end"};
    const std::string x = Number(place.x), y = Number(place.y);
    marks_ += fmt::format(R"(<text x="{}" y="{}" font-size="{}"{}{} text-anchor="{}"{}>{}</text>)"
                          "\n",
                          x, y, Number(font.size), Colored("fill", font.color),
                          font.bold ? " font-weight=\"bold\"" : "",
                          kAnchors.at(static_cast<std::size_t>(anchor)),
                          upright ? fmt::format(" transform=\"rotate(-90 {} {})\"", x, y) : "",
                          report::XmlText(text));
  }

  std::string Finish(const std::string& title, const std::string& description) override {
    // Fonts of the same measures as the one that places were computed for.
    return fmt::format(
        R"(<svg xmlns="http://www.w3.org/2000/svg" width="{6}" height="{7}" viewBox="0 0 {0} {1}" role="img" font-family="{2}, Verdana, sans-serif">
<title>{3}</title>
<desc>{4}</desc>
<rect width="{0}" height="{1}" fill="white"/>
{5}</svg>
)",
        Number(sheet_.width), Number(sheet_.height), kFontFamily, report::XmlText(title),
        report::XmlText(description), marks_, Length(sheet_.width), Length(sheet_.height));
  }

 private:
  // With two decimals at most.
  static std::string Number(double value) {
    return fmt::format("{}", std::round(100 * value) / 100 + 0.0);
  }

  // Of the whole picture: pixels, or "6.5in".
  std::string Length(double length) const {
    if (!sheet_.for_print) return Number(length);
    return Number(sheet_.scale * length / kPointsOfAnInch) + "in";
  }

  static std::string Points(std::span<const Point> points) {
    std::string text;
    for (const Point& point : points) {
      text += fmt::format("{}{},{}", text.empty() ? "" : " ", Number(point.x), Number(point.y));
    }
    return text;
  }

  // " fill=\"#0072b2\""
  static std::string Colored(const std::string& what, const Color& color) {
    const auto byte = [](double part) { return std::lround(255 * part); };
    std::string text = fmt::format(" {}=\"#{:02x}{:02x}{:02x}\"", what, byte(color.red),
                                   byte(color.green), byte(color.blue));
    if (color.alpha < 1) text += fmt::format(" {}-opacity=\"{}\"", what, Number(color.alpha));
    return text;
  }

  Sheet sheet_;
  std::string marks_;
};

Canvas::Canvas(PictureFormat format, const Sheet& sheet) {
  if (format == PictureFormat::kSvg) {
    surface_ = std::make_unique<SvgSurface>(sheet);
  } else {
    surface_ = std::make_unique<CairoSurface>(format, sheet);
  }
}

Canvas::~Canvas() = default;

void Canvas::Line(std::span<const Point> points, const Pen& pen) { surface_->Line(points, pen); }

void Canvas::Area(std::span<const Point> corners, const Color& color) {
  surface_->Area(corners, color);
}

void Canvas::Disc(const Point& center, double radius, const Color& color) {
  surface_->Disc(center, radius, color);
}

void Canvas::Text(const std::string& text, const Point& place, const Font& font, Anchor anchor,
                  bool upright) {
  surface_->Text(text, place, font, anchor, upright);
}

std::string Canvas::Finish(const std::string& title, const std::string& description) {
  return surface_->Finish(title, description);
}

}  // namespace anole::plot
