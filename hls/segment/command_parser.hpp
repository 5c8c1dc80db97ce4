// SPDX-License-Identifier: Apache-2.0
// Takes commands apart (hls/card/layout.hpp) and hands each part to the kernel that owns it. A message that is not well
// formed is swallowed whole and counted; it never stalls those that follow.
//
//   in   command          the host's messages, one packet each
//   in   template_done    one bit per queue entry, toggled by the assembler when it has done with the entry's template
//   in   lane_credit      control frames (7:0) and ACK frames (15:8) that have left the lane, as the events carry it
//   out  slot_command     SLOT, UPDATE, RELEASE, SEND and the progress of WRITE, to the segmenter
//   out  template_write   SEND bodies, to the assembler
//   out  payload_write    WRITE bodies, to the send buffer
//   out  lane_frame, lane_beat   FRAMEs, to the priority lane
//   out  register_request, hello_request
//   out  epoch            the current one
//   out  payload_credit   WRITE payload taken in, in units of 64 bytes, absolute; refused payload counts too
//   out  counters         card::Counter kCommandEpoch to kCommandOverrun, in that order
//
// HELLO is answered when the transmit queues have drained, so that nothing of the old epoch is in the way of the new.
#pragma once

#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"
#include "hls/segment/tx_types.hpp"

namespace sockwire {

constexpr int kCommandCounters = 4;

template <int kBytes>
struct CommandParserState;

template <int kBytes>
void command_parser(CommandParserState<kBytes>& state, mem<Ring, card::kSlots>& rings, stream<Beat<kBytes>>& command,
                    wire<ap_uint<16>>& template_done, wire<ap_uint<16>>& lane_credit, stream<SlotCommand>& slot_command,
                    stream<TemplateWrite<kBytes>>& template_write, stream<PayloadWrite<kBytes>>& payload_write,
                    stream<LaneFrame>& lane_frame, stream<LaneBeat<kBytes>>& lane_beat,
                    stream<RegisterRequest>& register_request, stream<HelloRequest>& hello_request,
                    wire<ap_uint<8>>& epoch, wire<ap_uint<16>>& payload_credit, pulse<kCommandCounters>& counters);

}  // namespace sockwire
