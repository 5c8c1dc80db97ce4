// SPDX-License-Identifier: Apache-2.0
// What a card says of itself when it is asked: whether it is there behind its chip, and whether its network cable is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "hls/link/phy_status.hpp"
#include "host/transport/usb/usb_card.hpp"

namespace sockwire::apps {

struct CardAnswer {
  /// What its PHY says; nothing if the card has not answered.
  std::optional<PhyStatus> phy;
  std::string reason;  ///< one line: why not, and what to do; empty if it has
};

/// Begins a session of its serial link at 1 Mbaud and ends it again: takes some milliseconds, or 1.5 s if nobody
/// answers. The kernel's driver makes way meanwhile, so a card whose serial port a program has open is not asked.
/// Precondition: the card is ready.
CardAnswer ask_card(const transport::CardInfo& card);

/// "link up, 100 Mb/s, full duplex", "no link", or that the PHY does not answer.
std::string link_text(const PhyStatus& phy);

/// For a serial link's first session: any number but 0, another one for each run of a program.
std::uint8_t session_seed();

/// Whether a process has this file open, as far as ours may look.
bool is_open_somewhere(const std::string& path);

}  // namespace sockwire::apps
