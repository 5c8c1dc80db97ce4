// SPDX-License-Identifier: Apache-2.0
// The transmit kernels as they are composed in the engine, from commands in to finished frames out.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "hls/base/process.hpp"
#include "hls/checksum/checksum_insert.hpp"
#include "hls/segment/assembler.hpp"
#include "hls/segment/command_parser.hpp"
#include "hls/segment/priority_lane.hpp"
#include "hls/segment/segmenter.hpp"
#include "hls/segment/send_buffer.hpp"

namespace sockwire::test {

using Bytes = std::vector<std::uint8_t>;

/// A frame as mac_tx would get it.
struct SentFrame {
  Bytes bytes;
  FrameInfo info;
  std::uint64_t first_cycle = 0;
  std::uint64_t last_cycle = 0;
};

template <int kBytes>
class TxChain {
 public:
  /// Whether the sink takes a beat in this cycle, and whether the source offers one. Default: always.
  std::function<bool(std::uint64_t)> sink_ready = [](std::uint64_t) { return true; };
  std::function<bool(std::uint64_t)> source_valid = [](std::uint64_t) { return true; };
  std::uint64_t ns_per_cycle = 8;
  /// Cycles that the sink needs for a frame beyond its beats, as a MAC does for preamble, FCS and gap.
  std::uint64_t sink_gap_cycles = 0;

  std::vector<SentFrame> frames;
  std::vector<Departure> released;
  std::vector<RegisterRequest> register_requests;
  std::vector<HelloRequest> hellos;
  std::uint64_t counts[card::kCounterCount] = {};

  void send(const Bytes& message) {
    for (std::size_t i = 0; i < message.size(); i += kBytes) {
      Beat<kBytes> beat;
      for (std::size_t b = 0; b < kBytes && i + b < message.size(); ++b) {
        beat.data.range(static_cast<int>(8 * b + 7), static_cast<int>(8 * b)) = message[i + b];
        beat.keep[static_cast<int>(b)] = 1;
      }
      beat.last = i + kBytes >= message.size();
      input_.push_back(beat);
    }
  }

  bool input_done() const { return input_.empty() && command.size() == 0; }
  std::uint64_t cycle() const { return cycle_; }
  std::uint64_t last_input_cycle() const { return last_input_cycle_; }
  std::uint64_t time_ns() const { return cycle_ * ns_per_cycle; }
  std::uint16_t lane_credit() const { return static_cast<std::uint16_t>(lane_credit_.read()); }
  std::uint16_t payload_credit() const { return static_cast<std::uint16_t>(payload_credit_.read()); }
  std::uint8_t epoch() const { return static_cast<std::uint8_t>(epoch_.read()); }
  Deadline deadline() const { return deadline_.read(); }
  bool busy() const {
    return parser_busy_.read() || segmenter_busy_.read() || assembler_busy_.read() || lane_busy_.read() ||
           insert_busy_.read();
  }

  void run(std::uint64_t cycles) {
    for (std::uint64_t i = 0; i < cycles; ++i) step();
  }

  /// Runs until nothing moves for a while. Returns false if that is not so after `limit` cycles.
  bool drain(std::uint64_t limit = 1'000'000) {
    std::uint64_t quiet = 0;
    for (std::uint64_t i = 0; i < limit; ++i) {
      step();
      quiet = input_done() && !busy() && !deadline().valid && frame_out_.size() == 0 ? quiet + 1 : 0;
      if (quiet > 100) return true;
    }
    return false;
  }

  void step() {
    now_.drive(time_ns());
    if (!input_.empty() && !command.full() && source_valid(cycle_)) {
      command.push(input_.front());
      input_.pop_front();
      last_input_cycle_ = cycle_;
    }
    sink();
    parser_.step(&command_parser<kBytes>, rings_, command, template_done_, lane_credit_, slot_command_, template_write_,
                 payload_write_, lane_frame_, lane_beat_, register_request_, hello_request_, epoch_, payload_credit_,
                 command_counters_, parser_busy_);
    segmenter_.step(&segmenter<kBytes>, queued_, paces_, progress_, slot_rings_, written_, released_mem_, soft_states_,
                    due_, slot_command_, now_, soft_request_, plan_, soft_, segmenter_busy_, deadline_,
                    segmenter_counters_);
    assembler_.step(&assembler<kBytes>, templates_, template_write_, plan_, soft_, payload_, now_, payload_read_,
                    segment_, segment_info_, departure_, soft_request_, template_done_, assembler_busy_);
    buffer_.step(&send_buffer<kBytes>, memory_, payload_write_, payload_read_, payload_);
    lane_.step(&priority_lane<kBytes>, lane_memory_, lane_queue_, lane_frame_, lane_beat_, segment_, segment_info_,
               frame_, checksum_, info_, lane_credit_, lane_busy_);
    insert_.step(&checksum_insert<kBytes>, packets_, summed_, frame_, checksum_, frame_out_, insert_busy_);
    tick(rings_, command, template_done_, lane_credit_, slot_command_, template_write_, payload_write_, lane_frame_,
         lane_beat_, register_request_, hello_request_, epoch_, payload_credit_, command_counters_, parser_busy_);
    tick(queued_, paces_, progress_, slot_rings_, written_, released_mem_, soft_states_, due_, soft_request_, plan_,
         departure_, soft_, segmenter_busy_, deadline_, segmenter_counters_);
    tick(templates_, payload_, payload_read_, segment_, segment_info_, assembler_busy_, memory_, lane_memory_,
         lane_queue_, frame_, checksum_, info_, lane_busy_, packets_, summed_, frame_out_, insert_busy_);
    count();
    ++cycle_;
  }

 private:
  void sink() {
    if (!departure_.empty()) released.push_back(departure_.pop());
    if (!register_request_.empty()) register_requests.push_back(register_request_.pop());
    if (!hello_request_.empty()) hellos.push_back(hello_request_.pop());
    if (gap_left_ > 0) {
      if (--gap_left_ == 0) info_.pop();
      return;
    }
    if (frame_out_.empty() || !sink_ready(cycle_)) return;
    if (!in_frame_) {
      frames.emplace_back();
      frames.back().first_cycle = cycle_;
      if (info_.empty()) {
        ++info_late;
      } else {
        frames.back().info = info_.front();
      }
    }
    const Beat<kBytes> beat = frame_out_.pop();
    SentFrame& frame = frames.back();
    for (int i = 0; i < kBytes; ++i) {
      if (beat.keep[i]) frame.bytes.push_back(static_cast<std::uint8_t>(beat.data.range(8 * i + 7, 8 * i)));
    }
    in_frame_ = !beat.last;
    if (beat.last) {
      frame.last_cycle = cycle_;
      gap_left_ = sink_gap_cycles;
      if (gap_left_ == 0) info_.pop();
    }
  }

  void count() {
    const std::uint64_t command_bits = command_counters_.read();
    for (int i = 0; i < kCommandCounters; ++i) {
      counts[static_cast<int>(card::Counter::kCommandEpoch) + i] += (command_bits >> i) & 1;
    }
    const std::uint64_t segmenter_bits = segmenter_counters_.read();
    for (int i = 0; i < kSegmenterCounters; ++i) {
      counts[static_cast<int>(card::Counter::kTxSegments) + i] += (segmenter_bits >> i) & 1;
    }
  }

 public:
  std::uint64_t info_late = 0;  ///< frames whose FrameInfo was not there with their first beat
  stream<Beat<kBytes>> command;

 private:
  std::deque<Beat<kBytes>> input_;
  std::uint64_t cycle_ = 0;
  std::uint64_t last_input_cycle_ = 0;
  std::uint64_t gap_left_ = 0;
  bool in_frame_ = false;

  Process<CommandParserState<kBytes>> parser_;
  mem<Ring<kBytes>, card::kSlots> rings_;
  wire<ap_uint<queue_entries(kBytes)>> template_done_;
  wire<ap_uint<16>> lane_credit_, payload_credit_;
  stream<SlotCommand<kBytes>> slot_command_;
  stream<TemplateWrite<kBytes>> template_write_;
  stream<PayloadWrite<kBytes>> payload_write_;
  stream<LaneFrame> lane_frame_;
  stream<LaneBeat<kBytes>> lane_beat_;
  stream<RegisterRequest> register_request_;
  stream<HelloRequest> hello_request_;
  wire<ap_uint<8>> epoch_;
  pulse<kCommandCounters> command_counters_;

  Process<SegmenterState<kBytes>> segmenter_;
  mem<QueuedSend, queue_entries(kBytes)> queued_;
  mem<QueuedPace, queue_entries(kBytes)> paces_;
  mem<SendProgress, queue_entries(kBytes)> progress_;
  mem<Ring<kBytes>, card::kSlots> slot_rings_;
  mem<ap_uint<32>, card::kSlots> written_, released_mem_;
  mem<SoftState, card::kSlots> soft_states_;
  mem<ap_uint<64>, card::kSlots> due_;
  wire<ap_uint<64>> now_;
  wire<SoftRequest> soft_request_;
  stream<SegmentPlan<kBytes>> plan_;
  stream<Departure> departure_;
  wire<SoftState> soft_;
  wire<bool> segmenter_busy_{true}, parser_busy_, assembler_busy_, lane_busy_, insert_busy_;
  wire<Deadline> deadline_;
  pulse<kSegmenterCounters> segmenter_counters_;

  Process<AssemblerState<kBytes>> assembler_;
  bram<ap_uint<8 * kBytes>, template_rows(kBytes)> templates_;
  stream<ap_uint<8 * kBytes>> payload_;
  stream<PayloadRead<kBytes>> payload_read_;
  stream<Beat<kBytes>> segment_;
  stream<TxFrame> segment_info_;

  Process<SendBufferState<kBytes>> buffer_;
  banked<ap_uint<8>, card::send_buffer_bytes(kBytes) / kBytes, kBytes> memory_;

  Process<PriorityLaneState<kBytes>> lane_;
  bram<PacketWord<kBytes>, kLaneBytes / kBytes> lane_memory_;
  mem<LaneFrame, kLaneQueue> lane_queue_;
  stream<Beat<kBytes>> frame_;
  stream<ChecksumPlan> checksum_;
  stream<FrameInfo> info_{4};

  Process<ChecksumInsertState<kBytes>> insert_;
  bram<PacketWord<kBytes>, kPacketBytes / kBytes> packets_;
  mem<SummedFrame, kPacketQueue> summed_;
  stream<Beat<kBytes>> frame_out_;
};

}  // namespace sockwire::test
