// SPDX-License-Identifier: Apache-2.0
// Part of the stand-in for ap_int.h, which includes it: references to bits of a value.
#pragma once

#include <cassert>

/// Bits [high:low] of a value, an unsigned number. As an operand it counts as no wider than the whole, which makes no
/// difference where it is allowed.
template <int kBits, bool kIsSigned>
class ap_range_ref {
 public:
  typedef ap_int_base<kBits, kIsSigned> Whole;
  typedef typename ap_standin::Exact<kBits, false>::type Exact;

  // A range of a constant is of the same type as any, so that ?: can choose between them; it is only read.
  ap_range_ref(const Whole& whole, int high, int low) : whole_(const_cast<Whole&>(whole)), high_(high), low_(low) {
    assert(low >= 0 && low <= high && high < kBits && "a reversed range would reverse the bits");
  }
  ap_range_ref(const ap_range_ref&) = default;

  operator unsigned long long() const {  // NOLINT(google-explicit-constructor)
    return static_cast<unsigned long long>(standin_exact());
  }

  ap_range_ref& operator=(const ap_range_ref& other) { return assign(other); }
  template <typename T, typename = ap_standin::IfOperand<T>>
  ap_range_ref& operator=(const T& operand) {
    return assign(operand);
  }

  Exact standin_exact() const {
    return static_cast<Exact>((static_cast<ap_standin::Uint128>(whole_.standin_exact()) >> low_) & mask());
  }

 private:
  ap_standin::Uint128 mask() const { return ~static_cast<ap_standin::Uint128>(0) >> (127 - (high_ - low_)); }

  template <typename T>
  ap_range_ref& assign(const T& operand) {
    const ap_standin::Uint128 bits = static_cast<ap_standin::Uint128>(ap_standin::exact(operand)) & mask();
    const ap_standin::Uint128 others = static_cast<ap_standin::Uint128>(whole_.standin_exact()) & ~(mask() << low_);
    whole_ = Whole::standin_from(others | (bits << low_));
    return *this;
  }

  Whole& whole_;
  int high_;
  int low_;
};

/// One bit of a value.
template <int kBits, bool kIsSigned>
class ap_bit_ref {
 public:
  typedef ap_int_base<kBits, kIsSigned> Whole;

  ap_bit_ref(Whole& whole, int bit) : whole_(whole), bit_(bit) { assert(bit >= 0 && bit < kBits); }
  ap_bit_ref(const ap_bit_ref&) = default;

  operator bool() const { return standin_exact() != 0; }  // NOLINT(google-explicit-constructor)

  ap_bit_ref& operator=(const ap_bit_ref& other) { return assign(other); }
  template <typename T, typename = ap_standin::IfOperand<T>>
  ap_bit_ref& operator=(const T& operand) {
    return assign(operand);
  }

  long long standin_exact() const { return static_cast<long long>((whole_.standin_exact() >> bit_) & 1); }

 private:
  template <typename T>
  ap_bit_ref& assign(const T& operand) {
    const auto bit = ap_standin::exact(operand);
    assert((bit == 0 || bit == 1) && "a bit is set or cleared");
    whole_.range(bit_, bit_) = static_cast<int>(bit);
    return *this;
  }

  Whole& whole_;
  int bit_;
};
