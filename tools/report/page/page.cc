#include "tools/report/page/page.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <utility>

#include "tools/report/xml_text.h"

namespace anole::report {
namespace {

// Figures are white sheets in the dark as well: their colours are chosen for that.
constexpr const char* kStyle = R"(
:root { color-scheme: light dark; --ink: #222; --pale: #666; --line: #d5d5d5; --sheet: #fff;
  --paper: #f6f6f4; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e6e6; --pale: #a0a0a0; --line: #444;
  --sheet: #242424; --paper: #181818; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, "DejaVu Sans", Verdana, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.7rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
p { margin: .5rem 0; max-width: 46rem; }
.subtitle, .note { color: var(--pale); }
.note { font-size: .85rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .92rem;
  background: var(--sheet); }
th, td { padding: .28rem .7rem; border-bottom: 1px solid var(--line); text-align: right;
  white-space: nowrap; vertical-align: bottom; }
th { color: var(--pale); font-weight: 600; white-space: normal; }
td { vertical-align: top; }
.words { text-align: left; }
.seeds { display: block; font-size: .8rem; color: var(--pale); white-space: normal; }
pre { background: var(--sheet); border: 1px solid var(--line); padding: .7rem .9rem;
  overflow-x: auto; font-size: .85rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.figures, .clips { display: grid; gap: 1rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }
.figures.single { grid-template-columns: 100%; }
figure { margin: 0; overflow-x: auto; }
.single svg { min-width: 38rem; }
svg, video { width: 100%; height: auto; border: 1px solid var(--line); border-radius: 4px;
  background: #fff; }
figcaption { color: var(--pale); font-size: .85rem; }
details { margin: 1rem 0; }
summary { cursor: pointer; font-weight: 600; }
@media print { body { background: #fff; } details, figure { break-inside: avoid; } }
)";

// Each seed's value stands below their mean, "12 (10, 14)", and wraps: the table is narrower so.
std::string CellHtml(const std::string& text) {
  const std::size_t seeds = text.find(" (");
  if (seeds == std::string::npos || !text.ends_with(')')) return XmlText(text);
  return fmt::format("{} <span class=\"seeds\">{}</span>", XmlText(text.substr(0, seeds)),
                     XmlText(text.substr(seeds + 1)));
}

}  // namespace

std::string Base64(std::string_view bytes) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      const auto byte = i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U;
      group = group << 8U | byte;
    }
    for (std::size_t k = 0; k < 4; ++k) {
      const bool is_there = i + k <= bytes.size();
      text += is_there ? kLetters[group >> (18 - 6 * k) & 63U] : '=';
    }
  }
  return text;
}

Page::Page(std::string title, std::string subtitle)
    : title_(std::move(title)), subtitle_(std::move(subtitle)) {}

void Page::Heading(const std::string& text) {
  body_ += fmt::format("<h2>{}</h2>\n", XmlText(text));
}

void Page::Paragraph(const std::string& text) {
  body_ += fmt::format("<p>{}</p>\n", XmlText(text));
}

void Page::Code(const std::string& text) { body_ += fmt::format("<pre>{}</pre>\n", XmlText(text)); }

void Page::Table(const std::vector<TableColumn>& columns, const std::string& note) {
  const auto kind = [](const TableColumn& column) {
    return column.words ? " class=\"words\"" : "";
  };
  body_ += "<div class=\"wide\"><table>\n<thead><tr>";
  for (const TableColumn& column : columns) {
    body_ += fmt::format("<th scope=\"col\"{}>{}</th>", kind(column), XmlText(column.name));
  }
  body_ += "</tr></thead>\n<tbody>\n";
  const std::size_t rows = columns.empty() ? 0 : columns.front().cells.size();
  for (std::size_t row = 0; row < rows; ++row) {
    body_ += "<tr>";
    for (const TableColumn& column : columns) {
      const std::string& cell = column.cells.at(row);
      body_ +=
          fmt::format("<td{}>{}</td>", kind(column), column.words ? XmlText(cell) : CellHtml(cell));
    }
    body_ += "</tr>\n";
  }
  body_ += "</tbody></table></div>\n";
  if (!note.empty()) body_ += fmt::format("<p class=\"note\">{}</p>\n", XmlText(note));
}

void Page::Figures(const std::vector<std::string>& svgs) {
  body_ += fmt::format("<div class=\"figures{}\">\n", svgs.size() == 1 ? " single" : "");
  for (const std::string& svg : svgs) body_ += fmt::format("<figure>{}</figure>\n", svg);
  body_ += "</div>\n";
}

void Page::Clips(const std::vector<Clip>& clips) {
  body_ += "<div class=\"clips\">\n";
  for (const Clip& clip : clips) {
    body_ += fmt::format(
        "<figure><video controls loop muted playsinline preload=\"metadata\" aria-label=\"{0}\" "
        "src=\"data:video/mp4;base64,{1}\"></video><figcaption>{0}</figcaption></figure>\n",
        XmlText(clip.title), Base64(clip.mp4));
  }
  body_ += "</div>\n";
}

void Page::Begin(const std::string& summary) {
  body_ += fmt::format("<details><summary>{}</summary>\n", XmlText(summary));
}

void Page::End() { body_ += "</details>\n"; }

std::string Page::Finish() const {
  const std::string title = XmlText(title_);
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{0}</title>\n<style>{1}</style>\n</head>\n<body>\n<main>\n<h1>{0}</h1>\n"
      "<p class=\"subtitle\">{2}</p>\n{3}</main>\n</body>\n</html>\n",
      title, kStyle, XmlText(subtitle_), body_);
}

}  // namespace anole::report
