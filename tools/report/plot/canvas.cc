#include "tools/report/plot/canvas.h"

#include <cairo/cairo-svg.h>
#include <cairo/cairo.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

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

std::string XmlText(const std::string& text) {
  std::string xml;
  for (const char c : text) {
    if (c == '&') {
      xml += "&amp;";
    } else if (c == '<') {
      xml += "&lt;";
    } else if (c == '>') {
      xml += "&gt;";
    } else {
      xml += c;
    }
  }
  return xml;
}

}  // namespace

double TextWidth(const std::string& text, const Font& font) {
  const CairoOwned<cairo_surface_t> surface(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, 1, 1));
  const CairoOwned<cairo_t> context = MakeContext(surface.get());
  SetFont(context.get(), font);
  return Width(context.get(), text);
}

struct Canvas::Sheet {
  std::string bytes;  // of an SVG, as they are made; outlives the surface, which writes there
  CairoOwned<cairo_surface_t> surface;
  CairoOwned<cairo_t> context;
};

Canvas::Canvas(PictureFormat format, double width, double height)
    : format_(format), sheet_(std::make_unique<Sheet>()) {
  if (format == PictureFormat::kSvg) {
    sheet_->surface.reset(
        cairo_svg_surface_create_for_stream(Append, &sheet_->bytes, width, height));
    cairo_svg_surface_set_document_unit(sheet_->surface.get(), CAIRO_SVG_UNIT_PX);
  } else {
    sheet_->surface.reset(cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, static_cast<int>(std::lround(kPngScale * width)),
        static_cast<int>(std::lround(kPngScale * height))));
    cairo_surface_set_device_scale(sheet_->surface.get(), kPngScale, kPngScale);
  }
  sheet_->context = MakeContext(sheet_->surface.get());
  SetColor(sheet_->context.get(), {1, 1, 1});
  cairo_paint(sheet_->context.get());
}

Canvas::~Canvas() = default;

void Canvas::Line(std::span<const Point> points, const Pen& pen) {
  cairo_t* const context = sheet_->context.get();
  SetColor(context, pen.color);
  cairo_set_line_width(context, pen.width);
  cairo_set_dash(context, pen.dash.data(), static_cast<int>(pen.dash.size()), 0);
  Trace(context, points);
  cairo_stroke(context);
}

void Canvas::Area(std::span<const Point> corners, const Color& color) {
  cairo_t* const context = sheet_->context.get();
  SetColor(context, color);
  Trace(context, corners);
  cairo_close_path(context);
  cairo_fill(context);
}

void Canvas::Disc(const Point& center, double radius, const Color& color) {
  cairo_t* const context = sheet_->context.get();
  SetColor(context, color);
  cairo_arc(context, center.x, center.y, radius, 0, 2 * std::numbers::pi);
  cairo_fill(context);
}

void Canvas::Text(const std::string& text, const Point& place, const Font& font, Anchor anchor,
                  bool upright) {
  cairo_t* const context = sheet_->context.get();
  SetFont(context, font);
  SetColor(context, font.color);
  const double share = anchor == Anchor::kStart ? 0 : anchor == Anchor::kMiddle ? .5 : 1;
  cairo_save(context);
  cairo_translate(context, place.x, place.y);
  if (upright) cairo_rotate(context, -std::numbers::pi / 2);
  cairo_move_to(context, -share * Width(context, text), 0);
  cairo_show_text(context, text.c_str());
  cairo_restore(context);
  cairo_new_path(context);
}

std::string Canvas::Finish(const std::string& title, const std::string& description) {
  Check(cairo_status(sheet_->context.get()));
  std::string& bytes = sheet_->bytes;
  if (format_ == PictureFormat::kPng) {
    Check(cairo_surface_write_to_png_stream(sheet_->surface.get(), Append, &bytes));
    return bytes;
  }
  cairo_surface_finish(sheet_->surface.get());
  Check(cairo_surface_status(sheet_->surface.get()));
  const std::size_t root = bytes.find("<svg ");
  bytes.insert(bytes.find('>', root) + 1, "\n<title>" + XmlText(title) + "</title>\n<desc>" +
                                              XmlText(description) + "</desc>");
  return bytes;
}

}  // namespace anole::plot
