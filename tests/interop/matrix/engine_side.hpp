// SPDX-License-Identifier: Apache-2.0
// Our end of the matrix: a host on the native card behind a TAP of this lab, and blocking calls with a limit on them.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "host/apps/lab.hpp"
#include "host/socket/card_port.hpp"
#include "host/socket/host.hpp"
#include "setting.hpp"
#include "sim/cosim/cosim_world.hpp"
#include "sim/net/tap_peer.hpp"

namespace sockwire::interop {

/// What is wrong with a cell.
class CellFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A program of a cell; ended with this object.
class Program {
 public:
  /// A command of the shell. Throws CellFailure.
  explicit Program(const std::string& command);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// Whether it has ended. Throws CellFailure if with an error.
  bool ended();

 private:
  pid_t pid_ = 0;
  std::string command_;
};

/// All calls throw CellFailure when they fail, or have waited for kPatience.
class EngineSide {
 public:
  static constexpr Duration kPatience = std::chrono::seconds(20);

  /// Applies the setting to this lab, and plugs a card into it.
  EngineSide(const Setting& setting, std::uint64_t seed);

  /// Linux's address here, and ours, as text for a command line.
  std::string linux_address() const;
  std::string own_address() const;
  /// Ours over IPv4, whatever the setting.
  const Ipv4Address& ipv4() const { return ipv4_; }

  /// To Linux, again and again while it refuses: its program is about to listen. Throws, too, if what the handshake has
  /// agreed on, or the congestion control that Linux uses, is not what the setting says.
  int connect(std::uint16_t port);
  int connect(const IpAddress& to, std::uint16_t port);
  int listen(std::uint16_t port);
  /// Checks as connect() does.
  int accept(int listener);
  void send(int descriptor, std::span<const std::uint8_t> data);
  void send(int descriptor, const std::string& text);
  /// No more is sent.
  void finish(int descriptor);
  /// At least one byte, at most so many; none: the end of the stream.
  std::vector<std::uint8_t> receive(int descriptor, std::size_t at_most = 65536);
  std::vector<std::uint8_t> receive_exactly(int descriptor, std::size_t bytes);
  std::vector<std::uint8_t> receive_to_end(int descriptor);
  /// Waits until the peer has everything.
  void close(int descriptor);
  /// Lets the card run until then.
  void wait_until(const std::string& what, const std::function<bool()>& done);

 private:
  static constexpr int kBytes = 8;

  int new_socket();
  void check_agreement(int descriptor);
  /// If the peer is Linux: whether its end uses the setting's algorithm.
  void check_congestion(int descriptor);
  void apply(const std::string& device);
  stack::Config config_of(const apps::LabPort& port, std::uint64_t seed) const;

  Setting setting_;
  Ipv4Address ipv4_;
  IpAddress own_;  ///< Of the setting's version.
  sim::CosimWorld<kBytes> world_{sim::ClockKind::kWall};
  Loop loop_{world_};
  std::unique_ptr<sim::TapPeer<kBytes>> line_;
  std::unique_ptr<sim::CosimCard<kBytes>> card_;
  std::unique_ptr<CardPort> port_;
  std::unique_ptr<Host> host_;
};

}  // namespace sockwire::interop
