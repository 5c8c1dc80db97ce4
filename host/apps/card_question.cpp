// SPDX-License-Identifier: Apache-2.0
#include "host/apps/card_question.hpp"

#include <sys/random.h>

#include <algorithm>
#include <filesystem>

#include "host/apps/interrupt.hpp"
#include "host/socket/link_world.hpp"
#include "host/transport/usb/usb_byte_link.hpp"

namespace sockwire::apps {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// A card that a program left at a higher rate hears us after kLinkDeadNs.
constexpr Duration kAnswerPatience = Duration(kLinkDeadNs) + 500ms;
/// From the first answer on: a card that has just begun reads its PHY 5 ms later.
constexpr Duration kPhyPatience = 50ms;

/// The kernel's serial port on the card's UART, as a file; empty if there is none.
std::string serial_port_of(const transport::CardInfo& card) {
  const std::string interface = card.port + ":1." + std::to_string(transport::ftdi::kUartInterface);
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/sys/bus/usb/devices/" + interface, error)) {
    const std::string name = entry.path().filename();
    if (name.rfind("ttyUSB", 0) == 0) return "/dev/" + name;
  }
  return {};
}

}  // namespace

std::uint8_t session_seed() {
  std::uint8_t seed = 1;
  static_cast<void>(getrandom(&seed, sizeof seed, 0));
  return seed == 0 ? 1 : seed;
}

bool is_open_somewhere(const std::string& path) {
  std::error_code error;
  for (const auto& process : fs::directory_iterator("/proc", error)) {
    std::error_code hidden;  // another user's, or one that has just ended
    for (const auto& file : fs::directory_iterator(process.path() / "fd", hidden)) {
      if (fs::read_symlink(file.path(), hidden) == path) return true;
    }
  }
  return false;
}

std::string link_text(const PhyStatus& phy) {
  if (!phy.present) return "its PHY does not answer";
  if (!phy.link) return "no link";
  return std::string("link up, ") + (phy.hundred ? "100 Mb/s, " : "10 Mb/s, ") +
         (phy.full_duplex ? "full duplex" : "half duplex");
}

CardAnswer ask_card(const transport::CardInfo& card) {
  if (const std::string port = serial_port_of(card); !port.empty() && is_open_somewhere(port)) {
    return {{}, "not asked for its link: a program has " + port + " open"};
  }
  transport::UsbLinkSettings settings;
  settings.serial = card.serial;
  auto bytes = transport::UsbByteLink::open(settings);
  if (!bytes) return {{}, bytes.error().message};
  transport::LinkConfig config;
  config.baud_max = kLinkStartBaud;
  transport::SerialTransport link(*bytes.value(), config, session_seed());
  LinkWorld world(link);
  TimePoint deadline = world.now() + kAnswerPatience;
  const auto known = [&] { return link.phy() && link.phy()->present; };
  for (bool answered = false; !known() && world.now() < deadline && !interrupted();) {
    world.advance(deadline);
    if (!answered && !link.lost()) deadline = std::min(deadline, world.now() + kPhyPatience);
    answered = !link.lost();
  }
  if (link.lost()) {
    return {{}, "does not answer: load the bitstream ('./run program'), or press the board's red button"};
  }
  return {link.phy().value_or(PhyStatus()), {}};
}

}  // namespace sockwire::apps
