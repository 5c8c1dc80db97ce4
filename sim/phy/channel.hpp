// SPDX-License-Identifier: Apache-2.0
// The symbols between two PHYs' digital sides: MII nibbles at width 1, XGMII columns at width 8. Bits flip here.
#pragma once

#include <array>
#include <cstdint>

#include "sim/phy/line.hpp"
#include "sim/phy/random.hpp"

namespace sockwire::sim {

/// Decides which bits of the wire flip: draws the distance to the next error, not each bit.
class BitErrors {
 public:
  BitErrors(double rate, std::uint64_t seed) : rate_(rate), random_(seed), distance_(random_.trials_until(rate)) {}

  bool enabled() const { return rate_ > 0; }

  /// Lets `bits` bits pass. True if none of them flips: the caller need not look further.
  bool all_pass(int bits) {
    if (distance_ < static_cast<std::uint64_t>(bits)) return false;
    if (rate_ > 0) distance_ -= static_cast<std::uint64_t>(bits);
    return true;
  }

  /// A mask of the bits among the next `bits` (at most 72, lowest first) that flip, in two words.
  std::array<std::uint64_t, 2> flips(int bits);

  std::uint64_t count() const { return count_; }

 private:
  double rate_;
  Random random_;
  std::uint64_t distance_;
  std::uint64_t count_ = 0;
};

/// Four bits and their control, as on MII (IEEE 802.3 clause 22.2.2).
struct Nibble {
  std::uint8_t data = 0;
  bool valid = false;
  bool error = false;
};

/// Puts nibbles together to bytes again, as an MII receiver does: aligned by the SFD's nibble pair 5, D wherever it
/// falls, an odd nibble at the end reported as dribble.
class NibbleAssembler {
 public:
  void push(const Nibble& nibble);

  /// One cycle of the byte side; idle if nothing is ready. Call it once for every two nibbles.
  Line<1> pop();

  /// Between carriers with nothing left to say.
  bool quiet() const { return phase_ == Phase::kIdle && ready_ == 0; }

  /// In frame data on a byte boundary with nothing left to say: two valid nibbles would come out as they went in.
  bool transparent() const { return phase_ == Phase::kData && !half_ && ready_ == 0; }

 private:
  enum class Phase : std::uint8_t { kIdle, kPreamble, kData };

  void emit(const Line<1>& line);
  void push_valid(const Nibble& nibble);

  Phase phase_ = Phase::kIdle;
  bool half_ = false;  ///< `low_` waits for its other half
  Nibble low_{};
  std::uint8_t previous_ = 0;  ///< the last nibble of the preamble
  bool emitted_ = false;       ///< this carrier had at least one byte
  std::array<Line<1>, 8> queue_{};
  int ready_ = 0;
};

/// Carries one cycle's symbols and flips bits, in carrier and in the gap of 12 octets after it.
template <int kBytes>
class Channel;

template <>
class Channel<1> {
 public:
  Channel(double bit_error_rate, std::uint64_t seed) : errors_(bit_error_rate, seed) {}
  Line<1> carry(const Line<1>& in);
  bool quiet() const { return exposed_cycles_ == 0 && assembler_.quiet(); }
  std::uint64_t bit_errors() const { return errors_.count(); }

 private:
  BitErrors errors_;
  NibbleAssembler assembler_;
  int exposed_cycles_ = 0;  ///< of the gap, in which bits may still flip
};

template <>
class Channel<8> {
 public:
  Channel(double bit_error_rate, std::uint64_t seed) : errors_(bit_error_rate, seed) {}
  Line<8> carry(const Line<8>& in);
  bool quiet() const { return exposed_cycles_ == 0; }
  std::uint64_t bit_errors() const { return errors_.count(); }

 private:
  BitErrors errors_;
  int exposed_cycles_ = 0;
};

}  // namespace sockwire::sim
