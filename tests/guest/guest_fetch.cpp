// SPDX-License-Identifier: Apache-2.0
#include "tests/guest/guest_fetch.hpp"

#include <filesystem>
#include <fstream>
#include <memory>
#include <span>
#include <stdexcept>
#include <utility>

#include "host/apps/lab.hpp"
#include "host/apps/pattern.hpp"
#include "host/apps/peers.hpp"
#include "host/apps/sha256.hpp"
#include "sim/net/tap_peer.hpp"
#include "sim/usb/serial_card.hpp"
#include "sim/usb/usbredir_front.hpp"
#include "tests/guest/usb_boot.hpp"

namespace sockwire::test {
namespace {

/// What the guest's script prints before the digest.
const std::string kDigestMark = "fetched: ";

template <typename Value>
Value value_of(Result<Value, std::string> result) {
  if (!result) throw std::runtime_error(result.error());
  return std::move(result).value();
}

/// A board: its USB cable ends in a guest, its network connector in Linux of this namespace.
class Board {
 public:
  Board(const std::string& socket, std::uint64_t seed) {
    apps::LabPort port = value_of(apps::plug_in());
    address_ = port.address;
    line_ = std::make_unique<sim::TapPeer<1>>(std::move(port.tap), sim::Impairments{}, sim::Impairments{}, seed);
    card_ = std::make_unique<sim::SerialCard>(sim::native_card_parts(1), *line_);
    front_ = value_of(sim::UsbredirFront::open(socket, {}, *card_));
  }
  Ipv4Address address() const { return address_; }

 private:
  Ipv4Address address_;
  std::unique_ptr<sim::TapPeer<1>> line_;
  std::unique_ptr<sim::SerialCard> card_;
  std::unique_ptr<sim::UsbredirFront> front_;
};

/// Makes the file that nginx is to serve; returns its digest.
std::string make_file(const std::string& folder, std::size_t bytes, std::uint64_t seed) {
  std::string content(bytes, '\0');
  apps::fill_pattern(seed, 0, std::span(reinterpret_cast<std::uint8_t*>(content.data()), content.size()));
  std::filesystem::create_directory(folder + "/www");
  std::ofstream(folder + "/www/file", std::ios::binary) << content;
  return apps::sha256_of_file(folder + "/www/file");
}

/// As a user does it who has followed our documentation: the rule, then the command without any privilege.
std::string script_for(Ipv4Address card) {
  return std::string("cp " SOCKWIRE_UDEV_RULES
                     " /run/udev/rules.d/\n"
                     "udevadm control --reload\n"
                     "udevadm trigger --action=add --settle\n"
                     "as_member " SOCKWIRE_BINARY " get --card usb --address ") +
         to_string(card) + "/24 --timeout 90s http://" + to_string(apps::kLabAddress) +
         "/file -o /tmp/file\n"
         "sum=$(sha256sum /tmp/file)\n"
         "echo \"" +
         kDigestMark + "${sum%% *}\"\n";
}

}  // namespace

GuestFetch fetch_in_guest(std::size_t bytes, std::uint64_t seed) {
  GuestFetch fetch;
  fetch.lacks = guest_lacks();
  if (!fetch.lacks.empty()) return fetch;
  if (const auto entered = apps::enter_new_lab(); !entered) {
    fetch.lacks = entered.error();
    return fetch;
  }
  const apps::TemporaryFolder folder;
  fetch.served = make_file(folder.path(), bytes, seed);
  const auto nginx = value_of(apps::Nginx::start(folder.path()));
  const std::string socket = folder.path() + "/usb.sock";
  const Board board(socket, seed);
  fetch.guest = run_guest(kUsbBoot + script_for(board.address()), socket, [&fetch](const std::string& line) {
    if (line.rfind(kDigestMark, 0) == 0) fetch.fetched = line.substr(kDigestMark.size());
  });
  return fetch;
}

}  // namespace sockwire::test
