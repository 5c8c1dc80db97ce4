// SPDX-License-Identifier: Apache-2.0
// A cable between two modules that speak whole frames (tlm_card.hpp): it loses some, and the others take their time.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <systemc>
#include <tlm>
#include <vector>

#include "sim/phy/random.hpp"
#include "tlm_utils/simple_initiator_socket.h"
#include "tlm_utils/simple_target_socket.h"

namespace sockwire::sim {

struct FrameCableSettings {
  double loss = 0;               ///< probability that a frame vanishes
  std::uint64_t lose_frame = 0;  ///< in each direction the frame with this number, counted from 1, vanishes; 0: none
  std::uint64_t delay_ns = 0;
  std::uint64_t seed = 1;
};

/// One direction.
struct FrameCableCounters {
  std::uint64_t frames = 0;
  std::uint64_t lost = 0;
  std::uint64_t queue_drops = 0;  ///< kFramesMax were on their way
  std::uint64_t refused = 0;      ///< by whoever is at the far end
};

class FrameCable final : public sc_core::sc_module {
 public:
  static constexpr std::size_t kFramesMax = 4096;

  /// End 0 and end 1. What comes in at one leaves at the other.
  tlm_utils::simple_target_socket_tagged<FrameCable> in[2];
  tlm_utils::simple_initiator_socket_tagged<FrameCable> out[2];

  SC_HAS_PROCESS(FrameCable);
  FrameCable(const sc_core::sc_module_name& name, const FrameCableSettings& settings);

  /// Of what came in at this end.
  const FrameCableCounters& counters(int end) const { return directions_.at(static_cast<std::size_t>(end)).counters; }

 private:
  struct Frame {
    sc_core::sc_time arrival;
    std::vector<std::uint8_t> bytes;
  };
  struct Direction {
    std::deque<Frame> frames;
    FrameCableCounters counters;
    Random random{1};
  };
  void take(int end, tlm::tlm_generic_payload& access, sc_core::sc_time& delay);
  void deliver();

  FrameCableSettings settings_;
  std::array<Direction, 2> directions_;
  sc_core::sc_event due_;
};

}  // namespace sockwire::sim
