// SPDX-License-Identifier: Apache-2.0
// `sockwire cards`: which cards are plugged in, why one cannot be used, and what link those have that can.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "host/apps/card_question.hpp"
#include "host/transport/usb/usb_card.hpp"

namespace sockwire::apps {

/// A card, and what it answered if it is ready.
struct ListedCard {
  transport::CardInfo info;
  CardAnswer answer;
};

/// Prints them; returns the exit code, which is 0 with none, too. Asks those that are ready.
int run_cards(bool json);

/// A line for each, and below it its link, or why it cannot be used.
std::string cards_text(const std::vector<ListedCard>& cards);
/// {"cards": [{"serial", "state", "reason", "link", "usb", "manufacturer", "product", "bus", "address"}]}; "link" is
/// null, or {"text", "phy", "up", "mbps", "full_duplex"}, the latter two null without a link.
nlohmann::json cards_json(const std::vector<ListedCard>& cards);

}  // namespace sockwire::apps
