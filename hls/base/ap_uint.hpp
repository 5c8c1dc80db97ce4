// SPDX-License-Identifier: Apache-2.0
// Fixed-width unsigned integers for kernels.
//
// Under clang (and so under hlsc) a value is an `unsigned _BitInt(N)`; under g++, which has none in C++, it is the
// smallest unsigned type that holds N bits, masked on every assignment. Both give the same bits because
// arithmetic never happens in the stored type: it happens in uint64_t (N <= 64) or unsigned __int128 (N <= 128), and
// an assignment to ap_uint<N> keeps the low N bits.
//
// Rules that keep a kernel valid for Vitis HLS too, whose ap_uint (used there) widens and narrows differently:
//   * widen before a left shift:            ap_uint<16>(byte) << 8, ap_uint<16>(x.range(7, 0)) << 8
//   * name the width of `a - b` and `~a` by assigning it before it is compared or widened.
//   * the two results of ?: are of one type:  c ? ap_uint<4>(x + 1) : ap_uint<4>(8)
//   * no C integer to the left of a shift by an ap_uint, no `long` (std::uint64_t) beside one: ap_uint<64>(hash) | x
// tests/hls/vitis holds kernels to them.
#pragma once

#if defined(__VITIS_HLS__) || defined(SOCKWIRE_AP_INT)

#include <ap_int.h>

#include <cstdint>

namespace sockwire {

using ::ap_uint;

}  // namespace sockwire

#else

#include <cstdint>
#include <type_traits>

namespace sockwire {

namespace detail {

__extension__ typedef unsigned __int128 uint128_t;

template <int kBits>
struct Storage {
  static_assert(kBits >= 1 && kBits <= 128, "ap_uint holds 1 to 128 bits");
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wbit-int-extension"  // that it is clang's own is the point of this branch
  typedef unsigned _BitInt(kBits) type;
#pragma clang diagnostic pop
#else
  typedef typename std::conditional<
      (kBits <= 8), std::uint8_t,
      typename std::conditional<
          (kBits <= 16), std::uint16_t,
          typename std::conditional<(kBits <= 32), std::uint32_t,
                                    typename std::conditional<(kBits <= 64), std::uint64_t, uint128_t>::type>::type>::
          type>::type type;
#endif
};

/// The type in which values of kBits bits are computed with.
template <int kBits>
struct Compute {
  typedef typename std::conditional<(kBits <= 64), std::uint64_t, uint128_t>::type type;
};

template <int kBits>
constexpr typename Compute<kBits>::type low_mask() {
  typedef typename Compute<kBits>::type Wide;
  return static_cast<Wide>(~static_cast<Wide>(0)) >> (static_cast<int>(8 * sizeof(Wide)) - kBits);
}

}  // namespace detail

template <int kBits>
class ap_uint;

/// An assignable view of bits [hi:lo] of an ap_uint, as `x.range(hi, lo) = v`.
template <int kBits>
class ap_range_ref {
 public:
  typedef typename detail::Compute<kBits>::type Wide;

  constexpr ap_range_ref(ap_uint<kBits>& target, int hi, int lo) : target_(target), hi_(hi), lo_(lo) {}
  constexpr ap_range_ref(const ap_range_ref&) = default;

  constexpr operator Wide() const { return (target_.value() >> lo_) & mask(); }  // NOLINT(google-explicit-constructor)

  constexpr ap_range_ref& operator=(Wide value) {
    target_ = static_cast<Wide>((target_.value() & ~(mask() << lo_)) | ((value & mask()) << lo_));
    return *this;
  }
  constexpr ap_range_ref& operator=(const ap_range_ref& other) { return *this = static_cast<Wide>(other); }

 private:
  constexpr Wide mask() const {
    return static_cast<Wide>(~static_cast<Wide>(0)) >> (static_cast<int>(8 * sizeof(Wide)) - 1 - (hi_ - lo_));
  }

  ap_uint<kBits>& target_;
  int hi_;
  int lo_;
};

/// An unsigned integer of exactly kBits bits, 1 to 128. Assignment keeps the low kBits bits.
template <int kBits>
class ap_uint {
 public:
  typedef typename detail::Storage<kBits>::type Storage;
  typedef typename detail::Compute<kBits>::type Wide;
  static constexpr int kWidth = kBits;

  constexpr ap_uint() = default;

  template <typename Integer, typename = typename std::enable_if<std::is_integral<Integer>::value ||
                                                                 std::is_same<Integer, detail::uint128_t>::value>::type>
  constexpr ap_uint(Integer value)  // NOLINT(google-explicit-constructor): as ap_int.h
      : value_(static_cast<Storage>(static_cast<Wide>(value) & detail::low_mask<kBits>())) {}

  template <int kOther>
  constexpr ap_uint(const ap_uint<kOther>& other)  // NOLINT(google-explicit-constructor): as ap_int.h
      : value_(static_cast<Storage>(static_cast<Wide>(other.value()) & detail::low_mask<kBits>())) {}

  template <int kOther>
  constexpr ap_uint(const ap_range_ref<kOther>& other)  // NOLINT(google-explicit-constructor): as ap_int.h
      : ap_uint(static_cast<typename ap_range_ref<kOther>::Wide>(other)) {}

  constexpr Wide value() const { return static_cast<Wide>(value_); }
  constexpr operator Wide() const { return value(); }  // NOLINT(google-explicit-constructor): as ap_int.h

  /// Bits [hi:lo], hi >= lo, both below kBits.
  constexpr Wide range(int hi, int lo) const {
    return (value() >> lo) &
           (static_cast<Wide>(~static_cast<Wide>(0)) >> (static_cast<int>(8 * sizeof(Wide)) - 1 - (hi - lo)));
  }
  constexpr ap_range_ref<kBits> range(int hi, int lo) { return ap_range_ref<kBits>(*this, hi, lo); }

  constexpr bool operator[](int bit) const { return ((value() >> bit) & 1) != 0; }
  constexpr ap_range_ref<kBits> operator[](int bit) { return ap_range_ref<kBits>(*this, bit, bit); }

  constexpr ap_uint& operator+=(Wide other) { return *this = ap_uint(static_cast<Wide>(value() + other)); }
  constexpr ap_uint& operator-=(Wide other) { return *this = ap_uint(static_cast<Wide>(value() - other)); }
  constexpr ap_uint& operator&=(Wide other) { return *this = ap_uint(static_cast<Wide>(value() & other)); }
  constexpr ap_uint& operator|=(Wide other) { return *this = ap_uint(static_cast<Wide>(value() | other)); }
  constexpr ap_uint& operator^=(Wide other) { return *this = ap_uint(static_cast<Wide>(value() ^ other)); }
  constexpr ap_uint& operator<<=(int bits) { return *this = ap_uint(static_cast<Wide>(value() << bits)); }
  constexpr ap_uint& operator>>=(int bits) { return *this = ap_uint(static_cast<Wide>(value() >> bits)); }
  constexpr ap_uint& operator++() { return *this += 1; }
  constexpr ap_uint& operator--() { return *this -= 1; }

 private:
  Storage value_ = 0;
};

}  // namespace sockwire

#endif
