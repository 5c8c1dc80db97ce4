// SPDX-License-Identifier: Apache-2.0
#include "host/apps/cards.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sockwire::apps {
namespace {

constexpr const char* kRow = "{:<{}}  {:<13}  {:<7}  {}\n";

std::string serial_of(const transport::CardInfo& card) { return card.serial.empty() ? "-" : card.serial; }

const std::string& reason_of(const ListedCard& card) {
  return card.info.reason.empty() ? card.answer.reason : card.info.reason;
}

nlohmann::json link_json(const std::optional<PhyStatus>& phy) {
  if (!phy) return nullptr;
  nlohmann::json link{{"text", link_text(*phy)}, {"phy", phy->present}, {"up", phy->link}};
  link["mbps"] = phy->link ? nlohmann::json(phy->hundred ? 100 : 10) : nullptr;
  link["full_duplex"] = phy->link ? nlohmann::json(phy->full_duplex) : nullptr;
  return link;
}

}  // namespace

std::string cards_text(const std::vector<ListedCard>& cards) {
  if (cards.empty()) return "no card is on USB\n";
  std::size_t width = 6;
  for (const auto& card : cards) width = std::max(width, serial_of(card.info).size());
  std::string text = fmt::format(kRow, "SERIAL", width, "STATE", "USB", "BOARD");
  for (const auto& card : cards) {
    text += fmt::format(kRow, serial_of(card.info), width, name_of(card.info.state), card.info.port,
                        fmt::format("{} ({})", card.info.product, card.info.manufacturer));
    if (!reason_of(card).empty()) text += fmt::format("  {}\n", reason_of(card));
    if (card.answer.phy) text += fmt::format("  {}\n", link_text(*card.answer.phy));
  }
  return text;
}

nlohmann::json cards_json(const std::vector<ListedCard>& cards) {
  auto list = nlohmann::json::array();
  for (const auto& [card, answer] : cards) {
    list.push_back({{"serial", card.serial},
                    {"state", name_of(card.state)},
                    {"reason", card.reason.empty() ? answer.reason : card.reason},
                    {"link", link_json(answer.phy)},
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
  std::vector<ListedCard> cards;
  if (listed) {
    for (const auto& card : listed.value()) {
      cards.push_back({card, card.state == transport::CardState::kReady ? ask_card(card) : CardAnswer()});
    }
  }
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
