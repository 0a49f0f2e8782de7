// A page of HTML that is one file: it opens anywhere, without a network, light or dark as the
// reader's system is, on a telephone as on paper.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/report/table_text.h"

namespace anole::report {

// What is added stands below what was added before. Texts are plain: they mean themselves.
class Page {
 public:
  Page(std::string title, std::string subtitle);

  void Heading(const std::string& text);
  void Paragraph(const std::string& text);
  void Table(const std::vector<TableColumn>& columns, const std::string& note = "");
  void Code(const std::string& text);  // as it is to be typed, or read by a program

  // svg: as DrawFigure makes it. Several figures in one row share the width.
  void Figures(const std::vector<std::string>& svgs);

  // Short films, one beside another; mp4: the bytes of a file.
  struct Clip {
    std::string title, mp4;
  };
  void Clips(const std::vector<Clip>& clips);

  // What is added until End is seen only where the reader opens it.
  void Begin(const std::string& summary);
  void End();

  std::string Finish() const;  // the bytes of the file

 private:
  std::string title_, subtitle_, body_;
};

std::string Base64(std::string_view bytes);

}  // namespace anole::report
