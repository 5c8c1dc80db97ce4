// SPDX-License-Identifier: Apache-2.0
// The page: its text, style and scripts are files of page/, put into the program at build time.
#include "host/apps/journey/document.hpp"
#include "journey_page_parts.hpp"

namespace sockwire::apps {

namespace {

void replace(std::string& text, const std::string& mark, const std::string& content) {
  const auto at = text.find(mark);
  if (at != std::string::npos) text.replace(at, mark.size(), content);
}

/// JSON that may stand in a script element: "</script" must not.
std::string for_script(const std::string& json) {
  std::string text;
  text.reserve(json.size());
  for (const char c : json) {
    if (c == '<') {
      text += "\\u003c";
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace

std::string page_of(const nlohmann::ordered_json& document) {
  std::string page(page_parts::kPageHtml);
  replace(page, "/*STYLE*/", std::string(page_parts::kPageCss));
  std::string scripts;
  for (const auto part : {page_parts::kRecordingJs, page_parts::kLadderJs, page_parts::kSignalJs, page_parts::kDetailJs,
                          page_parts::kPageJs}) {
    scripts += part;
  }
  replace(page, "/*SCRIPT*/", scripts);
  replace(page, "/*RECORDING*/", for_script(document.dump()));
  return page;
}

}  // namespace sockwire::apps
