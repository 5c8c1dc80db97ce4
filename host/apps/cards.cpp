// SPDX-License-Identifier: Apache-2.0
#include "host/apps/cards.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sockwire::apps {
namespace {

constexpr const char* kRow = "{:<{}}  {:<13}  {:<7}  {}\n";

std::string serial_of(const transport::CardInfo& card) { return card.serial.empty() ? "-" : card.serial; }

}  // namespace

std::string cards_text(const std::vector<transport::CardInfo>& cards) {
  if (cards.empty()) return "no card is on USB\n";
  std::size_t width = 6;
  for (const auto& card : cards) width = std::max(width, serial_of(card).size());
  std::string text = fmt::format(kRow, "SERIAL", width, "STATE", "USB", "BOARD");
  for (const auto& card : cards) {
    text += fmt::format(kRow, serial_of(card), width, name_of(card.state), card.port,
                        fmt::format("{} ({})", card.product, card.manufacturer));
    if (!card.reason.empty()) text += fmt::format("  {}\n", card.reason);
  }
  return text;
}

nlohmann::json cards_json(const std::vector<transport::CardInfo>& cards) {
  auto list = nlohmann::json::array();
  for (const auto& card : cards) {
    list.push_back({{"serial", card.serial},
                    {"state", name_of(card.state)},
                    {"reason", card.reason},
                    {"usb", card.port},
                    {"manufacturer", card.manufacturer},
                    {"product", card.product},
                    {"bus", card.bus},
                    {"address", card.address}});
  }
  return {{"cards", list}};
}

int run_cards(bool json) {
  const auto listed = transport::list_cards();
  const std::vector<transport::CardInfo> none;
  const auto& cards = listed ? listed.value() : none;
  if (json) {
    auto document = cards_json(cards);
    if (!listed) document["reason"] = listed.error().message;
    fmt::print("{}\n", document.dump(2));
  } else if (listed) {
    fmt::print("{}", cards_text(cards));
  } else {
    fmt::print("{}\n", listed.error().message);
  }
  return 0;
}

}  // namespace sockwire::apps
