// Text within XML or HTML.
#pragma once

#include <string>
#include <string_view>

namespace anole::report {

// With &, <, > and " written so that they mean themselves, also within attributes.
inline std::string XmlText(std::string_view text) {
  std::string xml;
  for (const char c : text) {
    switch (c) {
      case '&':
        xml += "&amp;";
        break;
      case '<':
        xml += "&lt;";
        break;
      case '>':
        xml += "&gt;";
        break;
      case '"':
        xml += "&quot;";
        break;
      default:
        xml += c;
    }
  }
  return xml;
}

}  // namespace anole::report
