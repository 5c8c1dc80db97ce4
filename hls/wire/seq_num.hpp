// SPDX-License-Identifier: Apache-2.0
// A TCP sequence number: 32 bits that wrap, compared over half the circle (RFC 9293 3.4).
#pragma once

#include <cstdint>

namespace sockwire {

/// A point in the sequence space. Differences are signed: `a < b` means that b is reached from a by going forward less
/// than 2^31. C++14, so that kernels may use it.
class SeqNum {
 public:
  constexpr SeqNum() : value_(0) {}
  constexpr explicit SeqNum(std::uint32_t value) : value_(value) {}

  constexpr std::uint32_t value() const { return value_; }

  constexpr SeqNum& operator+=(std::uint32_t bytes) {
    value_ += bytes;
    return *this;
  }
  constexpr SeqNum& operator++() { return *this += 1; }

  friend constexpr SeqNum operator+(SeqNum a, std::uint32_t bytes) { return SeqNum(a.value_ + bytes); }
  friend constexpr SeqNum operator-(SeqNum a, std::uint32_t bytes) { return SeqNum(a.value_ - bytes); }
  /// Bytes from b forward to a, modulo 2^32. Precondition for a meaningful answer: b <= a.
  friend constexpr std::uint32_t operator-(SeqNum a, SeqNum b) { return a.value_ - b.value_; }

  friend constexpr bool operator==(SeqNum a, SeqNum b) { return a.value_ == b.value_; }
  friend constexpr bool operator!=(SeqNum a, SeqNum b) { return a.value_ != b.value_; }
  friend constexpr bool operator<(SeqNum a, SeqNum b) { return ((a.value_ - b.value_) >> 31) != 0; }
  friend constexpr bool operator>(SeqNum a, SeqNum b) { return b < a; }
  friend constexpr bool operator<=(SeqNum a, SeqNum b) { return !(b < a); }
  friend constexpr bool operator>=(SeqNum a, SeqNum b) { return !(a < b); }

 private:
  std::uint32_t value_;
};

/// The later / earlier of two points less than 2^31 apart.
constexpr SeqNum seq_max(SeqNum a, SeqNum b) { return a < b ? b : a; }
constexpr SeqNum seq_min(SeqNum a, SeqNum b) { return a < b ? a : b; }

}  // namespace sockwire
