// SPDX-License-Identifier: Apache-2.0
// What may go wrong on a wire, and what did.
#pragma once

#include <cstdint>

namespace sockwire::sim {

/// The faults of one direction of a wire. Value-initialised it is a perfect wire without delay.
struct Impairments {
  double loss = 0;                    ///< probability that a frame vanishes
  std::uint64_t lose_frame = 0;       ///< the frame with this number, counted from 1, vanishes; 0: none
  double duplication = 0;             ///< probability that a frame arrives twice
  double reordering = 0;              ///< probability that a frame is overtaken by the next one to three
  double bit_error_rate = 0;          ///< per bit of data and of control (MII dv and er, XGMII control bits)
  std::uint64_t delay_ns = 0;         ///< on top of the cut-through time of one cycle
  std::uint64_t rate_bps = 0;         ///< a slower link in the path: its rate over preamble and frame; 0: as the line
  std::uint64_t hold_ns = 1'000'000;  ///< a frame to be overtaken leaves after this time if nothing follows
  std::uint32_t queue_frames = 1000;  ///< frames that wait for the line beyond these are dropped
};

/// Statistics of one direction. Every frame that enters is in `frames`, and every one that does not arrive once and in
/// its place is in one of the others.
struct WireCounters {
  std::uint64_t frames = 0;     ///< bursts of carrier that entered
  std::uint64_t delivered = 0;  ///< bursts that left, duplicates included
  std::uint64_t lost = 0;
  std::uint64_t duplicated = 0;
  std::uint64_t reordered = 0;
  std::uint64_t queue_drops = 0;
  std::uint64_t bit_errors = 0;   ///< bits flipped
  std::uint64_t busy_cycles = 0;  ///< cycles of carrier that left
};

}  // namespace sockwire::sim
