// SPDX-License-Identifier: Apache-2.0
#include "host/apps/journey/document.hpp"
namespace sockwire::apps {
nlohmann::ordered_json document_of(const journey::Recording&, const std::vector<journey::Packet>&, std::size_t) {
  return {};
}
std::string page_of(const nlohmann::ordered_json& document) { return document.dump(); }
}  // namespace sockwire::apps
