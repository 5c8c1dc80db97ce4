// SPDX-License-Identifier: Apache-2.0
// The tops for Vitis HLS: each kernel with its static state, under the name of the module that hlsc makes of it.
// vitis.tcl lists them. No Vitis HLS has read this file yet; tests/hls/vitis compiles and runs it with a stand-in.
//
// One invocation is one step, and a top begins the next by itself (ap_ctrl_none, one a clock). Ports without a pragma
// have the defaults of the Vivado IP flow, which are what is meant: streams are ap_fifo, the only kind with empty() and
// full(); inputs are ap_none; strobes are ap_vld, so that a step that waits does not strobe twice. An output wire is a
// register: it shows what the steps before this one wrote (stream.hpp). State is reset; memories are not.
//
// SOCKWIRE_WIDTH is the number of bytes a beat, 1 or 8. Kernels of any width belong to width 1.
#include "hls/card/event_writer.hpp"
#include "hls/card/registers.hpp"
#include "hls/checksum/checksum_insert.hpp"
#include "hls/checksum/receive_parser.hpp"
#include "hls/mac/mac_rx.hpp"
#include "hls/mac/mac_tx.hpp"
#include "hls/mac/packet_buffer.hpp"
#include "hls/segment/assembler.hpp"
#include "hls/segment/command_parser.hpp"
#include "hls/segment/priority_lane.hpp"
#include "hls/segment/segmenter.hpp"
#include "hls/segment/send_buffer.hpp"

using namespace sockwire;  // a top is a global function

#define SOCKWIRE_JOIN(kernel, width) kernel##_w##width
#define SOCKWIRE_TOP_AT(kernel, width) SOCKWIRE_JOIN(kernel, width)
#define SOCKWIRE_TOP(kernel) SOCKWIRE_TOP_AT(kernel, SOCKWIRE_WIDTH)

namespace {

constexpr int kBytes = SOCKWIRE_WIDTH;

/// Shows a step's strobes, if there are any.
template <int kBits>
inline void show(const pulse<kBits>& strobes, ap_uint<kBits>& port) {
  if (strobes.read() != 0) port = strobes.read();
}

}  // namespace

void SOCKWIRE_TOP(command_parser)(stream<Beat<kBytes>>& command, ap_uint<queue_entries(kBytes)> template_done,
                                  ap_uint<16> lane_credit, stream<SlotCommand<kBytes>>& slot_command,
                                  stream<TemplateWrite<kBytes>>& template_write,
                                  stream<PayloadWrite<kBytes>>& payload_write, stream<LaneFrame>& lane_frame,
                                  stream<LaneBeat<kBytes>>& lane_beat, stream<RegisterRequest>& register_request,
                                  stream<HelloRequest>& hello_request, ap_uint<8>& epoch, ap_uint<16>& payload_credit,
                                  ap_uint<kCommandCounters>& counters, bool& busy) {
#pragma HLS INTERFACE mode = ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
#pragma HLS INTERFACE mode = ap_none port = epoch
#pragma HLS INTERFACE mode = ap_none port = payload_credit
#pragma HLS INTERFACE mode = ap_none port = busy
  static CommandParserState<kBytes> state;
  static mem<Ring<kBytes>, card::kSlots> rings;
  static wire<ap_uint<8>> epoch_out;
  static wire<ap_uint<16>> payload_credit_out;
  static wire<bool> busy_out;
#pragma HLS RESET variable = state
#pragma HLS RESET variable = epoch_out
#pragma HLS RESET variable = payload_credit_out
#pragma HLS RESET variable = busy_out
#pragma HLS BIND_STORAGE variable = rings.words type = ram_1wnr impl = lutram
  epoch = epoch_out.read();
  payload_credit = payload_credit_out.read();
  busy = busy_out.read();
  wire<ap_uint<queue_entries(kBytes)>> template_done_in(template_done);
  wire<ap_uint<16>> lane_credit_in(lane_credit);
  pulse<kCommandCounters> strobes;
  command_parser<kBytes>(state, rings, command, template_done_in, lane_credit_in, slot_command, template_write,
                         payload_write, lane_frame, lane_beat, register_request, hello_request, epoch_out,
                         payload_credit_out, strobes, busy_out);
  rings.commit();
  show(strobes, counters);
}

void SOCKWIRE_TOP(send_buffer)(stream<PayloadWrite<kBytes>>& write, stream<PayloadRead<kBytes>>& read,
                               stream<ap_uint<8 * kBytes>>& payload) {
#pragma HLS INTERFACE mode = ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
  static SendBufferState<kBytes> state;
  static banked<ap_uint<8>, card::send_buffer_bytes(kBytes) / kBytes, kBytes> memory;
#pragma HLS RESET variable = state
#pragma HLS ARRAY_PARTITION variable = memory.bank complete
#pragma HLS BIND_STORAGE variable = memory.bank.words type = ram_s2p impl = bram latency = 1
  send_buffer<kBytes>(state, memory, write, read, payload);
  memory.commit();
}

void SOCKWIRE_TOP(segmenter)(stream<SlotCommand<kBytes>>& command, ap_uint<64> now_ns, SoftRequest soft_request,
                             stream<SegmentPlan<kBytes>>& plan, SoftState& soft, bool& busy, Deadline& deadline,
                             ap_uint<kSegmenterCounters>& counters) {
#pragma HLS INTERFACE mode = ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
#pragma HLS INTERFACE mode = ap_none port = soft
#pragma HLS INTERFACE mode = ap_none port = busy
#pragma HLS INTERFACE mode = ap_none port = deadline
  static SegmenterState<kBytes> state;
  static mem<QueuedSend, queue_entries(kBytes)> queued;
  static mem<QueuedPace, queue_entries(kBytes)> paces;
  static mem<SendProgress, queue_entries(kBytes)> progress;
  static mem<Ring<kBytes>, card::kSlots> rings;
  static mem<ap_uint<32>, card::kSlots> written;
  static mem<ap_uint<32>, card::kSlots> released;
  static mem<SoftState, card::kSlots> soft_states;
  static mem<ap_uint<64>, card::kSlots> due;
  static wire<SoftState> soft_out;
  static wire<bool> busy_out;
  static wire<Deadline> deadline_out;
#pragma HLS RESET variable = state
#pragma HLS RESET variable = soft_out
#pragma HLS RESET variable = busy_out
#pragma HLS RESET variable = deadline_out
#pragma HLS BIND_STORAGE variable = queued.words type = ram_1wnr impl = lutram
#pragma HLS BIND_STORAGE variable = paces.words type = ram_1wnr impl = lutram
#pragma HLS BIND_STORAGE variable = progress.words type = ram_1wnr impl = lutram
#pragma HLS BIND_STORAGE variable = rings.words type = ram_1wnr impl = lutram
#pragma HLS BIND_STORAGE variable = written.words type = ram_1wnr impl = lutram
#pragma HLS BIND_STORAGE variable = released.words type = ram_1wnr impl = lutram
#pragma HLS BIND_STORAGE variable = soft_states.words type = ram_1wnr impl = lutram
#pragma HLS BIND_STORAGE variable = due.words type = ram_1wnr impl = lutram
  soft = soft_out.read();
  busy = busy_out.read();
  deadline = deadline_out.read();
  wire<ap_uint<64>> now_ns_in(now_ns);
  wire<SoftRequest> soft_request_in(soft_request);
  pulse<kSegmenterCounters> strobes;
  segmenter<kBytes>(state, queued, paces, progress, rings, written, released, soft_states, due, command, now_ns_in,
                    soft_request_in, plan, soft_out, busy_out, deadline_out, strobes);
  queued.commit();
  paces.commit();
  progress.commit();
  rings.commit();
  written.commit();
  released.commit();
  soft_states.commit();
  due.commit();
  show(strobes, counters);
}

void SOCKWIRE_TOP(assembler)(stream<TemplateWrite<kBytes>>& template_write, stream<SegmentPlan<kBytes>>& plan,
                             SoftState soft, stream<ap_uint<8 * kBytes>>& payload, ap_uint<64> now_ns,
                             stream<PayloadRead<kBytes>>& payload_read, stream<Beat<kBytes>>& frame,
                             stream<TxFrame>& frame_info, stream<Departure>& departure, SoftRequest& soft_request,
                             ap_uint<queue_entries(kBytes)>& template_done, bool& busy) {
#pragma HLS INTERFACE mode = ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
#pragma HLS INTERFACE mode = ap_none port = soft_request
#pragma HLS INTERFACE mode = ap_none port = template_done
#pragma HLS INTERFACE mode = ap_none port = busy
  static AssemblerState<kBytes> state;
  static bram<ap_uint<8 * kBytes>, template_rows(kBytes)> templates;
  static wire<SoftRequest> soft_request_out;
  static wire<ap_uint<queue_entries(kBytes)>> template_done_out;
  static wire<bool> busy_out;
#pragma HLS RESET variable = state
#pragma HLS RESET variable = soft_request_out
#pragma HLS RESET variable = template_done_out
#pragma HLS RESET variable = busy_out
#pragma HLS BIND_STORAGE variable = templates.words type = ram_s2p impl = bram latency = 1
  soft_request = soft_request_out.read();
  template_done = template_done_out.read();
  busy = busy_out.read();
  wire<SoftState> soft_in(soft);
  wire<ap_uint<64>> now_ns_in(now_ns);
  assembler<kBytes>(state, templates, template_write, plan, soft_in, payload, now_ns_in, payload_read, frame,
                    frame_info, departure, soft_request_out, template_done_out, busy_out);
  templates.commit();
}

void SOCKWIRE_TOP(priority_lane)(stream<LaneFrame>& lane_frame, stream<LaneBeat<kBytes>>& lane_beat,
                                 stream<Beat<kBytes>>& segment, stream<TxFrame>& segment_info,
                                 stream<Beat<kBytes>>& frame, stream<ChecksumPlan>& checksum, stream<FrameInfo>& info,
                                 ap_uint<16>& lane_credit, bool& busy) {
#pragma HLS INTERFACE mode = ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
#pragma HLS INTERFACE mode = ap_none port = lane_credit
#pragma HLS INTERFACE mode = ap_none port = busy
  static PriorityLaneState<kBytes> state;
  static bram<PacketWord<kBytes>, kLaneBytes / kBytes> memory;
  static mem<LaneFrame, kLaneQueue> queue;
  static wire<ap_uint<16>> lane_credit_out;
  static wire<bool> busy_out;
#pragma HLS RESET variable = state
#pragma HLS RESET variable = lane_credit_out
#pragma HLS RESET variable = busy_out
#pragma HLS BIND_STORAGE variable = memory.words type = ram_s2p impl = bram latency = 1
#pragma HLS BIND_STORAGE variable = queue.words type = ram_1wnr impl = lutram
  lane_credit = lane_credit_out.read();
  busy = busy_out.read();
  priority_lane<kBytes>(state, memory, queue, lane_frame, lane_beat, segment, segment_info, frame, checksum, info,
                        lane_credit_out, busy_out);
  memory.commit();
  queue.commit();
}

void SOCKWIRE_TOP(checksum_insert)(stream<Beat<kBytes>>& frame_in, stream<ChecksumPlan>& checksum,
                                   stream<Beat<kBytes>>& frame_out, bool& busy) {
#pragma HLS INTERFACE mode = ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
#pragma HLS INTERFACE mode = ap_none port = busy
  static ChecksumInsertState<kBytes> state;
  static bram<PacketWord<kBytes>, kPacketBytes / kBytes> packets;
  static mem<SummedFrame, kPacketQueue> queue;
  static wire<bool> busy_out;
#pragma HLS RESET variable = state
#pragma HLS RESET variable = busy_out
#pragma HLS BIND_STORAGE variable = packets.words type = ram_s2p impl = bram latency = 1
#pragma HLS BIND_STORAGE variable = queue.words type = ram_1wnr impl = lutram
  busy = busy_out.read();
  checksum_insert<kBytes>(state, packets, queue, frame_in, checksum, frame_out, busy_out);
  packets.commit();
  queue.commit();
}

void SOCKWIRE_TOP(mac_tx)(stream<Beat<kBytes>>& frame, stream<FrameInfo>& info, stream<PauseRequest>& pause,
                          ap_uint<64> now_ns, bool enable, Line<kBytes>& line, stream<Departure>& departure,
                          ap_uint<kMacTxCounters>& counters, bool& busy) {
#pragma HLS INTERFACE mode = ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
#pragma HLS INTERFACE mode = ap_none port = line
#pragma HLS INTERFACE mode = ap_none port = busy
  static MacTxState<kBytes> state;
  static wire<Line<kBytes>> line_out;
  static wire<bool> busy_out;
#pragma HLS RESET variable = state
#pragma HLS RESET variable = line_out
#pragma HLS RESET variable = busy_out
  line = line_out.read();
  busy = busy_out.read();
  wire<ap_uint<64>> now_ns_in(now_ns);
  wire<bool> enable_in(enable);
  pulse<kMacTxCounters> strobes;
  mac_tx<kBytes>(state, frame, info, pause, now_ns_in, enable_in, line_out, departure, strobes, busy_out);
  show(strobes, counters);
}

void SOCKWIRE_TOP(mac_rx)(Line<kBytes> line, bool enable, MacConfig config, stream<RxBeat<kBytes>>& frame,
                          stream<PauseRequest>& pause, ap_uint<kMacRxCounters>& counters, bool& busy) {
#pragma HLS INTERFACE mode = ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
#pragma HLS INTERFACE mode = ap_none port = busy
  static MacRxState<kBytes> state;
  static wire<bool> busy_out;
#pragma HLS RESET variable = state
#pragma HLS RESET variable = busy_out
  busy = busy_out.read();
  wire<Line<kBytes>> line_in(line);
  wire<bool> enable_in(enable);
  wire<MacConfig> config_in(config);
  pulse<kMacRxCounters> strobes;
  mac_rx<kBytes>(state, line_in, enable_in, config_in, frame, pause, strobes, busy_out);
  show(strobes, counters);
}

void SOCKWIRE_TOP(receive_parser)(stream<RxBeat<kBytes>>& frame_in, ap_uint<64> now_ns,
                                  stream<RxBeat<kBytes>>& frame_out, stream<RxDescriptor>& descriptor) {
#pragma HLS INTERFACE mode = ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
  static ReceiveParserState<kBytes> state;
#pragma HLS RESET variable = state
  wire<ap_uint<64>> now_ns_in(now_ns);
  receive_parser<kBytes>(state, frame_in, now_ns_in, frame_out, descriptor);
}

void SOCKWIRE_TOP(packet_buffer)(stream<RxBeat<kBytes>>& frame_in, stream<RxDescriptor>& descriptor_in,
                                 stream<Beat<kBytes>>& frame_out, stream<RxDescriptor>& descriptor_out,
                                 ap_uint<kPacketBufferCounters>& counters, bool& busy) {
#pragma HLS INTERFACE mode = ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
#pragma HLS INTERFACE mode = ap_none port = busy
  static PacketBufferState<kBytes> state;
  static bram<StoredBeat<kBytes>, packet_buffer_beats(kBytes)> beats;
  static mem<RxDescriptor, kPacketBufferFrames> descriptors;
  static wire<bool> busy_out;
#pragma HLS RESET variable = state
#pragma HLS RESET variable = busy_out
#pragma HLS BIND_STORAGE variable = beats.words type = ram_s2p impl = bram latency = 1
#pragma HLS BIND_STORAGE variable = descriptors.words type = ram_1wnr impl = lutram
  busy = busy_out.read();
  pulse<kPacketBufferCounters> strobes;
  packet_buffer<kBytes>(state, beats, descriptors, frame_in, descriptor_in, frame_out, descriptor_out, strobes,
                        busy_out);
  beats.commit();
  descriptors.commit();
  show(strobes, counters);
}

#if SOCKWIRE_WIDTH == 1
void registers(stream<RegisterRequest>& request, ap_uint<8> epoch, ap_uint<card::kCounterCount> strobes,
               stream<RegisterReply>& reply, MacConfig& config, bool& busy) {
#pragma HLS INTERFACE mode = ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
#pragma HLS INTERFACE mode = ap_none port = config
#pragma HLS INTERFACE mode = ap_none port = busy
  static RegistersState state;
  static mem<ap_uint<32>, 32> totals;
  static wire<MacConfig> config_out;
  static wire<bool> busy_out;
#pragma HLS RESET variable = state
#pragma HLS RESET variable = config_out
#pragma HLS RESET variable = busy_out
#pragma HLS BIND_STORAGE variable = totals.words type = ram_1wnr impl = lutram
  config = config_out.read();
  busy = busy_out.read();
  wire<ap_uint<8>> epoch_in(epoch);
  wire<ap_uint<card::kCounterCount>> strobes_in(strobes);
  sockwire::registers(state, totals, request, epoch_in, strobes_in, reply, config_out, busy_out);
  totals.commit();
}
#endif

void SOCKWIRE_TOP(event_writer)(stream<Beat<kBytes>>& frame, stream<RxDescriptor>& descriptor, stream<Departure>& sent,
                                stream<Departure>& released, stream<HelloRequest>& hello, stream<RegisterReply>& reply,
                                ap_uint<32> boot_id, ap_uint<16> payload_credit, ap_uint<16> lane_credit,
                                ap_uint<64> now_ns, stream<Beat<kBytes>>& events, bool& busy) {
#pragma HLS INTERFACE mode = ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
#pragma HLS INTERFACE mode = ap_none port = busy
  static EventWriterState<kBytes> state;
  static wire<bool> busy_out;
#pragma HLS RESET variable = state
#pragma HLS RESET variable = busy_out
  busy = busy_out.read();
  wire<ap_uint<32>> boot_id_in(boot_id);
  wire<ap_uint<16>> payload_credit_in(payload_credit);
  wire<ap_uint<16>> lane_credit_in(lane_credit);
  wire<ap_uint<64>> now_ns_in(now_ns);
  event_writer<kBytes>(state, frame, descriptor, sent, released, hello, reply, boot_id_in, payload_credit_in,
                       lane_credit_in, now_ns_in, events, busy_out);
}
