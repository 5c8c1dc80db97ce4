// SPDX-License-Identifier: Apache-2.0
// The engine: which kernel hangs on which stream. hlsc makes engine_w1.sv and engine_w8.sv of this function, and the
// native model runs it, so their FIFOs have the same depths. What flows where is drawn in ports.hpp.
#pragma once

#include "hls/base/dataflow.hpp"
#include "hls/card/event_writer.hpp"
#include "hls/card/layout.hpp"
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
#include "hls/top/ports.hpp"

namespace sockwire {

/// Streams with one place have a register where others have two and a multiplexer: their values are wide, rare, and
/// taken soon.
///
/// What the engine consists of: each kernel's registers and memories, then the nets that it writes.
template <int kBytes>
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in the order of reading.
struct EngineParts {
  // Transmit: commands to frames.
  Process<CommandParserState<kBytes>> command_parser;
  mem<Ring<kBytes>, card::kSlots> parser_rings;
  stream<SlotCommand<kBytes>> slot_command{1};
  stream<TemplateWrite<kBytes>> template_write;
  stream<PayloadWrite<kBytes>> payload_write;
  stream<LaneFrame> lane_frame{1};
  stream<LaneBeat<kBytes>> lane_beat;
  stream<RegisterRequest> register_request{1};
  stream<HelloRequest> hello_request{1};
  wire<ap_uint<8>> epoch;
  wire<ap_uint<16>> payload_credit;
  pulse<kCommandCounters> command_counters;
  busy_wire parser_busy;

  Process<SegmenterState<kBytes>> segmenter;
  mem<QueuedSend, queue_entries(kBytes)> queued;
  mem<QueuedPace, queue_entries(kBytes)> paces;
  mem<SendProgress, queue_entries(kBytes)> progress;
  mem<Ring<kBytes>, card::kSlots> slot_rings;
  mem<ap_uint<32>, card::kSlots> written;
  mem<ap_uint<32>, card::kSlots> released;
  mem<SoftState, card::kSlots> soft_states;
  mem<ap_uint<64>, card::kSlots> due;
  stream<SegmentPlan<kBytes>> plan;
  wire<SoftState> soft_state;
  pulse<kSegmenterCounters> segmenter_counters;
  busy_wire segmenter_busy;

  Process<SendBufferState<kBytes>> send_buffer;
  banked<ap_uint<8>, card::send_buffer_bytes(kBytes) / kBytes, kBytes> send_memory;
  stream<ap_uint<8 * kBytes>> payload;

  Process<AssemblerState<kBytes>> assembler;
  bram<ap_uint<8 * kBytes>, template_rows(kBytes)> templates;
  stream<PayloadRead<kBytes>> payload_read;
  stream<Beat<kBytes>> segment;
  stream<TxFrame> segment_info;
  stream<Departure> released_sends;
  wire<SoftRequest> soft_request;
  wire<ap_uint<queue_entries(kBytes)>> template_done;
  busy_wire assembler_busy;

  Process<PriorityLaneState<kBytes>> priority_lane;
  bram<PacketWord<kBytes>, kLaneBytes / kBytes> lane_memory;
  mem<LaneFrame, kLaneQueue> lane_queue;
  stream<Beat<kBytes>> unsummed;
  stream<ChecksumPlan> checksum_plan{1};
  stream<FrameInfo> frame_info{4};  // small frames do not wait for their info to leave (priority_lane.hpp)
  wire<ap_uint<16>> lane_credit;
  busy_wire lane_busy;

  Process<ChecksumInsertState<kBytes>> checksum_insert;
  bram<PacketWord<kBytes>, kPacketBytes / kBytes> packets;
  mem<SummedFrame, kPacketQueue> packet_queue;
  stream<Beat<kBytes>> tx_frame;
  busy_wire checksum_busy;

  Process<MacTxState<kBytes>> mac_tx;
  stream<Departure> departure;
  pulse<kMacTxCounters> mac_tx_counters;
  busy_wire mac_tx_busy;

  // Receive: frames to events.
  Process<MacRxState<kBytes>> mac_rx;
  stream<RxBeat<kBytes>> rx_beat;
  stream<PauseRequest> pause;
  pulse<kMacRxCounters> mac_rx_counters;
  busy_wire mac_rx_busy;

  Process<ReceiveParserState<kBytes>> receive_parser;
  stream<RxBeat<kBytes>> parsed_beat;
  stream<RxDescriptor> parsed_descriptor{1};

  Process<PacketBufferState<kBytes>> packet_buffer;
  bram<StoredBeat<kBytes>, packet_buffer_beats(kBytes)> rx_beats;
  mem<RxDescriptor, kPacketBufferFrames> rx_descriptors;
  stream<Beat<kBytes>> rx_frame;
  stream<RxDescriptor> rx_descriptor{1};
  pulse<kPacketBufferCounters> packet_buffer_counters;
  busy_wire packet_buffer_busy;

  // Control.
  Process<RegistersState> registers;
  mem<ap_uint<32>, 32> totals;
  wire<ap_uint<card::kCounterCount>> strobes;
  stream<RegisterReply> register_reply;
  wire<MacConfig> mac_config;
  busy_wire registers_busy;

  Process<EventWriterState<kBytes>> event_writer;
  busy_wire event_writer_busy;

  /// Every net, for the native model.
  template <typename Visitor>
  auto nets(Visitor visit) {
    return visit(slot_command, template_write, payload_write, lane_frame, lane_beat, register_request, hello_request,
                 epoch, payload_credit, command_counters, parser_busy, plan, soft_state, segmenter_counters,
                 segmenter_busy, payload, payload_read, segment, segment_info, released_sends, soft_request,
                 template_done, assembler_busy, unsummed, checksum_plan, frame_info, lane_credit, lane_busy, tx_frame,
                 checksum_busy, departure, mac_tx_counters, mac_tx_busy, rx_beat, pause, mac_rx_counters, mac_rx_busy,
                 parsed_beat, parsed_descriptor, rx_frame, rx_descriptor, packet_buffer_counters, packet_buffer_busy,
                 strobes, register_reply, mac_config, registers_busy, event_writer_busy);
  }
};

namespace detail {

constexpr int counter(card::Counter name) { return static_cast<int>(name); }

// The kernels' counters are joined in the order in which the contract numbers them.
static_assert(counter(card::Counter::kRxFcs) == kPacketBufferCounters, "mac_rx's follow packet_buffer's");
static_assert(counter(card::Counter::kTxFrames) == counter(card::Counter::kRxFcs) + kMacRxCounters,
              "mac_tx's follow mac_rx's");
static_assert(counter(card::Counter::kTxSegments) == counter(card::Counter::kTxFrames) + kMacTxCounters,
              "segmenter's follow mac_tx's");
static_assert(counter(card::Counter::kCommandEpoch) == counter(card::Counter::kTxSegments) + kSegmenterCounters,
              "command_parser's follow segmenter's");

}  // namespace detail

/// commands, events: the two directions of the link to the host (hls/card/layout.hpp).
/// now_ns: card time. boot_id: answers HELLO; constant. line_rx, line_tx: the wire; they move in cycles whose
/// rx_enable, tx_enable is set. deadline: when a paced segment becomes due.
template <int kBytes>
void engine(EngineParts<kBytes>& e, stream<Beat<kBytes>>& commands, wire<ap_uint<64>>& now_ns,
            wire<ap_uint<32>>& boot_id, wire<bool>& tx_enable, wire<bool>& rx_enable, wire<Line<kBytes>>& line_rx,
            wire<Line<kBytes>>& line_tx, stream<Beat<kBytes>>& events, wire<Deadline>& deadline) {
#pragma HLS dataflow
  e.command_parser.run(command_parser<kBytes>, e.parser_rings, commands, e.template_done, e.lane_credit, e.slot_command,
                       e.template_write, e.payload_write, e.lane_frame, e.lane_beat, e.register_request,
                       e.hello_request, e.epoch, e.payload_credit, e.command_counters, e.parser_busy);
  e.segmenter.run(segmenter<kBytes>, e.queued, e.paces, e.progress, e.slot_rings, e.written, e.released, e.soft_states,
                  e.due, e.slot_command, now_ns, e.soft_request, e.plan, e.soft_state, e.segmenter_busy, deadline,
                  e.segmenter_counters);
  e.send_buffer.run(send_buffer<kBytes>, e.send_memory, e.payload_write, e.payload_read, e.payload);
  e.assembler.run(assembler<kBytes>, e.templates, e.template_write, e.plan, e.soft_state, e.payload, now_ns,
                  e.payload_read, e.segment, e.segment_info, e.released_sends, e.soft_request, e.template_done,
                  e.assembler_busy);
  e.priority_lane.run(priority_lane<kBytes>, e.lane_memory, e.lane_queue, e.lane_frame, e.lane_beat, e.segment,
                      e.segment_info, e.unsummed, e.checksum_plan, e.frame_info, e.lane_credit, e.lane_busy);
  e.checksum_insert.run(checksum_insert<kBytes>, e.packets, e.packet_queue, e.unsummed, e.checksum_plan, e.tx_frame,
                        e.checksum_busy);
  e.mac_tx.run(mac_tx<kBytes>, e.tx_frame, e.frame_info, e.pause, now_ns, tx_enable, line_tx, e.departure,
               e.mac_tx_counters, e.mac_tx_busy);

  e.mac_rx.run(mac_rx<kBytes>, line_rx, rx_enable, e.mac_config, e.rx_beat, e.pause, e.mac_rx_counters, e.mac_rx_busy);
  e.receive_parser.run(receive_parser<kBytes>, e.rx_beat, now_ns, e.parsed_beat, e.parsed_descriptor);
  e.packet_buffer.run(packet_buffer<kBytes>, e.rx_beats, e.rx_descriptors, e.parsed_beat, e.parsed_descriptor,
                      e.rx_frame, e.rx_descriptor, e.packet_buffer_counters, e.packet_buffer_busy);

  join(e.strobes, e.packet_buffer_counters, e.mac_rx_counters, e.mac_tx_counters, e.segmenter_counters,
       e.command_counters);
  e.registers.run(registers, e.totals, e.register_request, e.epoch, e.strobes, e.register_reply, e.mac_config,
                  e.registers_busy);
  e.event_writer.run(event_writer<kBytes>, e.rx_frame, e.rx_descriptor, e.departure, e.released_sends, e.hello_request,
                     e.register_reply, boot_id, e.payload_credit, e.lane_credit, now_ns, events, e.event_writer_busy);
}

}  // namespace sockwire
