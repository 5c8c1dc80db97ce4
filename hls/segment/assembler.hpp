// SPDX-License-Identifier: Apache-2.0
// Makes segments' frames: the header template with this segment's fields stamped in, then its payload, merged in one
// beat where they meet. A named arbiter: it owns the templates' memory, so templates come in whatever the output does.
//
//   in   template_write   SEND bodies from the parser; always taken at once
//   in   plan             segments from the segmenter
//   in   soft             soft state of the slot in soft_request
//   in   payload          beats from the send buffer, as asked for
//   in   now_ns           card time
//   out  payload_read
//   out  frame, frame_info   to the priority lane; frame_info before the first beat
//   out  soft_request     to the segmenter
//   out  template_done    one bit per queue entry, toggled when the entry is free again
//   out  departure        of SENDs whose last segment was released, said as their entry becomes free, since the host
//                         may fill it again at once
//   out  busy             a segment is being assembled
//
// While a segment's payload leaves, the next one's parameters are fetched:
//
//   header side    | plan, parameters | header ...........| plan, parameters | (waits)  | header ....
//   payload side                       (previous one)     | payload .......................|
//
// The payload is asked for with the alignment that it has in the frame, so its beats need no shifting here.
#pragma once

#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"
#include "hls/segment/header_stamp.hpp"
#include "hls/segment/tx_types.hpp"

namespace sockwire {

enum class AssemblerPhase : std::uint8_t { kIdle = 0, kParameters = 1, kHeader = 2, kSkip = 3 };

template <int kBytes>
struct AssemblerState {
  static constexpr int kRowBits = template_row_bits(kBytes);
  AssemblerPhase phase = AssemblerPhase::kIdle;
  SegmentPlan<kBytes> plan;
  HeaderFields fields;
  ap_uint<kRowBits> row = 0;       ///< of the parameters or the header after them, that the memory shows
  ap_uint<kRowBits> next_row = 1;  ///< one more, as the memory waits for it
  bool begun = false;              ///< the header's first beat has left
  ap_uint<kRowBits> row_before_last = 0;
  bool on_last_row = false;      ///< of the header, which has two at least
  bool merges = false;           ///< which the payload begins in
  ap_uint<11> to_follow = 0;     ///< beats of payload alone after the header
  ap_uint<4> last_bytes = 0;     ///< of the frame's last beat
  ap_uint<11> payload_left = 0;  ///< beats of the frame whose payload leaves
  ap_uint<4> payload_last_bytes = 0;
  ap_uint<queue_entries(kBytes)> done = 0;  ///< template_done
};

template <int kBytes>
inline bool has_send_flag(const SegmentPlan<kBytes>& plan, card::SendFlag flag) {
  return (plan.flags & static_cast<unsigned>(flag)) != 0;
}

/// The frame's length without FCS.
template <int kBytes>
inline ap_uint<11> frame_bytes(const SegmentPlan<kBytes>& plan, const HeaderFields& fields) {
  return ap_uint<11>(fields.template_bytes + plan.bytes);
}

template <int kBytes>
inline SegmentStamp stamp_of(const SegmentPlan<kBytes>& plan, const HeaderFields& fields) {
  SegmentStamp stamp;
  const ap_uint<11> bytes = frame_bytes(plan, fields);
  stamp.ipv6 = has_send_flag(plan, card::SendFlag::kIpv6);
  stamp.udp = has_send_flag(plan, card::SendFlag::kUdp);
  stamp.soft = has_send_flag(plan, card::SendFlag::kStamp);
  stamp.l3_length = ap_uint<11>(bytes - fields.l3_word * 2u - (stamp.ipv6 ? 40u : 0u));
  stamp.l4_length = ap_uint<11>(bytes - fields.l4_word * 2u);
  stamp.ip_id = ap_uint<16>(fields.ip_id + plan.index);
  stamp.seq = plan.seq;
  stamp.clear_flags =
      (plan.index == 0 ? ap_uint<8>(0) : fields.first_flags) | (plan.final ? ap_uint<8>(0) : fields.last_flags);
  return stamp;
}

template <int kBytes>
inline TxFrame tx_frame_of(const SegmentPlan<kBytes>& plan, const HeaderFields& fields) {
  TxFrame out;
  const bool udp = has_send_flag(plan, card::SendFlag::kUdp);
  out.info.report = plan.report;
  out.info.tag = plan.tag;
  out.info.seq_end = plan.seq + plan.bytes;
  out.info.segments = plan.segments;
  out.info.slot = slot_of<kBytes>(plan.entry);
  out.checksum.insert_l3 = !has_send_flag(plan, card::SendFlag::kIpv6);
  out.checksum.insert_l4 = true;
  out.checksum.udp_zero = udp;
  out.checksum.l3_word = fields.l3_word;
  out.checksum.l4_word = fields.l4_word;
  out.checksum.checksum_word = fields.l4_word + (udp ? 3u : 8u);
  const ap_uint<11> l4_length = ap_uint<11>(frame_bytes(plan, fields) - fields.l4_word * 2u);
  out.checksum.pseudo_sum = ap_uint<17>(fields.pseudo_sum + l4_length);
  return out;
}

/// Gives the queue entry of the plan free.
template <int kBytes>
inline void free_entry(AssemblerState<kBytes>& state) {
  state.done = state.done ^ (ap_uint<queue_entries(kBytes)>(1) << state.plan.entry);
}

/// Nothing is left to be sent of a SEND.
template <int kBytes>
inline void skip_send(AssemblerState<kBytes>& state, const ap_uint<64>& now, stream<Departure>& departure) {
  if (state.plan.report && departure.full()) return;
  if (state.plan.report) {
    Departure out;
    out.time_ns = now;
    out.tag = state.plan.tag;
    out.seq_end = state.plan.seq + state.plan.bytes;
    out.segments = state.plan.segments;
    out.slot = slot_of<kBytes>(state.plan.entry);
    departure.write(out);
  }
  free_entry(state);
  state.phase = AssemblerPhase::kIdle;
}

/// Beats that `bytes` bytes take.
template <int kBytes>
inline ap_uint<11> beats_of(const ap_uint<12>& bytes) {
  return ap_uint<11>((bytes + (kBytes - 1)) / kBytes);
}

/// Bytes in the last of those beats.
template <int kBytes>
inline ap_uint<4> last_beat_bytes(const ap_uint<12>& bytes) {
  return ap_uint<4>(((bytes + (kBytes - 1)) & (kBytes - 1)) + 1);
}

constexpr unsigned parameter_rows(int bytes_per_beat) {
  return static_cast<unsigned>(card::send::kBytes / bytes_per_beat);
}

template <int kBytes>
inline void show_next_row(AssemblerState<kBytes>& state) {
  state.row = state.next_row;
  state.next_row += 1;
}

// What is needed with the last row of parameters lies before it.
static_assert(card::send::kIpId + 1 < 8, "known before the last beat of either width");

/// A row of parameters is shown; with the last one all is known, and the segment is announced.
template <int kBytes>
inline void take_parameters(AssemblerState<kBytes>& state, bram<ap_uint<8 * kBytes>, template_rows(kBytes)>& templates,
                            stream<PayloadRead<kBytes>>& payload_read, stream<TxFrame>& frame_info) {
  const ap_uint<8 * kBytes> data = templates.data();
  const HeaderFields fields = state.fields;
  for (int i = 0; i < kBytes; ++i) {
    take_parameter(state.fields, ap_uint<4>(state.row * kBytes + static_cast<unsigned>(i)),
                   data.range(8 * i + 7, 8 * i));
  }
  const bool last = state.row == parameter_rows(kBytes) - 1;
  if (last && (payload_read.full() || frame_info.full())) return;
  if (last) {
    const ap_uint<4> lane = ap_uint<4>(fields.template_bytes & (kBytes - 1));
    const ap_uint<12> all = ap_uint<12>(frame_bytes(state.plan, fields));
    const ap_uint<12> payload_span = ap_uint<12>(lane + state.plan.bytes);  // from the start of its first beat
    state.merges = lane != 0 && state.plan.bytes != 0;
    state.row_before_last =
        static_cast<unsigned>(beats_of<kBytes>(fields.template_bytes) + (parameter_rows(kBytes) - 2u));
    state.on_last_row = false;
    state.last_bytes = last_beat_bytes<kBytes>(all);
    // Where the header's last beat has room for payload, that much less; and a beat that is begun counts.
    const ap_uint<4> rounding = ap_uint<4>((lane - 1u) & (kBytes - 1));
    state.to_follow = ap_uint<11>(ap_uint<12>(state.plan.bytes + rounding) / kBytes);
    if (state.plan.bytes != 0) {
      PayloadRead<kBytes> read;
      read.ring = state.plan.ring;
      read.offset = Offset<kBytes>(state.plan.seq - lane);
      read.beats = beats_of<kBytes>(payload_span);
      payload_read.write(read);
    }
    frame_info.write(tx_frame_of(state.plan, fields));
    state.phase = AssemblerPhase::kHeader;
  }
  show_next_row(state);
}

/// A beat of the header, with the payload's first bytes where it ends inside the beat.
template <int kBytes>
inline void emit_header(AssemblerState<kBytes>& state, bram<ap_uint<8 * kBytes>, template_rows(kBytes)>& templates,
                        const SoftState& soft, stream<ap_uint<8 * kBytes>>& payload, stream<Beat<kBytes>>& frame) {
  const ap_uint<4> lane = ap_uint<4>(state.fields.template_bytes & (kBytes - 1));
  const bool last_row = state.on_last_row;
  const bool merge = last_row && state.merges;
  if (merge && payload.empty()) return;

  const ap_uint<8 * kBytes> header =
      stamped_beat<kBytes>(templates.data(), ap_uint<8>(state.row - parameter_rows(kBytes)), state.fields,
                           stamp_of(state.plan, state.fields), soft);
  Beat<kBytes> out;
  out.data = header;
  if (merge) {
    const ap_uint<8 * kBytes> body = payload.read();
    for (int i = 0; i < kBytes; ++i) {
      if (static_cast<unsigned>(i) >= lane) out.data.range(8 * i + 7, 8 * i) = body.range(8 * i + 7, 8 * i);
    }
  }
  out.last = last_row && state.to_follow == 0;
  out.keep = keep_of<kBytes>(out.last ? state.last_bytes : ap_uint<4>(kBytes));
  frame.write(out);
  state.begun = !last_row;
  state.on_last_row = state.row == state.row_before_last;
  show_next_row(state);
  if (last_row) {
    state.payload_left = state.to_follow;
    state.payload_last_bytes = state.last_bytes;
    if (state.plan.final) free_entry(state);
    state.phase = AssemblerPhase::kIdle;
  }
}

template <int kBytes>
void assembler(AssemblerState<kBytes>& state, bram<ap_uint<8 * kBytes>, template_rows(kBytes)>& templates,
               stream<TemplateWrite<kBytes>>& template_write, stream<SegmentPlan<kBytes>>& plan, wire<SoftState>& soft,
               stream<ap_uint<8 * kBytes>>& payload, wire<ap_uint<64>>& now_ns,
               stream<PayloadRead<kBytes>>& payload_read, stream<Beat<kBytes>>& frame, stream<TxFrame>& frame_info,
               stream<Departure>& departure, wire<SoftRequest>& soft_request,
               wire<ap_uint<queue_entries(kBytes)>>& template_done, wire<bool>& busy) {
  if (!template_write.empty()) {
    const TemplateWrite<kBytes> in = template_write.read();
    templates.write(in.row, in.data);
  }

  const bool payload_turn = state.payload_left != 0;
  if (payload_turn && !frame.full() && !payload.empty()) {
    Beat<kBytes> out;
    out.data = payload.read();
    out.last = state.payload_left == 1;
    out.keep = keep_of<kBytes>(out.last ? state.payload_last_bytes : ap_uint<4>(kBytes));
    frame.write(out);
    state.payload_left -= 1;
  }

  if (state.phase == AssemblerPhase::kIdle) {
    if (!plan.empty()) {
      state.plan = plan.read();
      state.row = 0;
      state.next_row = 1;
      state.phase = state.plan.skip ? AssemblerPhase::kSkip : AssemblerPhase::kParameters;
    }
  } else if (state.phase == AssemblerPhase::kParameters) {
    take_parameters<kBytes>(state, templates, payload_read, frame_info);
  } else if (state.phase == AssemblerPhase::kSkip) {
    skip_send(state, now_ns.read(), departure);
  } else if (!payload_turn && !frame.full()) {
    emit_header<kBytes>(state, templates, soft.read(), payload, frame);
  }

  // The memory shows in the next step what that step looks at.
  templates.request((ap_uint<12>(state.plan.entry) << template_row_bits(kBytes)) | state.row);

  SoftRequest request;
  request.slot = slot_of<kBytes>(state.plan.entry);
  request.hold = state.begun;
  soft_request.write(request);
  template_done.write(state.done);
  busy.write(state.phase != AssemblerPhase::kIdle || state.payload_left != 0);
}

}  // namespace sockwire
