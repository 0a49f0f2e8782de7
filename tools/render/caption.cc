#include "tools/render/caption.h"

#include <algorithm>

namespace anole::render {
namespace {

constexpr Color kWhite = {}, kGrey = {0.85F, 0.85F, 0.85F};
constexpr float kShade = 0.55F;  // opacity of what the words stand on

int TextWidth(const std::string& text, const int* char_widths) {
  int width = 0;
  for (const char c : text) width += char_widths[std::clamp<int>(c, 0, 126)];
  return width;
}

// x and y from the lower left corner [pixels].
void DrawText(int font, const std::string& text, int x, int y, const Color& color,
              const mjrRect& area, const mjrContext& renderer) {
  mjr_text(font, text.c_str(), &renderer, static_cast<float>(x) / static_cast<float>(area.width),
           static_cast<float>(y) / static_cast<float>(area.height), color.red, color.green,
           color.blue);
}

}  // namespace

void DrawCaption(const Caption& caption, int width, int height, const mjrContext& renderer) {
  if (caption.title.empty() && caption.lines.empty()) return;
  const mjrRect area{0, 0, width, height};
  const int margin = renderer.charHeight / 2;
  int names = 0, values = 0;  // widths of the columns [pixels]
  for (const CaptionLine& line : caption.lines) {
    names = std::max(names, TextWidth(line.name, renderer.charWidth));
    values = std::max(values, TextWidth(line.value, renderer.charWidth));
  }
  const int gap = names == 0 ? 0 : margin;
  const int title_height = caption.title.empty() ? 0 : renderer.charHeightBig;
  const int rows = static_cast<int>(caption.lines.size());
  const int box_width =
      std::max(names + gap + values, TextWidth(caption.title, renderer.charWidthBig)) + 2 * margin;
  const int box_height = title_height + rows * renderer.charHeight + margin + margin / 2;
  mjr_rectangle({0, height - box_height, box_width, box_height}, 0.1F, 0.12F, 0.15F, kShade);
  mjr_rectangle(area, 0, 0, 0, 0);  // draws nothing: words are placed within the last rectangle

  int y = height - margin / 2 - title_height;
  DrawText(mjFONT_BIG, caption.title, margin, y, kWhite, area, renderer);
  for (const CaptionLine& line : caption.lines) {
    y -= renderer.charHeight;
    DrawText(mjFONT_NORMAL, line.name, margin, y, kGrey, area, renderer);
    DrawText(mjFONT_NORMAL, line.value, margin + names + gap, y, line.color, area, renderer);
  }
}

}  // namespace anole::render
