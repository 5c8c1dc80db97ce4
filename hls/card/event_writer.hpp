// SPDX-License-Identifier: Apache-2.0
// Writes the event stream: HELLO, REGISTER, SENT, RECEIVE and CREDIT messages, each with the epoch and the credits as
// they are when it starts. A named arbiter: which event comes next depends on what is there first.
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/base/beat.hpp"
#include "hls/base/stream.hpp"
#include "hls/top/ports.hpp"

namespace sockwire {

template <int kBytes>
struct EventWriterState;

/// frame, descriptor: committed frames from packet_buffer. sent: departures from mac_tx; released: from the segmenter.
/// boot_id: constant. payload_credit: in units of 64 bytes; lane_credit: control frames in 7:0, ACK frames in 15:8.
/// busy: an event is being written.
template <int kBytes>
void event_writer(EventWriterState<kBytes>& state, stream<Beat<kBytes>>& frame, stream<RxDescriptor>& descriptor,
                  stream<Departure>& sent, stream<Departure>& released, stream<HelloRequest>& hello,
                  stream<RegisterReply>& reply, wire<ap_uint<32>>& boot_id, wire<ap_uint<8>>& epoch,
                  wire<ap_uint<16>>& payload_credit, wire<ap_uint<16>>& lane_credit, wire<ap_uint<64>>& now_ns,
                  stream<Beat<kBytes>>& events, wire<bool>& busy);

}  // namespace sockwire
