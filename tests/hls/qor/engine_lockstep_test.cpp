// SPDX-License-Identifier: Apache-2.0
// The three kernels of the engine in the quality table in lockstep with their modules.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "hls/base/memory.hpp"
#include "hls/mac/packet_buffer.hpp"
#include "tests/hls/mac/mac_bench.hpp"
#include "tests/hls/qor/lockstep_models.hpp"

namespace sockwire::qor {
namespace {

constexpr int kCycles = 200'000;

/// Frames as receive_parser writes them: a good frame's descriptor is taken before the next frame's last beat comes.
class ParsedFrames {
 public:
  explicit ParsedFrames(Random& random) : random_(random) {}

  bool next(RxBeat<1>& beat, bool descriptors_taken) {
    if (left_ == 0) left_ = 1 + random_.below(random_.one_in(2) ? 8 : random_.one_in(20) ? 1500 : 200);
    if (left_ == 1 && !(descriptors_taken && owed_ == 0)) return false;
    beat.data = random_.bits(8);
    beat.keep = 1;
    beat.last = --left_ == 0;
    beat.bad = beat.last && random_.one_in(4);
    if (beat.last && !beat.bad) ++owed_;
    return true;
  }
  bool descriptor(RxDescriptor& descriptor) {
    if (owed_ == 0) return false;
    --owed_;
    descriptor.bytes = random_.bits(11);
    descriptor.time_ns = random_.bits(40);
    descriptor.status = random_.bits(8);
    descriptor.l4_offset = random_.bits(8);
    descriptor.payload_offset = random_.bits(8);
    return true;
  }

 private:
  Random& random_;
  std::uint64_t left_ = 0;
  int owed_ = 0;
};

TEST_P(Lockstep, PacketBuffer) {
  Bench bench = this->bench(9);
  bench.random.phase_cycles = 4096;  // long enough to fill it
  ParsedFrames frames(bench.random);
  stream<RxDescriptor>* descriptors = nullptr;
  auto& frame_in = bench.input<RxBeat<1>>(0, [&](RxBeat<1>& beat) { return frames.next(beat, descriptors->empty()); });
  auto& descriptor_in =
      bench.input<RxDescriptor>(1, [&](RxDescriptor& descriptor) { return frames.descriptor(descriptor); });
  descriptors = &descriptor_in;
  auto& frame_out = bench.output<Beat<1>>(0);
  auto& descriptor_out = bench.output<RxDescriptor>(1);
  auto& counters = bench.output_pulse<kPacketBufferCounters>(0);
  auto& busy = bench.output_wire<bool>(6);
  Process<PacketBufferState<1>> process;
  bram<StoredBeat<1>, packet_buffer_beats(1)> beats;
  mem<RxDescriptor, kPacketBufferFrames> stored;
  std::uint64_t overflows = 0;
  bench.run(kCycles, [&] {
    overflows += counters.read()[1] ? 1 : 0;
    return process.step(packet_buffer<1>, beats, stored, frame_in, descriptor_in, frame_out, descriptor_out, counters,
                        busy);
  });
  EXPECT_GT(overflows, 10u);
}

/// A line with frames that are right and wrong in every way that mac_rx counts.
class LineOfFrames {
 public:
  explicit LineOfFrames(Random& random) : random_(random) {}

  Line<1> next() {
    if (at_ == lines_.size()) refill();
    return lines_[at_++];
  }

 private:
  test::Bytes frame() {
    constexpr std::uint64_t kDestinations[] = {test::kOwnAddress, test::kOwnAddress ^ 0x10000000000, 0xFFFFFFFFFFFF,
                                               0x01005E000001, 0x010000C28001};
    const std::size_t bytes = random_.one_in(8)    ? 1 + random_.below(70)
                              : random_.one_in(10) ? 1510 + random_.below(20)
                                                   : 60 + random_.below(20);
    test::Bytes frame(bytes);
    for (std::uint8_t& byte : frame) byte = static_cast<std::uint8_t>(random_.bits(8));
    const std::uint64_t destination = kDestinations[random_.below(5)];
    for (std::size_t i = 0; i < std::min<std::size_t>(6, bytes); ++i) {
      frame[i] = static_cast<std::uint8_t>(destination >> (8 * i));
    }
    constexpr std::uint8_t kPause[] = {0x88, 0x08, 0x00, 0x01};
    if (bytes >= 18 && random_.one_in(2)) std::copy(kPause, kPause + 4, frame.begin() + 12);
    if (random_.one_in(16)) frame[random_.below(std::min<std::size_t>(18, bytes))] ^= 1u << random_.below(8);
    return frame;
  }

  void refill() {
    test::LineWriter<1> writer;
    test::Bytes whole = test::with_fcs(frame());
    if (random_.one_in(6)) whole[random_.below(whole.size())] ^= 1u << random_.below(8);
    writer.frame(whole, random_.one_in(6) ? static_cast<int>(random_.below(20)) : 7);
    if (random_.one_in(10)) writer.symbols[random_.below(writer.symbols.size())].error = true;
    if (random_.one_in(10)) writer.symbols.resize(1 + random_.below(writer.symbols.size()));  // the carrier goes away
    const std::size_t gap = writer.symbols.size();
    writer.idle(1 + static_cast<int>(random_.below(14)));
    writer.symbols[gap].dribble = random_.one_in(3);
    if (random_.one_in(10)) {
      for (std::size_t i = gap; i < writer.symbols.size(); ++i) {
        writer.symbols[i].data = random_.one_in(4) ? 0x0F : 0x0E;
        writer.symbols[i].error = !random_.one_in(4);
      }
    }
    lines_ = writer.lines();
    at_ = 0;
  }

  Random& random_;
  std::vector<Line<1>> lines_;
  std::size_t at_ = 0;
};

TEST_P(Lockstep, MacRx) {
  Bench bench = this->bench(10);
  bench.random.phase_cycles = 4096;  // longer than the longest frame
  Random& random = bench.random;
  LineOfFrames frames(random);
  Line<1> now;
  bool enabled = true;
  MacConfig settings;
  settings.address = test::kOwnAddress;
  auto& line = bench.input_wire<Line<1>>(0, [&] {
    if (enabled) now = frames.next();
    return now;
  });
  auto& enable = bench.input_wire<bool>(11, [&] { return enabled = !random.one_in(8); });
  auto& config = bench.input_wire<MacConfig>(12, [&] {
    if (random.one_in(500)) {
      settings.promiscuous = random.one_in(2);
      settings.all_multicast = random.one_in(2);
      settings.broadcast = random.one_in(2);
      settings.pause = !random.one_in(4);
    }
    return settings;
  });
  auto& frame = bench.output<RxBeat<1>>(0);
  auto& pause = bench.output<PauseRequest>(1);
  auto& counters = bench.output_pulse<kMacRxCounters>(0);
  auto& busy = bench.output_wire<bool>(9);
  Process<MacRxState<1>> process;
  std::uint64_t counted[kMacRxCounters] = {};
  bench.run(3 * kCycles, [&] {
    for (int i = 0; i < kMacRxCounters; ++i) counted[i] += counters.read()[i] ? 1 : 0;
    return process.step(mac_rx<1>, line, enable, config, frame, pause, counters, busy);
  });
  for (int i = 0; i < kMacRxCounters; ++i) EXPECT_GT(counted[i], 4u) << "counter " << i;
}

TEST_P(Lockstep, MacTx) {
  Bench bench = this->bench(11);
  Random& random = bench.random;
  auto& frame = bench.input<Beat<1>>(0, random_frames<1>(random, 100));
  auto& info = bench.input<FrameInfo>(1, [&](FrameInfo& next) {
    next.report = random.one_in(2);
    next.credit = random.bits(2);
    next.tag = random.bits(16);
    next.seq_end = random.bits(32);
    next.segments = random.bits(8);
    next.slot = random.bits(8);
    return true;
  });
  auto& pause = bench.input<PauseRequest>(2, [&](PauseRequest& request) {
    request.quanta = random.one_in(20) ? random.below(16) : random.below(3);
    return random.one_in(200);
  });
  std::uint64_t time_ns = 0;
  auto& now_ns = bench.input_wire<ap_uint<64>>(0, [&] { return ap_uint<64>(time_ns += random.bits(36)); });
  auto& enable = bench.input_wire<bool>(64, [&] { return !random.one_in(8); });
  auto& departure = bench.output<Departure>(0);
  auto& line = bench.output_wire<Line<1>>(0);
  auto& counters = bench.output_pulse<kMacTxCounters>(11);
  auto& busy = bench.output_wire<bool>(14);
  Process<MacTxState<1>> process;
  std::uint64_t counted[kMacTxCounters] = {};
  bench.run(kCycles, [&] {
    for (int i = 0; i < kMacTxCounters; ++i) counted[i] += counters.read()[i] ? 1 : 0;
    return process.step(mac_tx<1>, frame, info, pause, now_ns, enable, line, departure, counters, busy);
  });
  for (int i = 0; i < kMacTxCounters; ++i) EXPECT_GT(counted[i], 10u) << "counter " << i;
}

}  // namespace
}  // namespace sockwire::qor
