// SPDX-License-Identifier: Apache-2.0
// A card behind a UART: the serial link's kernels at 120 MHz, the engine, and a line of 100 Mb/s. Sans-IO: bytes with
// their times on one side, a line peer on the other.
//
//   UART bytes --> link (120 MHz) --> commands --> engine (a clock a byte of the line: 12.5 MHz) --> line
//              <--                <-- events   <--                                               <--
//
// The board's engine runs at 120 MHz, too, and waits for its line nine clocks of ten. Here it does not: so a long
// campaign is bearable. What is left out is idle time alone: while neither end can go on, time jumps.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>

#include "hls/link/link_types.hpp"
#include "sim/dut/engine.hpp"
#include "sim/dut/link_port.hpp"
#include "sim/phy/line_peer.hpp"
#include "sim/usb/uart_line.hpp"

namespace sockwire::sim {

/// What a card is made of; asked for anew after each loss of power.
struct SerialCardParts {
  std::function<std::unique_ptr<LinkPort>()> link;
  std::function<std::unique_ptr<Engine<1>>()> engine;
};

/// The kernels run natively. Each engine that is made has the next boot id.
SerialCardParts native_card_parts(std::uint32_t first_boot_id);

class SerialCard final : public UartPeer {
 public:
  /// line: outlives the card. clock_ns: what its clock shows when the world's begins; no card's begins with that.
  SerialCard(SerialCardParts parts, LinePeer<1>& line, std::uint64_t clock_ns = 987'654'321'012);

  // --- the UART -----------------------------------------------------------------------------------------------------
  void on_byte(const UartByte& byte) override { in_.push_back(byte); }
  void advance(std::uint64_t now_ns) override;
  std::optional<UartByte> take_byte() override;
  std::uint64_t next_deadline_ns() const override;
  void on_power(bool on) override;

  /// As if its reset button were pressed.
  void reset();
  /// What its PHY says. From the start: a link, at the 100 Mb/s of its line, in full duplex. Frames pass in any case.
  void set_phy(const PhyStatus& phy);

  std::uint64_t counted(LinkCounter counter) const { return counted_[static_cast<unsigned>(counter)]; }
  std::uint64_t counted(CoalescerCounter counter) const { return receive_counted_[static_cast<unsigned>(counter)]; }
  std::uint32_t baud() const;

 private:
  void step_link();
  void step_engine();
  std::uint64_t link_wakes_ns() const;
  std::uint64_t engine_wakes_ns() const;

  SerialCardParts parts_;
  LinePeer<1>& line_;
  std::uint64_t clock_ns_;
  bool powered_ = true;
  PhyStatus phy_{true, true, true, true};
  bool phy_news_ = false;  ///< the link has not seen it yet
  std::unique_ptr<LinkPort> link_;
  std::unique_ptr<Engine<1>> engine_;

  std::uint64_t now_ns_ = 0;
  std::uint64_t outside_ns_ = 0;    ///< looked at last
  std::uint64_t link_cycle_ = 0;    ///< the next one
  std::uint64_t engine_cycle_ = 0;  ///< the next one
  unsigned engine_idle_ = 0;        ///< cycles
  std::deque<UartByte> in_;
  std::deque<UartByte> out_;  ///< begun; taken when they have ended
  UartPacer pacer_;
  std::uint64_t line_free_ns_ = 0;  ///< the byte that is being sent ends
  std::deque<Beat<1>> commands_;
  std::deque<Beat<1>> events_;
  std::array<std::uint64_t, kLinkCounters> counted_{};
  std::array<std::uint64_t, kCoalescerCounters> receive_counted_{};
};

}  // namespace sockwire::sim
