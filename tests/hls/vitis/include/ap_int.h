// SPDX-License-Identifier: Apache-2.0
// A stand-in for the ap_int.h of AMD Vitis HLS, made from its documented semantics alone (UG1399, "C++ Arbitrary
// Precision Integer Types"), so that a kernel which would mean something else there is found here:
//
//   a + b          one bit more than the wider operand; signed if either is
//   a - b          likewise, and always signed
//   a * b          as many bits as both have together
//   a / b, a % b   the dividend's width (and one if the divisor is signed); the narrower of both
//   a & b          the wider operand's width; unsigned only if both are
//   ~a, a << n     the width of a, so what is shifted out is lost. A negative n shifts the other way
//   a < b          compares values
//   x = a          extends by a's own sign, or drops high bits
//
// A C type counts as an ap_int or ap_uint of its own width. Results convert to each other both ways, so the two results
// of ?: have to be of one type. A default-constructed value is not initialised.
//
// It is stricter than the real one on purpose. What the manual leaves open does not compile here: `long` as an operand
// (32 bits by the manual, 64 by the machine), ~ and << of a range or a bit (whose width?), C integers on the left of a
// shift, and the comparison of a signed with an unsigned value that is as wide. Values of up to 127 bits are enough.
#pragma once

#include <cassert>
#include <type_traits>

template <int kBits, bool kIsSigned>
class ap_int_base;
template <int kBits>
struct ap_int;
template <int kBits>
struct ap_uint;
template <int kBits, bool kIsSigned>
class ap_range_ref;
template <int kBits, bool kIsSigned>
class ap_bit_ref;

namespace ap_standin {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 Uint128;

/// A type that holds every value of kBits bits, as a plain signed number.
template <int kBits, bool kIsSigned>
struct Exact {
  static constexpr int kNeeded = kIsSigned ? kBits : kBits + 1;
  static_assert(kBits >= 1 && kNeeded <= 128, "the stand-in's values have 1 to 127 bits");
  typedef typename std::conditional<(kNeeded <= 64), long long, Int128>::type type;
};

/// The low kBits bits of a number, read as a signed or an unsigned one.
template <int kBits, bool kIsSigned, typename Number>
typename Exact<kBits, kIsSigned>::type wrap(Number number) {
  typedef typename Exact<kBits, kIsSigned>::type Result;
  constexpr bool kShort = sizeof(Number) <= 8 && sizeof(Result) <= 8;
  typedef typename std::conditional<kShort, unsigned long long, Uint128>::type Bits;
  constexpr Bits kMask = static_cast<Bits>(~static_cast<Bits>(0)) >> (static_cast<int>(8 * sizeof(Bits)) - kBits);
  Bits bits = static_cast<Bits>(number) & kMask;
  if (kIsSigned && ((bits >> (kBits - 1)) & 1) != 0) bits |= static_cast<Bits>(~kMask);
  return static_cast<Result>(bits);
}

/// The C type that a value converts to by itself: one that holds it, but of 64 bits at most.
template <int kBits, bool kIsSigned>
struct CType {
  typedef typename std::conditional<
      (kBits <= 8), signed char,
      typename std::conditional<(kBits <= 16), short,
                                typename std::conditional<(kBits <= 32), int, long long>::type>::type>::type Signed;
  typedef typename std::conditional<kIsSigned, Signed, typename std::make_unsigned<Signed>::type>::type type;
};

/// What may stand in an expression: its width and sign. kAp: one of this header's types. kSaid: the manual says how
/// wide it is. kValue: no reference into another one.
template <int kBits, bool kIsSigned, bool kIsAp, bool kIsSaid = true, bool kIsValue = true>
struct OperandOf {
  static constexpr bool kIs = true;
  static constexpr bool kAp = kIsAp;
  static constexpr bool kSaid = kIsSaid;
  static constexpr bool kValue = kIsValue;
  static constexpr int kWidth = kBits;
  static constexpr bool kSigned = kIsSigned;
};

template <typename T>
struct Operand {
  static constexpr bool kIs = false;
  static constexpr bool kAp = false;
};
template <int kBits, bool kIsSigned>
struct Operand<ap_int_base<kBits, kIsSigned>> : OperandOf<kBits, kIsSigned, true> {};
template <int kBits>
struct Operand<ap_int<kBits>> : OperandOf<kBits, true, true> {};
template <int kBits>
struct Operand<ap_uint<kBits>> : OperandOf<kBits, false, true> {};
template <int kBits, bool kIsSigned>
struct Operand<ap_range_ref<kBits, kIsSigned>> : OperandOf<kBits, false, true, true, false> {};
template <int kBits, bool kIsSigned>
struct Operand<ap_bit_ref<kBits, kIsSigned>> : OperandOf<1, false, true, true, false> {};
template <>
struct Operand<bool> : OperandOf<1, false, false> {};
template <>
struct Operand<char> : OperandOf<8, std::is_signed<char>::value, false> {};
template <>
struct Operand<signed char> : OperandOf<8, true, false> {};
template <>
struct Operand<unsigned char> : OperandOf<8, false, false> {};
template <>
struct Operand<short> : OperandOf<16, true, false> {};
template <>
struct Operand<unsigned short> : OperandOf<16, false, false> {};
template <>
struct Operand<int> : OperandOf<32, true, false> {};
template <>
struct Operand<unsigned> : OperandOf<32, false, false> {};
template <>
struct Operand<long> : OperandOf<8 * sizeof(long), true, false, false> {};
template <>
struct Operand<unsigned long> : OperandOf<8 * sizeof(long), false, false, false> {};
template <>
struct Operand<long long> : OperandOf<64, true, false> {};
template <>
struct Operand<unsigned long long> : OperandOf<64, false, false> {};

template <typename T>
typename std::enable_if<Operand<T>::kAp, typename Exact<Operand<T>::kWidth, Operand<T>::kSigned>::type>::type exact(
    const T& operand) {
  return operand.standin_exact();
}
template <typename T>
typename std::enable_if<!Operand<T>::kAp, typename Exact<Operand<T>::kWidth, Operand<T>::kSigned>::type>::type exact(
    const T& operand) {
  return operand;
}

/// A type only if T may stand in an expression / if A and B may, together, in one of this header's.
template <typename T>
using IfOperand = typename std::enable_if<Operand<T>::kIs>::type;
template <typename A, typename B>
using IfOperands =
    typename std::enable_if<Operand<A>::kIs && Operand<B>::kIs && (Operand<A>::kAp || Operand<B>::kAp)>::type;

constexpr int larger(int a, int b) { return a > b ? a : b; }
constexpr int smaller(int a, int b) { return a < b ? a : b; }

/// The types of the results of an operator's two operands.
template <typename A, typename B>
struct Results {
  typedef Operand<A> Left;
  typedef Operand<B> Right;
  static_assert(Left::kSaid && Right::kSaid, "how wide `long` is depends on whom you ask: name a width");

  static constexpr bool kSigned = Left::kSigned || Right::kSigned;
  static constexpr int kWider = larger(Left::kWidth, Right::kWidth);
  // An unsigned operand among signed ones needs a bit for the sign.
  static constexpr int kLeft = Left::kWidth + (kSigned && !Left::kSigned ? 1 : 0);
  static constexpr int kRight = Right::kWidth + (kSigned && !Right::kSigned ? 1 : 0);
  static constexpr int kRemainder = !Right::kSigned && Left::kSigned ? smaller(Left::kWidth, Right::kWidth + 1)
                                                                     : smaller(Left::kWidth, Right::kWidth);
  static constexpr bool kComparable = Left::kSigned == Right::kSigned || !Left::kAp || !Right::kAp ||
                                      (Left::kSigned ? Left::kWidth > Right::kWidth : Right::kWidth > Left::kWidth);

  typedef ap_int_base<larger(kLeft, kRight) + 1, kSigned> Sum;
  typedef ap_int_base<larger(kLeft, kRight) + 1, true> Difference;
  typedef ap_int_base<Left::kWidth + Right::kWidth, kSigned> Product;
  typedef ap_int_base<Left::kWidth + (Right::kSigned ? 1 : 0), kSigned> Quotient;
  typedef ap_int_base<kRemainder, Left::kSigned> Remainder;
  typedef ap_int_base<kWider, kSigned> Bits;
};

/// `number` times 2^places, downwards rounded: what a shift of so many places means.
template <typename Number>
Number shifted_left(Number number, Int128 places) {
  constexpr int kHeld = static_cast<int>(8 * sizeof(Number));
  if (places >= kHeld) return 0;
  if (places <= -kHeld) return number < 0 ? -1 : 0;
  if (places >= 0) {
    typedef typename std::conditional<(kHeld <= 64), unsigned long long, Uint128>::type Bits;
    return static_cast<Number>(static_cast<Bits>(number) << static_cast<int>(places));
  }
  return static_cast<Number>(number >> static_cast<int>(-places));
}

}  // namespace ap_standin

/// The value of an ap_int or ap_uint, and the type of every result.
template <int kBits, bool kIsSigned>
class ap_int_base {
 public:
  typedef typename ap_standin::Exact<kBits, kIsSigned>::type Exact;
  typedef typename ap_standin::CType<kBits, kIsSigned>::type C;
  static constexpr int width = kBits;

  ap_int_base() {}  // NOLINT(modernize-use-equals-default): not initialised, not even by {}
  template <typename T, typename = ap_standin::IfOperand<T>>
  ap_int_base(const T& operand)  // NOLINT(google-explicit-constructor)
      : value_(static_cast<Stored>(ap_standin::wrap<kBits, kIsSigned>(ap_standin::exact(operand)))) {}

  operator C() const { return static_cast<C>(value_); }  // NOLINT(google-explicit-constructor)
  int to_int() const { return static_cast<int>(value_); }
  unsigned to_uint() const { return static_cast<unsigned>(value_); }
  long long to_int64() const { return static_cast<long long>(value_); }
  unsigned long long to_uint64() const { return static_cast<unsigned long long>(value_); }
  bool to_bool() const { return value_ != 0; }
  int length() const { return kBits; }

  ap_range_ref<kBits, kIsSigned> range(int high, int low) const { return {*this, high, low}; }
  ap_range_ref<kBits, kIsSigned> operator()(int high, int low) const { return {*this, high, low}; }
  ap_bit_ref<kBits, kIsSigned> operator[](int bit) { return {*this, bit}; }
  bool operator[](int bit) const {
    assert(bit >= 0 && bit < kBits);
    return ((standin_exact() >> bit) & 1) != 0;
  }

  template <typename T>
  ap_int_base& operator+=(const T& operand) {
    return *this = ap_int_base(*this + operand);
  }
  template <typename T>
  ap_int_base& operator-=(const T& operand) {
    return *this = ap_int_base(*this - operand);
  }
  template <typename T>
  ap_int_base& operator*=(const T& operand) {
    return *this = ap_int_base(*this * operand);
  }
  template <typename T>
  ap_int_base& operator/=(const T& operand) {
    return *this = ap_int_base(*this / operand);
  }
  template <typename T>
  ap_int_base& operator%=(const T& operand) {
    return *this = ap_int_base(*this % operand);
  }
  template <typename T>
  ap_int_base& operator&=(const T& operand) {
    return *this = ap_int_base(*this & operand);
  }
  template <typename T>
  ap_int_base& operator|=(const T& operand) {
    return *this = ap_int_base(*this | operand);
  }
  template <typename T>
  ap_int_base& operator^=(const T& operand) {
    return *this = ap_int_base(*this ^ operand);
  }
  template <typename T>
  ap_int_base& operator<<=(const T& places) {
    return *this = *this << places;
  }
  template <typename T>
  ap_int_base& operator>>=(const T& places) {
    return *this = *this >> places;
  }
  ap_int_base& operator++() { return *this += 1; }
  ap_int_base& operator--() { return *this -= 1; }

  ap_int_base operator~() const { return standin_from(~standin_exact()); }
  ap_int_base<kBits + (kIsSigned ? 0 : 1), true> operator-() const {
    typedef ap_int_base<kBits + (kIsSigned ? 0 : 1), true> Negative;
    return Negative::standin_from(-static_cast<typename Negative::Exact>(standin_exact()));
  }

  // The stand-in's own, for its operators.
  Exact standin_exact() const { return static_cast<Exact>(value_); }
  template <typename Number>
  static ap_int_base standin_from(Number number) {
    ap_int_base result;
    result.value_ = static_cast<Stored>(ap_standin::wrap<kBits, kIsSigned>(number));
    return result;
  }

 private:
  typedef typename std::conditional<(kBits <= 64), C, Exact>::type Stored;

  Stored value_;
};

template <int kBits>
struct ap_int : ap_int_base<kBits, true> {
  ap_int() {}  // NOLINT(modernize-use-equals-default): see ap_int_base
  template <typename T, typename = ap_standin::IfOperand<T>>
  ap_int(const T& operand) : ap_int_base<kBits, true>(operand) {}  // NOLINT(google-explicit-constructor)
};

template <int kBits>
struct ap_uint : ap_int_base<kBits, false> {
  ap_uint() {}  // NOLINT(modernize-use-equals-default): see ap_int_base
  template <typename T, typename = ap_standin::IfOperand<T>>
  ap_uint(const T& operand) : ap_int_base<kBits, false>(operand) {}  // NOLINT(google-explicit-constructor)
};

#include "ap_int_operators.h"
#include "ap_int_ref.h"
