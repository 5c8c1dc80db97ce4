// SPDX-License-Identifier: Apache-2.0
// The card's end of the serial link (hls/link/uart_link.hpp), whatever it is made of: the HLS C++ run directly, or the
// RTL that hlsc made, under Verilator. Both behave alike, cycle by cycle.
#pragma once

#include <cstdint>
#include <memory>

#include "hls/base/beat.hpp"
#include "hls/link/link_types.hpp"
#include "hls/link/phy_status.hpp"

namespace sockwire::sim {

/// What the link's surroundings drive during one cycle.
struct LinkInputs {
  std::uint64_t now_ns = 0;
  PhyStatus phy{};
  bool line_rx_valid = false;  ///< taken if LinkOutputs::line_rx_ready
  SerialByte line_rx{};
  bool line_busy = false;  ///< a byte is on its way out
  bool line_tx_ready = false;
  bool event_valid = false;  ///< taken if LinkOutputs::event_ready
  Beat<1> event{};
  bool command_ready = true;
};

/// What the link shows during one cycle. All of it are registers.
struct LinkOutputs {
  bool line_rx_ready = false;
  bool line_tx_valid = false;
  std::uint8_t line_tx = 0;
  bool event_ready = false;
  bool command_valid = false;
  Beat<1> command{};
  unsigned divisor = 0;          ///< clocks a bit
  unsigned counted = 0;          ///< bits of LinkCounter
  unsigned receive_counted = 0;  ///< bits of CoalescerCounter
  bool idle = false;             ///< it holds nothing
  /// Nothing happens until an input changes or `deadline_ns`, though it may hold something that cannot go on. A
  /// Verilated link says so only when it is idle.
  bool settled = false;
  std::uint64_t deadline_ns = ~0ULL;  ///< all ones for never
};

/// The kernels' deadline as a time: within half a round of the ticks from `now_ns`, and not before it.
inline std::uint64_t link_deadline_ns(bool valid, const LinkTicks& time, std::uint64_t now_ns) {
  if (!valid) return ~0ULL;
  const LinkTicks left = time - LinkTicks(now_ns >> kLinkTickLog2);
  if (left[19]) return now_ns;
  return ((now_ns >> kLinkTickLog2) + static_cast<std::uint64_t>(left)) << kLinkTickLog2;
}

/// The protocol of a cycle: look at outputs(), choose the inputs, step().
class LinkPort {
 public:
  virtual ~LinkPort() = default;
  virtual const LinkOutputs& outputs() const = 0;
  virtual void step(const LinkInputs& inputs) = 0;
};

std::unique_ptr<LinkPort> make_native_link();
std::unique_ptr<LinkPort> make_verilated_link();

}  // namespace sockwire::sim
