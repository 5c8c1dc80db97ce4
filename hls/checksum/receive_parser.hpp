// SPDX-License-Identifier: Apache-2.0
// Parses received frames as they pass (Ethernet II, one 802.1Q tag, IPv4 with options, TCP, UDP), verifies the header
// and transport checksums (RFC 791, RFC 9293 3.1, RFC 768), and says what it found in a descriptor a few cycles behind
// a good frame's last beat. Frames whose last beat is bad have no descriptor.
//
// It looks at empty(), so that its pipeline drains when nothing follows; what it says does not depend on the schedule,
// but for the time.
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/base/stream.hpp"
#include "hls/card/layout.hpp"
#include "hls/top/ports.hpp"

namespace sockwire {

template <int kBytes>
struct ReceiveParserState;

/// now_ns: card time; the descriptor's time is that of the step that writes it, a constant number of cycles after the
/// last beat's if nothing stalls.
template <int kBytes>
void receive_parser(ReceiveParserState<kBytes>& state, stream<RxBeat<kBytes>>& frame_in, wire<ap_uint<64>>& now_ns,
                    stream<RxBeat<kBytes>>& frame_out, stream<RxDescriptor>& descriptor);

/// All that was found out about a frame but for its two sums.
struct ReceiveFacts {
  ap_uint<11> bytes = 0;
  bool vlan = false;
  bool ip = false;        ///< IPv4
  bool l3_bad = false;    ///< its version or lengths are impossible
  bool fragment = false;  ///< RFC 791: more fragments, or an offset
  bool tcp = false;       ///< or udp; the fields below hold for these only
  bool udp = false;
  bool l4_bad = false;    ///< lengths that do not fit
  bool unsummed = false;  ///< RFC 768: a checksum of zero says that there is none
  ap_uint<8> l4_offset = 0;
  ap_uint<8> payload_offset = 0;
};

namespace detail {

/// The descriptor, once the sums are known to be right or not.
inline RxDescriptor receive_descriptor(const ReceiveFacts& facts, bool l3_sum, bool l4_sum, const ap_uint<64>& now) {
  const bool l3_good = facts.ip && !facts.l3_bad && l3_sum;
  const bool transport = l3_good && !facts.fragment && (facts.tcp || facts.udp);
  const bool verified = transport && !(facts.udp && facts.unsummed && !facts.l4_bad);
  const bool l4_good = verified && !facts.l4_bad && l4_sum;
  RxDescriptor descriptor;
  descriptor.bytes = facts.bytes;
  descriptor.time_ns = now;
  // Bits in the order of card::ReceiveStatus.
  descriptor.status[0] = l3_good;
  descriptor.status[1] = facts.ip && !l3_good;
  descriptor.status[2] = l4_good;
  descriptor.status[3] = verified && !l4_good;
  descriptor.status[4] = l3_good && facts.fragment;
  descriptor.status[5] = facts.vlan;
  descriptor.status[6] = transport && facts.tcp;
  descriptor.status[7] = transport && facts.udp;
  descriptor.l4_offset = l3_good ? facts.l4_offset : ap_uint<8>(0);
  descriptor.payload_offset = transport && !facts.l4_bad ? facts.payload_offset : ap_uint<8>(0);
  return descriptor;
}

}  // namespace detail

static_assert(static_cast<int>(card::ReceiveStatus::kL3Good) == 1 << 0, "order of the status bits");
static_assert(static_cast<int>(card::ReceiveStatus::kL3Bad) == 1 << 1, "order of the status bits");
static_assert(static_cast<int>(card::ReceiveStatus::kL4Good) == 1 << 2, "order of the status bits");
static_assert(static_cast<int>(card::ReceiveStatus::kL4Bad) == 1 << 3, "order of the status bits");
static_assert(static_cast<int>(card::ReceiveStatus::kFragment) == 1 << 4, "order of the status bits");
static_assert(static_cast<int>(card::ReceiveStatus::kVlan) == 1 << 5, "order of the status bits");
static_assert(static_cast<int>(card::ReceiveStatus::kTcp) == 1 << 6, "order of the status bits");
static_assert(static_cast<int>(card::ReceiveStatus::kUdp) == 1 << 7, "order of the status bits");

}  // namespace sockwire

#include "hls/checksum/receive_parser_w1.hpp"
#include "hls/checksum/receive_parser_w8.hpp"
