// SPDX-License-Identifier: Apache-2.0
// Whatever is plugged into the engine's line: a TAP device, another engine, or nothing at all.
#pragma once

#include <cstdint>

#include "hls/top/ports.hpp"

namespace sockwire::sim {

/// "Never" as a time in nanoseconds.
inline constexpr std::uint64_t kNeverNs = ~std::uint64_t{0};

/// What a line gives to an engine in a cycle. On a line that is slower than the engine's clock neither direction moves
/// in every cycle.
template <int kBytes>
struct LineInputs {
  LineInputs() = default;
  LineInputs(const Line<kBytes>& line) : rx(line) {}  // NOLINT(google-explicit-constructor): a line that always moves

  Line<kBytes> rx{};
  bool rx_enable = true;  ///< `rx` counts
  bool tx_enable = true;  ///< what the engine drives has been taken: it goes on
};

/// The far end of an engine's wire, as whoever steps the engine sees it.
///
/// In every cycle that is simulated: look at the engine's outputs, call exchange() once, give its result to the engine
/// as its inputs of the line, step. Cycles may be left out when the engine is idle and next_arrival_ns() is in the
/// future; the time that is passed next then simply is a later one.
template <int kBytes>
class LinePeer {
 public:
  virtual ~LinePeer() = default;

  /// One cycle at time now_ns (never earlier than at the call before): takes what the engine drives, returns what the
  /// engine sees.
  virtual LineInputs<kBytes> exchange(std::uint64_t now_ns, const Line<kBytes>& from_engine) = 0;

  /// When this side next has something to do while the engine's line stays idle: up to now (0 included) means "step
  /// every cycle", kNeverNs means that nothing is in flight.
  virtual std::uint64_t next_arrival_ns() const = 0;

  /// A file descriptor that becomes readable when the outside has something for the engine, to poll() on with the next
  /// deadline while the engine is idle; -1 if there is no outside.
  virtual int wait_fd() const { return -1; }

  /// Takes in what waits outside without blocking. Call it after poll() said so, and now and then (every few hundred
  /// cycles will do) while the engine is busy.
  virtual void poll_outside(std::uint64_t now_ns) { static_cast<void>(now_ns); }
};

/// Nothing is plugged in: the engine sees idle, and what it sends is gone.
template <int kBytes>
class UnpluggedLine final : public LinePeer<kBytes> {
 public:
  LineInputs<kBytes> exchange(std::uint64_t, const Line<kBytes>&) override { return {}; }
  std::uint64_t next_arrival_ns() const override { return kNeverNs; }
};

}  // namespace sockwire::sim
