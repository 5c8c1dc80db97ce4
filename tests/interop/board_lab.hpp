// SPDX-License-Identifier: Apache-2.0
// The Arty's RTL between a host of ours and Linux, as what the subcommands of `sockwire` need.
//
//   stack, driver, link (virtual time) -> FT2232H's model -> the board's RTL on SystemC -> TAP -> Linux (wall's clock)
//
// The two clocks. The RTL never rests, so simulated time always moves, and a second of it takes some minutes. Linux
// sees a link of a few kB/s whose round trips take seconds, and measures them; its timers (200 ms at least, a second
// for the first SYN) are milliseconds to us. To us Linux answers at once: it has its 40 ms for a delayed
// acknowledgement in less than the time of a segment. So neither side's timers run out because the other is slow, but
// for what Linux sends before it has measured a round trip; such spurious retransmissions are counted.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "host/apps/lab.hpp"
#include "host/apps/setup.hpp"
#include "host/socket/card_port.hpp"
#include "sim/board/arty_board.hpp"
#include "sim/net/tap_peer.hpp"
#include "sim/usb/model_byte_link.hpp"
#include "sim/usb/serial_world.hpp"
#include "tests/interop/linux_files.hpp"

namespace sockwire::interop {

struct BoardLabOptions {
  sim::Impairments wire{};  ///< each way
  sim::UartFaults uart{};
  sim::BoardClocks clocks{.board_ppm = 100, .peer_ppm = -100};
  std::uint64_t seed = 1;
};

/// One in a process, as the board is. Made in a lab.
class BoardLab final : public apps::Setup {
 public:
  /// port: the card's place in the lab, which is plugged in.
  BoardLab(apps::LabPort port, const BoardLabOptions& options);

  /// Shakes hands with the card. Empty if all is well.
  std::string start();
  /// Pulls the cable once this many bytes have gone over the UART, both ways together, and plugs it in again after a
  /// while of simulated time.
  void pull_after(std::uint64_t uart_bytes, Duration away);

  Host& host() override { return host_; }
  Host* far_host() override { return nullptr; }
  Loop& loop() override { return loop_; }
  const apps::Options& options() const override { return options_; }
  apps::Measures measure() override { return {}; }
  apps::Measures glance() override { return {}; }
  Result<void, std::string> finish() override { return {}; }

  const card::DriverCounters& driver_counters() const { return port_.driver().driver_counters(); }
  const transport::LinkCounters& link_counters() const { return link_.endpoint().counters(); }
  /// What has gone wrong on purpose.
  std::uint64_t frames_lost() const { return line_.to_linux().lost + line_.from_linux().lost; }
  std::uint64_t bytes_damaged() const { return chip_.uart().counters().injected; }

 private:
  bool pull_when_due();
  std::uint64_t uart_bytes() const { return chip_.uart().counters().sent + chip_.uart().counters().received; }

  apps::Options options_;
  sim::TapPeer<1> line_;
  sim::BoardOnUart card_;
  sim::Ft2232h chip_;
  sim::HostController usb_;
  sim::ModelByteLink bytes_;
  transport::SerialTransport link_;
  sim::SerialWorld world_;
  Loop loop_;
  CardPort port_;
  Host host_;
  std::uint64_t pull_at_bytes_ = 0;  ///< 0: not
  Duration away_{};
};

/// One file, one way.
struct BoardCarried {
  std::string problem;     ///< empty: equal data
  double simulated_s = 0;  ///< connect() to close()
  double wall_s = 0;
  std::uint64_t sent_again_by_linux = 0;  ///< segments
  std::uint64_t sent_again_by_us = 0;
};

/// progress: told of how many bytes have come, or have been acknowledged.
BoardCarried fetch_over(BoardLab& lab, LinuxFiles& files, const std::function<void(std::uint64_t)>& progress);
BoardCarried send_over(BoardLab& lab, LinuxFiles& files, const std::function<void(std::uint64_t)>& progress);

}  // namespace sockwire::interop
