// SPDX-License-Identifier: Apache-2.0
// A board's SystemC platform as what is wired to a chip's UART: the chip's time is SystemC's.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <systemc>
#include <utility>

#include "sim/phy/line_peer.hpp"
#include "sim/usb/uart_line.hpp"

namespace sockwire::sim {

/// How fast the crystals are, in parts per million; a good Ethernet's is within 100 (IEEE 802.3 clause 22.2.2.1).
struct BoardClocks {
  double board_ppm = 0;  ///< against the chip's and the world's time
  double peer_ppm = 0;   ///< of what comes from the other end of the network cable
};

/// Board: ArtyBoard or TenBaseTBoard.
template <typename Board>
class BoardOn final : public UartPeer {
 public:
  /// line: outlives it. chip_baud: the rate at which the chip sends and listens. more: of the board.
  template <typename... More>
  BoardOn(LinePeer<1>& line, const BoardClocks& clocks, std::function<std::uint32_t()> chip_baud, More&&... more)
      : board_("arty", line, clocks, std::forward<More>(more)...), line_(line), chip_baud_(std::move(chip_baud)) {
    sc_core::sc_start(sc_core::sc_time(100, sc_core::SC_PS));  // elaborates; the reset is on
    board_.hold_reset(false);
  }

  Board& board() { return board_; }

  void on_byte(const UartByte& byte) override { board_.uart().send(byte); }
  void advance(std::uint64_t now_ns) override {
    if (now_ns >= outside_ns_ + kLookNs) {
      outside_ns_ = now_ns;
      line_.poll_outside(now_ns);
    }
    if (const std::uint32_t baud = chip_baud_(); baud != 0) board_.uart().listen_at(baud);
    const sc_core::sc_time then(static_cast<double>(now_ns), sc_core::SC_NS);
    if (then > sc_core::sc_time_stamp()) sc_core::sc_start(then - sc_core::sc_time_stamp());
    now_ns_ = now_ns;
  }
  std::optional<UartByte> take_byte() override { return board_.uart().take(); }
  /// The RTL never rests: it is looked at in every microsecond.
  std::uint64_t next_deadline_ns() const override { return now_ns_ + 1000; }
  /// At once, so that a cable that is back in the same moment has been away.
  void on_power(bool on) override {
    board_.hold_reset(!on);
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
  }

 private:
  /// Between two looks at what is outside, behind a line that has one.
  static constexpr std::uint64_t kLookNs = 10'000;

  Board board_;
  LinePeer<1>& line_;
  std::function<std::uint32_t()> chip_baud_;
  std::uint64_t now_ns_ = 0;
  std::uint64_t outside_ns_ = 0;  ///< when what is outside the line was looked at
};

}  // namespace sockwire::sim
