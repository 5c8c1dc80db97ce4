// SPDX-License-Identifier: Apache-2.0
// The engine: which kernel hangs on which stream. Its one home: NativeEngineCore (engine.hpp) and the SystemVerilog top
// (compose_engine.cpp) are both made from this list, so their FIFOs have the same depths.
#pragma once

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

// To be expanded where kBytes and namespace sockwire are known, with macros for
//   STREAM(name, depth, type)      nobody writes it: an input of the engine; nobody reads it: an output
//   WIRE(name, type)               likewise
//   BUSY(name)                     a wire<bool>; the engine is idle if none is set, no stream holds anything and no
//                                  strobe is on its way to its counter
//   PULSE(name, bits, first)       strobes of counters `first` and on; together they are the input wire `strobes`
//   MEMORY(name, type)
//   KERNEL(name, function, state, PORT(parameter, net)...)   in the order of the function's parameters
//
// A depth other than 2 has its reason:
//   frame_info      small frames do not wait for their info to leave (priority_lane.hpp)
#define SOCKWIRE_ENGINE_NETLIST(STREAM, WIRE, BUSY, PULSE, MEMORY, KERNEL, PORT)                                       \
  STREAM(commands, 2, Beat<kBytes>)                                                                                    \
  STREAM(events, 2, Beat<kBytes>)                                                                                      \
  WIRE(now_ns, ap_uint<64>)                                                                                            \
  WIRE(boot_id, ap_uint<32>)                                                                                           \
  WIRE(tx_enable, bool)                                                                                                \
  WIRE(rx_enable, bool)                                                                                                \
  WIRE(line_rx, Line<kBytes>)                                                                                          \
  WIRE(line_tx, Line<kBytes>)                                                                                          \
  WIRE(deadline, Deadline)                                                                                             \
                                                                                                                       \
  MEMORY(parser_rings, mem<Ring, card::kSlots>)                                                                        \
  STREAM(slot_command, 2, SlotCommand)                                                                                 \
  STREAM(template_write, 2, TemplateWrite<kBytes>)                                                                     \
  STREAM(payload_write, 2, PayloadWrite<kBytes>)                                                                       \
  STREAM(lane_frame, 2, LaneFrame)                                                                                     \
  STREAM(lane_beat, 2, LaneBeat<kBytes>)                                                                               \
  STREAM(register_request, 2, RegisterRequest)                                                                         \
  STREAM(hello_request, 2, HelloRequest)                                                                               \
  WIRE(epoch, ap_uint<8>)                                                                                              \
  WIRE(payload_credit, ap_uint<16>)                                                                                    \
  WIRE(lane_credit, ap_uint<16>)                                                                                       \
  WIRE(template_done, ap_uint<16>)                                                                                     \
  PULSE(command_counters, kCommandCounters, card::Counter::kCommandEpoch)                                              \
  BUSY(parser_busy)                                                                                                    \
  KERNEL(command_parser, command_parser<kBytes>, CommandParserState<kBytes>, PORT(rings, parser_rings),                \
         PORT(command, commands), PORT(template_done, template_done), PORT(lane_credit, lane_credit),                  \
         PORT(slot_command, slot_command), PORT(template_write, template_write), PORT(payload_write, payload_write),   \
         PORT(lane_frame, lane_frame), PORT(lane_beat, lane_beat), PORT(register_request, register_request),           \
         PORT(hello_request, hello_request), PORT(epoch, epoch), PORT(payload_credit, payload_credit),                 \
         PORT(counters, command_counters), PORT(busy, parser_busy))                                                    \
                                                                                                                       \
  MEMORY(queued, mem<QueuedSend, kQueueEntries>)                                                                       \
  MEMORY(paces, mem<QueuedPace, kQueueEntries>)                                                                        \
  MEMORY(progress, mem<SendProgress, kQueueEntries>)                                                                   \
  MEMORY(slot_rings, mem<Ring, card::kSlots>)                                                                          \
  MEMORY(written, mem<ap_uint<32>, card::kSlots>)                                                                      \
  MEMORY(released, mem<ap_uint<32>, card::kSlots>)                                                                     \
  MEMORY(soft_states, mem<SoftState, card::kSlots>)                                                                    \
  MEMORY(due, mem<ap_uint<64>, card::kSlots>)                                                                          \
  STREAM(plan, 2, SegmentPlan)                                                                                         \
  WIRE(soft_request, SoftRequest)                                                                                      \
  WIRE(soft_state, SoftState)                                                                                          \
  BUSY(segmenter_busy)                                                                                                 \
  PULSE(segmenter_counters, kSegmenterCounters, card::Counter::kTxSegments)                                            \
  KERNEL(segmenter, segmenter, SegmenterState, PORT(queued, queued), PORT(paces, paces), PORT(progress, progress),     \
         PORT(rings, slot_rings), PORT(written, written), PORT(released, released), PORT(soft_states, soft_states),    \
         PORT(due, due), PORT(command, slot_command), PORT(now_ns, now_ns), PORT(soft_request, soft_request),          \
         PORT(plan, plan), PORT(soft, soft_state), PORT(busy, segmenter_busy), PORT(deadline, deadline),               \
         PORT(counters, segmenter_counters))                                                                           \
                                                                                                                       \
  MEMORY(send_memory, banked<ap_uint<8>, card::send_buffer_bytes(kBytes) / kBytes, kBytes>)                            \
  STREAM(payload_read, 2, PayloadRead)                                                                                 \
  STREAM(payload, 2, ap_uint<8 * kBytes>)                                                                              \
  KERNEL(send_buffer, send_buffer<kBytes>, SendBufferState<kBytes>, PORT(memory, send_memory),                         \
         PORT(write, payload_write), PORT(read, payload_read), PORT(payload, payload))                                 \
                                                                                                                       \
  MEMORY(templates, bram<ap_uint<8 * kBytes>, kQueueEntries * kTemplateEntryBytes / kBytes>)                           \
  STREAM(segment, 2, Beat<kBytes>)                                                                                     \
  STREAM(segment_info, 2, TxFrame)                                                                                     \
  STREAM(released_sends, 2, Departure)                                                                                 \
  BUSY(assembler_busy)                                                                                                 \
  KERNEL(assembler, assembler<kBytes>, AssemblerState<kBytes>, PORT(templates, templates),                             \
         PORT(template_write, template_write), PORT(plan, plan), PORT(soft, soft_state), PORT(payload, payload),       \
         PORT(now_ns, now_ns), PORT(payload_read, payload_read), PORT(frame, segment), PORT(frame_info, segment_info), \
         PORT(departure, released_sends), PORT(soft_request, soft_request), PORT(template_done, template_done),        \
         PORT(busy, assembler_busy))                                                                                   \
                                                                                                                       \
  MEMORY(lane_memory, bram<PacketWord<kBytes>, kLaneBytes / kBytes>)                                                   \
  MEMORY(lane_queue, mem<LaneFrame, kLaneQueue>)                                                                       \
  STREAM(unsummed, 2, Beat<kBytes>)                                                                                    \
  STREAM(checksum_plan, 2, ChecksumPlan)                                                                               \
  STREAM(frame_info, 4, FrameInfo)                                                                                     \
  BUSY(lane_busy)                                                                                                      \
  KERNEL(priority_lane, priority_lane<kBytes>, PriorityLaneState<kBytes>, PORT(memory, lane_memory),                   \
         PORT(queue, lane_queue), PORT(lane_frame, lane_frame), PORT(lane_beat, lane_beat), PORT(segment, segment),    \
         PORT(segment_info, segment_info), PORT(frame, unsummed), PORT(checksum, checksum_plan),                       \
         PORT(info, frame_info), PORT(lane_credit, lane_credit), PORT(busy, lane_busy))                                \
                                                                                                                       \
  MEMORY(packets, bram<PacketWord<kBytes>, kPacketBytes / kBytes>)                                                     \
  MEMORY(packet_queue, mem<SummedFrame, kPacketQueue>)                                                                 \
  STREAM(tx_frame, 2, Beat<kBytes>)                                                                                    \
  BUSY(checksum_busy)                                                                                                  \
  KERNEL(checksum_insert, checksum_insert<kBytes>, ChecksumInsertState<kBytes>, PORT(packets, packets),                \
         PORT(queue, packet_queue), PORT(frame_in, unsummed), PORT(checksum, checksum_plan),                           \
         PORT(frame_out, tx_frame), PORT(busy, checksum_busy))                                                         \
                                                                                                                       \
  STREAM(pause, 2, PauseRequest)                                                                                       \
  STREAM(departure, 2, Departure)                                                                                      \
  BUSY(mac_tx_busy)                                                                                                    \
  PULSE(mac_tx_counters, kMacTxCounters, card::Counter::kTxFrames)                                                     \
  KERNEL(mac_tx, mac_tx<kBytes>, MacTxState<kBytes>, PORT(frame, tx_frame), PORT(info, frame_info),                    \
         PORT(pause, pause), PORT(now_ns, now_ns), PORT(enable, tx_enable), PORT(line, line_tx),                       \
         PORT(departure, departure), PORT(counters, mac_tx_counters), PORT(busy, mac_tx_busy))                         \
                                                                                                                       \
  WIRE(mac_config, MacConfig)                                                                                          \
  STREAM(rx_beat, 2, RxBeat<kBytes>)                                                                                   \
  BUSY(mac_rx_busy)                                                                                                    \
  PULSE(mac_rx_counters, kMacRxCounters, card::Counter::kRxFcs)                                                        \
  KERNEL(mac_rx, mac_rx<kBytes>, MacRxState<kBytes>, PORT(line, line_rx), PORT(enable, rx_enable),                     \
         PORT(config, mac_config), PORT(frame, rx_beat), PORT(pause, pause), PORT(counters, mac_rx_counters),          \
         PORT(busy, mac_rx_busy))                                                                                      \
                                                                                                                       \
  STREAM(parsed_beat, 2, RxBeat<kBytes>)                                                                               \
  STREAM(parsed_descriptor, 2, RxDescriptor)                                                                           \
  KERNEL(receive_parser, receive_parser<kBytes>, ReceiveParserState<kBytes>, PORT(frame_in, rx_beat),                  \
         PORT(now_ns, now_ns), PORT(frame_out, parsed_beat), PORT(descriptor, parsed_descriptor))                      \
                                                                                                                       \
  MEMORY(rx_beats, bram<StoredBeat<kBytes>, packet_buffer_beats(kBytes)>)                                              \
  MEMORY(rx_descriptors, mem<RxDescriptor, kPacketBufferFrames>)                                                       \
  STREAM(rx_frame, 2, Beat<kBytes>)                                                                                    \
  STREAM(rx_descriptor, 2, RxDescriptor)                                                                               \
  BUSY(packet_buffer_busy)                                                                                             \
  PULSE(packet_buffer_counters, kPacketBufferCounters, card::Counter::kRxFrames)                                       \
  KERNEL(packet_buffer, packet_buffer<kBytes>, PacketBufferState<kBytes>, PORT(beats, rx_beats),                       \
         PORT(descriptors, rx_descriptors), PORT(frame_in, parsed_beat), PORT(descriptor_in, parsed_descriptor),       \
         PORT(frame_out, rx_frame), PORT(descriptor_out, rx_descriptor), PORT(counters, packet_buffer_counters),       \
         PORT(busy, packet_buffer_busy))                                                                               \
                                                                                                                       \
  MEMORY(totals, mem<ap_uint<32>, 32>)                                                                                 \
  WIRE(strobes, ap_uint<card::kCounterCount>)                                                                          \
  STREAM(register_reply, 2, RegisterReply)                                                                             \
  BUSY(registers_busy)                                                                                                 \
  KERNEL(registers, registers, RegistersState, PORT(totals, totals), PORT(request, register_request),                  \
         PORT(epoch, epoch), PORT(strobes, strobes), PORT(reply, register_reply), PORT(config, mac_config),            \
         PORT(busy, registers_busy))                                                                                   \
                                                                                                                       \
  BUSY(event_writer_busy)                                                                                              \
  KERNEL(event_writer, event_writer<kBytes>, EventWriterState<kBytes>, PORT(frame, rx_frame),                          \
         PORT(descriptor, rx_descriptor), PORT(sent, departure), PORT(released, released_sends),                       \
         PORT(hello, hello_request), PORT(reply, register_reply), PORT(boot_id, boot_id), PORT(epoch, epoch),          \
         PORT(payload_credit, payload_credit), PORT(lane_credit, lane_credit), PORT(now_ns, now_ns),                   \
         PORT(events, events), PORT(busy, event_writer_busy))
