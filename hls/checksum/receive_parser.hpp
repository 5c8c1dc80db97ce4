// SPDX-License-Identifier: Apache-2.0
// Parses received frames as they pass (Ethernet II, one 802.1Q tag, IPv4 with options, TCP, UDP), verifies the header
// and transport checksums (RFC 791, RFC 9293 3.1, RFC 768), and says so in a descriptor that leaves with a good frame's
// last beat. Frames whose last beat is bad have no descriptor. A plain kernel: it waits for nothing but its streams.
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/base/stream.hpp"
#include "hls/top/ports.hpp"

namespace sockwire {

template <int kBytes>
struct ReceiveParserState;

/// now_ns: card time; the descriptor's time is that of the last beat's step.
template <int kBytes>
void receive_parser(ReceiveParserState<kBytes>& state, stream<RxBeat<kBytes>>& frame_in, wire<ap_uint<64>>& now_ns,
                    stream<RxBeat<kBytes>>& frame_out, stream<RxDescriptor>& descriptor);

}  // namespace sockwire
