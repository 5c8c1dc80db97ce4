// SPDX-License-Identifier: Apache-2.0
// Part of the stand-in for ap_int.h, which includes it: operators of two operands, of which one is an ap_int, an
// ap_uint, a range or a bit, and the other one too or a C integer.
#pragma once

template <typename A, typename B, typename = ap_standin::IfOperands<A, B>>
typename ap_standin::Results<A, B>::Sum operator+(const A& a, const B& b) {
  typedef typename ap_standin::Results<A, B>::Sum Result;
  typedef typename Result::Exact Exact;
  return Result::standin_from(static_cast<Exact>(ap_standin::exact(a)) + static_cast<Exact>(ap_standin::exact(b)));
}

template <typename A, typename B, typename = ap_standin::IfOperands<A, B>>
typename ap_standin::Results<A, B>::Difference operator-(const A& a, const B& b) {
  typedef typename ap_standin::Results<A, B>::Difference Result;
  typedef typename Result::Exact Exact;
  return Result::standin_from(static_cast<Exact>(ap_standin::exact(a)) - static_cast<Exact>(ap_standin::exact(b)));
}

template <typename A, typename B, typename = ap_standin::IfOperands<A, B>>
typename ap_standin::Results<A, B>::Product operator*(const A& a, const B& b) {
  typedef typename ap_standin::Results<A, B>::Product Result;
  typedef typename Result::Exact Exact;
  return Result::standin_from(static_cast<Exact>(ap_standin::exact(a)) * static_cast<Exact>(ap_standin::exact(b)));
}

template <typename A, typename B, typename = ap_standin::IfOperands<A, B>>
typename ap_standin::Results<A, B>::Quotient operator/(const A& a, const B& b) {
  return ap_standin::Results<A, B>::Quotient::standin_from(ap_standin::exact(a) / ap_standin::exact(b));
}

template <typename A, typename B, typename = ap_standin::IfOperands<A, B>>
typename ap_standin::Results<A, B>::Remainder operator%(const A& a, const B& b) {
  return ap_standin::Results<A, B>::Remainder::standin_from(ap_standin::exact(a) % ap_standin::exact(b));
}

template <typename A, typename B, typename = ap_standin::IfOperands<A, B>>
typename ap_standin::Results<A, B>::Bits operator&(const A& a, const B& b) {
  return ap_standin::Results<A, B>::Bits::standin_from(ap_standin::exact(a) & ap_standin::exact(b));
}

template <typename A, typename B, typename = ap_standin::IfOperands<A, B>>
typename ap_standin::Results<A, B>::Bits operator|(const A& a, const B& b) {
  return ap_standin::Results<A, B>::Bits::standin_from(ap_standin::exact(a) | ap_standin::exact(b));
}

template <typename A, typename B, typename = ap_standin::IfOperands<A, B>>
typename ap_standin::Results<A, B>::Bits operator^(const A& a, const B& b) {
  return ap_standin::Results<A, B>::Bits::standin_from(ap_standin::exact(a) ^ ap_standin::exact(b));
}

// ---- shifts: the left operand's width stays
// --------------------------------------------------------------------------

namespace ap_standin {

template <typename A>
struct Shifted {
  typedef ap_int_base<Operand<A>::kWidth, Operand<A>::kSigned> type;
};

}  // namespace ap_standin

template <typename A, typename B, typename = ap_standin::IfOperands<A, B>>
typename ap_standin::Shifted<A>::type operator<<(const A& a, const B& places) {
  static_assert(ap_standin::Operand<A>::kAp && ap_standin::Operand<A>::kValue,
                "name the width of what is shifted to the left: ap_uint<16>(x) << 8");
  return ap_standin::Shifted<A>::type::standin_from(
      ap_standin::shifted_left(ap_standin::exact(a), ap_standin::exact(places)));
}

template <typename A, typename B, typename = ap_standin::IfOperands<A, B>>
typename ap_standin::Shifted<A>::type operator>>(const A& a, const B& places) {
  static_assert(ap_standin::Operand<A>::kAp, "name the width of what is shifted: ap_uint<8>(0xFF) >> n");
  return ap_standin::Shifted<A>::type::standin_from(
      ap_standin::shifted_left(ap_standin::exact(a), -static_cast<ap_standin::Int128>(ap_standin::exact(places))));
}

template <int kBits, bool kIsSigned>
void operator~(const ap_range_ref<kBits, kIsSigned>&) = delete;  // name its width first
template <int kBits, bool kIsSigned>
void operator~(const ap_bit_ref<kBits, kIsSigned>&) = delete;

// ---- comparisons: of values
// ------------------------------------------------------------------------------------------

#define AP_STANDIN_COMPARISON(op)                                                       \
  template <typename A, typename B, typename = ap_standin::IfOperands<A, B>>            \
  bool operator op(const A& a, const B& b) {                                            \
    static_assert(ap_standin::Results<A, B>::kComparable,                               \
                  "whether this comparison is signed is not said: name a width first"); \
    return ap_standin::exact(a) op ap_standin::exact(b);                                \
  }
AP_STANDIN_COMPARISON(==)
AP_STANDIN_COMPARISON(!=)
AP_STANDIN_COMPARISON(<)
AP_STANDIN_COMPARISON(<=)
AP_STANDIN_COMPARISON(>)
AP_STANDIN_COMPARISON(>=)
#undef AP_STANDIN_COMPARISON
