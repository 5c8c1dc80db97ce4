// SPDX-License-Identifier: Apache-2.0
#include "sim/phy/channel.hpp"

#include <cassert>

namespace sockwire::sim {

std::array<std::uint64_t, 2> BitErrors::flips(int bits) {
  std::array<std::uint64_t, 2> mask{};
  auto position = distance_;
  while (position < static_cast<std::uint64_t>(bits)) {
    mask[position / 64] |= std::uint64_t{1} << (position % 64);
    ++count_;
    const auto skip = random_.trials_until(rate_);
    position = skip > ~std::uint64_t{0} - position - 1 ? ~std::uint64_t{0} : position + 1 + skip;
  }
  distance_ = position - static_cast<std::uint64_t>(bits);
  return mask;
}

void NibbleAssembler::emit(const Line<1>& line) {
  // At most one byte for two nibbles and one end per carrier: it stays short, because the gap drains it. A burst of
  // errors that would overflow it loses its last cycle, as an elastic buffer would.
  if (ready_ < static_cast<int>(queue_.size())) queue_[static_cast<std::size_t>(ready_++)] = line;
}

void NibbleAssembler::push(const Nibble& nibble) {
  if (nibble.valid) {
    push_valid(nibble);
    return;
  }
  if (phase_ != Phase::kIdle) {
    Line<1> end;
    end.dribble = half_ && emitted_;
    end.error = nibble.error;
    if (emitted_) emit(end);
    phase_ = Phase::kIdle;
    half_ = false;
    return;
  }
  if (nibble.error) {  // false carrier (clause 22.2.2.10): once for two nibbles is enough
    Line<1> false_carrier;
    false_carrier.error = true;
    if (ready_ == 0) emit(false_carrier);
  }
}

void NibbleAssembler::push_valid(const Nibble& nibble) {
  if (phase_ == Phase::kIdle) {
    phase_ = Phase::kPreamble;
    half_ = false;
    emitted_ = false;
    previous_ = 0;
  }
  if (phase_ == Phase::kPreamble && nibble.data == 0xD && previous_ == 0x5) {
    // The start of frame delimiter sets the byte boundary, whichever nibble it came in.
    Line<1> start;
    start.data = kStartOfFrame;
    start.valid = true;
    start.error = nibble.error;
    emit(start);
    emitted_ = true;
    phase_ = Phase::kData;
    half_ = false;
    return;
  }
  previous_ = nibble.data;
  if (!half_) {
    low_ = nibble;
    half_ = true;
    return;
  }
  Line<1> byte;
  byte.data = static_cast<std::uint8_t>(low_.data | nibble.data << 4);
  byte.valid = true;
  byte.error = low_.error || nibble.error;
  emit(byte);
  emitted_ = true;
  half_ = false;
}

Line<1> NibbleAssembler::pop() {
  if (ready_ == 0) return {};
  const Line<1> first = queue_[0];
  --ready_;
  for (int i = 0; i < ready_; ++i) queue_[static_cast<std::size_t>(i)] = queue_[static_cast<std::size_t>(i) + 1];
  return first;
}

Line<1> Channel<1>::carry(const Line<1>& in) {
  constexpr int kBitsPerNibble = 6;
  const bool carrier = in.valid || in.error;
  std::uint64_t flips = 0;
  if (errors_.enabled()) {
    if (carrier) {
      exposed_cycles_ = kGapCycles<1>;
    } else if (exposed_cycles_ > 0) {
      --exposed_cycles_;
    }
    if ((carrier || exposed_cycles_ > 0) && !errors_.all_pass(2 * kBitsPerNibble)) {
      flips = errors_.flips(2 * kBitsPerNibble)[0];
    }
  }
  if (flips == 0) {
    if (in.valid && assembler_.transparent()) return in;
    if (!carrier && assembler_.quiet()) return {};
  }
  for (int i = 0; i < 2; ++i) {
    const auto flip = flips >> (kBitsPerNibble * i);
    Nibble nibble;
    nibble.data = static_cast<std::uint8_t>(((in.data >> (4 * i)) ^ flip) & 0xF);
    nibble.valid = in.valid != ((flip >> 4 & 1) != 0);
    nibble.error = in.error != ((flip >> 5 & 1) != 0);
    assembler_.push(nibble);
  }
  return assembler_.pop();
}

Line<8> Channel<8>::carry(const Line<8>& in) {
  constexpr int kBits = 72;
  if (!errors_.enabled()) return in;
  if (!is_idle(in)) {
    exposed_cycles_ = kGapCycles<8>;
  } else if (exposed_cycles_ > 0) {
    --exposed_cycles_;
  } else {
    return in;
  }
  if (errors_.all_pass(kBits)) return in;
  const auto flips = errors_.flips(kBits);
  Line<8> out = in;
  out.data ^= flips[0];
  out.control ^= flips[1];
  return out;
}

}  // namespace sockwire::sim
