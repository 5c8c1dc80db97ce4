// SPDX-License-Identifier: Apache-2.0
// What is written over a header template for one segment: sequence and acknowledgement numbers, flags, window and
// timestamp echo (RFC 9293 3.1, RFC 7323 3.2), lengths and identification (RFC 791 3.1, RFC 8200 3, RFC 768). No
// process: functions of the assembler. Everything lies at even offsets, so a header is handled by its 16-bit words.
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/card/layout.hpp"
#include "hls/segment/tx_types.hpp"

namespace sockwire {

/// A SEND's parameters, as far as the assembler needs them. Offsets in 16-bit words.
struct HeaderFields {
  ap_uint<8> template_bytes = 0;
  ap_uint<7> l3_word = 0;
  ap_uint<7> l4_word = 0;
  ap_uint<7> tsecr_word = 0;
  ap_uint<16> pseudo_sum = 0;
  ap_uint<16> ip_id = 0;
  ap_uint<8> first_flags = 0;
  ap_uint<8> last_flags = 0;
};

/// Takes byte `index` of the parameters.
inline void take_parameter(HeaderFields& fields, const ap_uint<4>& index, const ap_uint<8>& byte) {
  if (index == card::send::kTemplateBytes) fields.template_bytes = byte;
  if (index == card::send::kL3Offset) fields.l3_word = byte.range(7, 1);
  if (index == card::send::kL4Offset) fields.l4_word = byte.range(7, 1);
  if (index == card::send::kTsecrOffset) fields.tsecr_word = byte.range(7, 1);
  if (index == card::send::kPseudoSum) fields.pseudo_sum.range(7, 0) = byte;
  if (index == card::send::kPseudoSum + 1) fields.pseudo_sum.range(15, 8) = byte;
  if (index == card::send::kIpId) fields.ip_id.range(7, 0) = byte;
  if (index == card::send::kIpId + 1) fields.ip_id.range(15, 8) = byte;
  if (index == card::send::kFirstFlags) fields.first_flags = byte;
  if (index == card::send::kLastFlags) fields.last_flags = byte;
}

/// The segment's own words, computed once for its header.
struct SegmentStamp {
  bool ipv6 = false;
  bool udp = false;
  bool soft = false;          ///< stamp the soft state
  ap_uint<16> l3_length = 0;  ///< IPv4 total length, or IPv6 payload length
  ap_uint<16> ip_id = 0;
  ap_uint<16> l4_length = 0;
  ap_uint<32> seq = 0;
  ap_uint<8> clear_flags = 0;  ///< TCP flags that this segment must not have
};

/// Word `word` of the header: the template's, or what is stamped over it. Words are numbers: first byte high.
inline ap_uint<16> stamped_word(const ap_uint<16>& original, const ap_uint<7>& word, const HeaderFields& fields,
                                const SegmentStamp& stamp, const SoftState& soft) {
  const ap_uint<7> in_l3 = ap_uint<7>(word - fields.l3_word);
  const ap_uint<7> in_l4 = ap_uint<7>(word - fields.l4_word);
  const ap_uint<7> in_tsecr = ap_uint<7>(word - fields.tsecr_word);
  const bool tcp = !stamp.udp;
  ap_uint<16> out = original;
  if (in_l3 == 1 && !stamp.ipv6) out = stamp.l3_length;
  if (in_l3 == 2) out = stamp.ipv6 ? stamp.l3_length : stamp.ip_id;
  if (in_l4 == 2 && stamp.udp) out = stamp.l4_length;
  if (in_l4 == 2 && tcp) out = stamp.seq.range(31, 16);
  if (in_l4 == 3 && tcp) out = stamp.seq.range(15, 0);
  if (in_l4 == 4 && tcp && stamp.soft) out = soft.rcv_nxt.range(31, 16);
  if (in_l4 == 5 && tcp && stamp.soft) out = soft.rcv_nxt.range(15, 0);
  if (in_l4 == 6 && tcp) out = original & ap_uint<16>(stamp.clear_flags ^ 0xFFFF);
  if (in_l4 == 7 && tcp && stamp.soft) out = soft.window;
  if (fields.tsecr_word != 0 && stamp.soft) {
    if (in_tsecr == 0) out = soft.tsecr.range(31, 16);
    if (in_tsecr == 1) out = soft.tsecr.range(15, 0);
  }
  return out;
}

/// Beat `beat` of the header. At width 1 a word's halves are stamped one after the other.
template <int kBytes>
inline ap_uint<8 * kBytes> stamped_beat(const ap_uint<8 * kBytes>& data, const ap_uint<8>& beat,
                                        const HeaderFields& fields, const SegmentStamp& stamp, const SoftState& soft) {
  ap_uint<8 * kBytes> out = data;
  if (kBytes == 1) {
    const ap_uint<16> both = ap_uint<16>((ap_uint<16>(data) << 8) | ap_uint<8>(data));
    const ap_uint<16> word = stamped_word(both, ap_uint<7>(beat >> 1), fields, stamp, soft);
    out = beat[0] ? word.range(7, 0) : word.range(15, 8);
    return out;
  }
  for (int i = 0; i + 1 < kBytes; i += 2) {
    const ap_uint<16> original =
        ap_uint<16>((ap_uint<16>(data.range(8 * i + 7, 8 * i)) << 8) | data.range(8 * i + 15, 8 * i + 8));
    const ap_uint<7> position = ap_uint<7>(beat * (kBytes / 2) + static_cast<unsigned>(i / 2));
    const ap_uint<16> word = stamped_word(original, position, fields, stamp, soft);
    out.range(8 * i + 7, 8 * i) = word.range(15, 8);
    out.range(8 * i + 15, 8 * i + 8) = word.range(7, 0);
  }
  return out;
}

}  // namespace sockwire
