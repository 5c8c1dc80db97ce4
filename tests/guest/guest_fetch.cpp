// SPDX-License-Identifier: Apache-2.0
#include "tests/guest/guest_fetch.hpp"

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <span>
#include <stdexcept>
#include <thread>
#include <utility>

#include "host/apps/lab.hpp"
#include "host/apps/pattern.hpp"
#include "host/apps/peers.hpp"
#include "host/apps/sha256.hpp"
#include "sim/net/tap_peer.hpp"
#include "sim/usb/serial_card.hpp"
#include "sim/usb/usbredir_front.hpp"
#include "tests/guest/usb_boot.hpp"
#include "tests/value_of.hpp"

namespace sockwire::test {
namespace {

using test::value_of;

/// What the guest's script prints before the digest.
const std::string kDigestMark = "fetched: ";
/// What the command prints when its card was lost, and is back.
const std::string kLost = "send: card lost";
const std::string kBack = "send: card back";
constexpr std::uint16_t kSinkPort = 7000;

/// Waits until a card has sent so many bytes in frames.
class SentBytes final : public sim::FrameObserver {
 public:
  void on_frame(bool from_engine, const sim::ReceivedFrame& frame) override {
    if (!from_engine) return;
    const std::lock_guard lock(mutex_);
    bytes_ += frame.bytes.size();
    changed_.notify_all();
  }
  /// Counts from now on.
  void begin() {
    const std::lock_guard lock(mutex_);
    bytes_ = 0;
  }
  /// False: it is over before.
  bool wait_for(std::uint64_t bytes) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return bytes_ >= bytes || over_; });
    return bytes_ >= bytes;
  }
  void end() {
    const std::lock_guard lock(mutex_);
    over_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t bytes_ = 0;
  bool over_ = false;
};

/// A board: its USB cable ends in a guest, its network connector in Linux of this namespace.
class Board {
 public:
  Board(const std::string& socket, std::uint64_t seed) {
    apps::LabPort port = value_of(apps::plug_in());
    address_ = port.address;
    line_ = std::make_unique<sim::TapPeer<1>>(std::move(port.tap), sim::Impairments{}, sim::Impairments{}, seed);
    line_->observe(&sent_);
    card_ = std::make_unique<sim::SerialCard>(sim::native_card_parts(1), *line_);
    front_ = value_of(sim::UsbredirFront::open(socket, {}, *card_));
  }
  ~Board() {
    sent_.end();
    if (puller_.joinable()) puller_.join();
  }
  Board(const Board&) = delete;
  Board& operator=(const Board&) = delete;
  Ipv4Address address() const { return address_; }
  /// Pulls the cable when the card has sent so many more bytes in frames, and plugs it in again.
  void pull_after(std::uint64_t bytes) {
    sent_.begin();
    puller_ = std::thread([this, bytes] {
      if (!sent_.wait_for(bytes)) return;
      front_->unplug();
      front_->plug();
    });
  }

 private:
  Ipv4Address address_;
  SentBytes sent_;
  std::thread puller_;
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
  const std::string linux_address = to_string(apps::kLabAddress);
  const std::string with = " --card usb --timeout 90s --address " + to_string(card) + "/24 ";
  return "cp " SOCKWIRE_UDEV_RULES
         " /run/udev/rules.d/\n"
         "udevadm control --reload\n"
         "udevadm trigger --action=add --settle\n"
         "as_member " SOCKWIRE_BINARY " get" +
         with + "http://" + linux_address +
         "/file -o /tmp/file\n"
         "sum=$(sha256sum /tmp/file)\n"
         "echo \"" +
         kDigestMark +
         "${sum%% *}\"\n"
         // Not to a terminal, so that it tells of the card in lines.
         "as_member " SOCKWIRE_BINARY " send" +
         with + "/tmp/file " + linux_address + ":" + std::to_string(kSinkPort) +
         " >/tmp/send.log 2>&1 || failed=yes\n"
         "cat /tmp/send.log\n"
         "[ -z \"$failed\" ]\n";
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
  const auto sink = value_of(apps::TcpSink::start(kSinkPort));
  const std::string socket = folder.path() + "/usb.sock";
  Board board(socket, seed);
  bool lost = false;
  fetch.guest = run_guest(kUsbBoot + script_for(board.address()), socket, [&](const std::string& line) {
    if (line.rfind(kDigestMark, 0) == 0) {
      fetch.fetched = line.substr(kDigestMark.size());
      board.pull_after(bytes / 3);
    }
    lost = lost || line.rfind(kLost, 0) == 0;
    fetch.pulled = fetch.pulled || (lost && line.rfind(kBack, 0) == 0);
  });
  const auto sunk = sink->next();
  fetch.sent = sunk ? sunk.value().sha256 : sunk.error();
  return fetch;
}

}  // namespace sockwire::test
