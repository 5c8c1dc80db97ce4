// SPDX-License-Identifier: Apache-2.0
// Makes segments' frames: the header template with this segment's fields stamped in, then its payload, merged in one
// beat where they meet. A named arbiter: it owns the templates' memory, so templates come in whatever the output does.
//
//   in   template_write   SEND bodies from the parser; always taken at once
//   in   plan             segments from the segmenter
//   in   soft             soft state of the slot in soft_request
//   in   payload          beats from the send buffer, as asked for
//   out  payload_read
//   out  frame, frame_info   to the priority lane; frame_info no later than the first beat
//   out  soft_request     to the segmenter
//   out  template_done    one bit per queue entry, toggled when the entry is free again
//   out  busy             a segment is being assembled
#pragma once

#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"
#include "hls/segment/tx_types.hpp"

namespace sockwire {

constexpr int kTemplateEntryBytes = 256;

template <int kBytes>
struct AssemblerState;

template <int kBytes>
void assembler(AssemblerState<kBytes>& state,
               bram<ap_uint<8 * kBytes>, kQueueEntries * kTemplateEntryBytes / kBytes>& templates,
               stream<TemplateWrite<kBytes>>& template_write, stream<SegmentPlan>& plan, wire<SoftState>& soft,
               stream<ap_uint<8 * kBytes>>& payload, stream<PayloadRead>& payload_read, stream<Beat<kBytes>>& frame,
               stream<TxFrame>& frame_info, wire<SoftRequest>& soft_request, wire<ap_uint<16>>& template_done,
               wire<bool>& busy);

}  // namespace sockwire
