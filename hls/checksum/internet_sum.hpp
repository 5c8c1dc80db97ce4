// SPDX-License-Identifier: Apache-2.0
// The Internet checksum (RFC 1071) in pieces that kernels are made of.
//
// A sum is kept in 26 bits and not folded while it grows: a frame has fewer than 2^10 16-bit words, so nothing is lost,
// and the recurrence is one plain addition. At the end it is folded twice (RFC 1071 section 2(3), deferred carries).
#pragma once

#include "hls/base/ap_uint.hpp"

namespace sockwire {

/// An unfolded one's-complement sum of up to 2^10 words.
typedef ap_uint<26> InternetSum;

/// The sum of one beat: the words that `keep` selects by byte, in network order (byte 0 is a word's high half).
/// `odd_first` is for width 1 only: whether the beat's byte is the low half of its word. Bytes that are not kept count
/// as zero, so a last odd byte is padded as RFC 1071 asks.
template <int kBytes>
inline ap_uint<18> beat_sum(const ap_uint<8 * kBytes>& data, const ap_uint<kBytes>& keep, bool odd_first) {
  ap_uint<18> sum = 0;
  for (int i = 0; i < kBytes; ++i) {
    const ap_uint<8> byte = keep[i] ? data.range(8 * i + 7, 8 * i) : 0;
    const bool low = kBytes == 1 ? odd_first : (i & 1) != 0;
    sum += low ? ap_uint<16>(byte) : ap_uint<16>(ap_uint<16>(byte) << 8);
  }
  return sum;
}

/// First fold: 26 bits to 17.
inline ap_uint<17> fold_once(const InternetSum& sum) {
  return ap_uint<17>(ap_uint<17>(sum.range(15, 0)) + ap_uint<17>(sum.range(25, 16)));
}

/// Second fold: 17 bits to 16. After fold_once() no further carry can come.
inline ap_uint<16> fold_again(const ap_uint<17>& sum) {
  return ap_uint<16>(ap_uint<16>(sum.range(15, 0)) + ap_uint<16>(sum.range(16, 16)));
}

/// The field's value: the complement of the folded sum.
inline ap_uint<16> checksum_of(const ap_uint<16>& folded) { return ap_uint<16>(folded ^ 0xFFFF); }

}  // namespace sockwire
