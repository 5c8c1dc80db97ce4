// SPDX-License-Identifier: Apache-2.0
// `sockwire cards`: which cards are plugged in, and why one cannot be used.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "host/transport/usb/usb_card.hpp"

namespace sockwire::apps {

/// Prints them; returns the exit code, which is 0 with none, too.
int run_cards(bool json);

/// A line for each, and its reason below it.
std::string cards_text(const std::vector<transport::CardInfo>& cards);
/// {"cards": [{"serial", "state", "reason", "usb", "manufacturer", "product", "bus", "address"}]}
nlohmann::json cards_json(const std::vector<transport::CardInfo>& cards);

}  // namespace sockwire::apps
