// SPDX-License-Identifier: Apache-2.0
// The nine small kernels of the quality table in lockstep with their modules.
#include <cstdint>

#include "tests/hls/qor/crc32_byte.hpp"
#include "tests/hls/qor/crc32_wide.hpp"
#include "tests/hls/qor/encoder_8b10b.hpp"
#include "tests/hls/qor/frame_arbiter.hpp"
#include "tests/hls/qor/header_strip.hpp"
#include "tests/hls/qor/internet_checksum.hpp"
#include "tests/hls/qor/lockstep_models.hpp"
#include "tests/hls/qor/scrambler.hpp"
#include "tests/hls/qor/uart_receiver.hpp"
#include "tests/hls/qor/window_check.hpp"

namespace sockwire::qor {
namespace {

constexpr int kCycles = 30'000;

INSTANTIATE_TEST_SUITE_P(Qor, Lockstep, testing::Values(Side::kGenerated, Side::kReference), name_of);

TEST_P(Lockstep, InternetChecksum) {
  Bench bench = this->bench(0);
  auto& data = bench.input<Beat<8>>(0, random_frames<8>(bench.random, 100));
  auto& checksum = bench.output<ap_uint<16>>(0);
  Process<InternetChecksumState> process;
  bench.run(kCycles, [&] { return process.step(internet_checksum, data, checksum); });
}

TEST_P(Lockstep, Crc32Byte) {
  Bench bench = this->bench(1);
  auto& data = bench.input<Beat<1>>(0, random_frames<1>(bench.random, 30));
  auto& fcs = bench.output<ap_uint<32>>(0);
  Process<Crc32ByteState> process;
  bench.run(kCycles, [&] { return process.step(crc32_byte, data, fcs); });
}

TEST_P(Lockstep, Crc32Wide) {
  Bench bench = this->bench(2);
  auto& data = bench.input<Beat<8>>(0, random_frames<8>(bench.random, 100));
  auto& fcs = bench.output<ap_uint<32>>(0);
  Process<Crc32WideState> process;
  bench.run(kCycles, [&] { return process.step(crc32_wide, data, fcs); });
}

TEST_P(Lockstep, Scrambler) {
  Bench bench = this->bench(3);
  auto& plain = bench.input<Block66>(0, [&](Block66& block) {
    block.header = bench.random.bits(2);
    block.payload = bench.random.one_in(4) ? 0 : bench.random.bits(64);
    return true;
  });
  auto& scrambled = bench.output<Block66>(0);
  Process<ScramblerState> process;
  bench.run(kCycles, [&] { return process.step(scrambler, plain, scrambled); });
}

TEST_P(Lockstep, Encoder8b10b) {
  Bench bench = this->bench(4);
  auto& characters = bench.input<Character>(0, [&](Character& character) {
    constexpr unsigned kOthers[] = {23, 27, 29, 30};
    character.octet = bench.random.bits(8);
    character.control = bench.random.one_in(4);
    if (character.control && bench.random.one_in(2)) character.octet.range(4, 0) = 28;
    if (character.control && character.octet.range(4, 0) != 28)
      character.octet = 7u << 5 | kOthers[bench.random.bits(2)];
    return true;
  });
  auto& code = bench.output<ap_uint<10>>(0);
  Process<Encoder8b10bState> process;
  bench.run(kCycles, [&] { return process.step(encoder_8b10b, characters, code); });
}

/// A number near one of a connection's, or anywhere.
std::uint64_t near(Random& random, std::uint64_t edge) {
  return random.one_in(8) ? random.bits(32) : edge + random.below(5) - 2;
}

TEST_P(Lockstep, WindowCheck) {
  Bench bench = this->bench(5);
  Random& random = bench.random;
  ConnectionNumbers now;
  auto& connection = bench.input_wire<ConnectionNumbers>(0, [&] {
    if (random.one_in(16)) {
      now.rcv_nxt = random.bits(32);
      now.rcv_wnd = random.one_in(4) ? 0 : random.bits(1 + static_cast<int>(random.below(30)));
      now.snd_una = random.bits(32);
      now.snd_nxt = near(random, now.snd_una + random.bits(static_cast<int>(random.below(31))));
    }
    return now;
  });
  auto& segment = bench.input<SegmentNumbers>(0, [&](SegmentNumbers& numbers) {
    numbers.length = random.one_in(3) ? random.below(3) : random.bits(1 + static_cast<int>(random.below(16)));
    const std::uint64_t before = random.one_in(2) ? numbers.length.value() : 0;
    const std::uint64_t ahead = random.one_in(2) ? now.rcv_wnd.value() : 0;
    numbers.seq = near(random, now.rcv_nxt.value() + ahead - before);
    numbers.ack = near(random, random.one_in(2) ? now.snd_una : now.snd_nxt);
    return true;
  });
  auto& verdict = bench.output<SegmentVerdict>(0);
  Process<WindowCheckState> process;
  bench.run(2 * kCycles, [&] { return process.step(window_check, segment, connection, verdict); });
}

TEST_P(Lockstep, FrameArbiter) {
  Bench bench = this->bench(6);
  auto& a = bench.input<Beat<1>>(0, random_frames<1>(bench.random, 10));
  auto& b = bench.input<Beat<1>>(1, random_frames<1>(bench.random, 20));
  auto& c = bench.input<Beat<1>>(2, random_frames<1>(bench.random, 1));
  auto& d = bench.input<Beat<1>>(3, random_frames<1>(bench.random, 5));
  auto& out = bench.output<Beat<1>>(0);
  Process<FrameArbiterState> process;
  bench.run(kCycles, [&] { return process.step(frame_arbiter, a, b, c, d, out); });
}

TEST_P(Lockstep, HeaderStrip) {
  Bench bench = this->bench(7);
  auto& frame = bench.input<Beat<8>>(0, random_frames<8>(bench.random, 60));
  auto& stripped = bench.output<Beat<8>>(0);
  Process<HeaderStripState> process;
  bench.run(kCycles, [&] { return process.step(header_strip, frame, stripped); });
}

/// A line with characters, some of them broken, at `cycles` a bit.
class NoisyLine {
 public:
  explicit NoisyLine(Random& random) : random_(random) {}

  bool next(unsigned cycles) {
    if (left_ == 0) {
      left_ = random_.one_in(40) ? 1 : cycles;
      if (bit_ == 0) bits_ = 0x200u | static_cast<unsigned>(random_.bits(8)) << 1;
      if (random_.one_in(100)) bits_ ^= 0x201;
      level_ = ((bits_ >> bit_) & 1) != 0;
      if (++bit_ == 10) bit_ = 0;
      if (bit_ == 0 && random_.one_in(3)) left_ += static_cast<unsigned>(random_.below(50));
    }
    --left_;
    return level_;
  }

 private:
  Random& random_;
  unsigned left_ = 0;
  unsigned bits_ = 0;
  unsigned bit_ = 0;
  bool level_ = true;
};

TEST_P(Lockstep, UartReceiver) {
  Bench bench = this->bench(8);
  NoisyLine noise(bench.random);
  unsigned cycles = 8;
  auto& line = bench.input_wire<bool>(0, [&] { return noise.next(cycles); });
  auto& cycles_per_bit = bench.input_wire<ap_uint<12>>(1, [&] {
    if (bench.random.one_in(3000))
      cycles = 1 + static_cast<unsigned>(bench.random.below(bench.random.one_in(3) ? 300 : 16));
    return ap_uint<12>(cycles - 1);
  });
  auto& received = bench.output<ap_uint<8>>(0);
  auto& errors = bench.output_pulse<2>(0);
  Process<UartReceiverState> process;
  bench.run(10 * kCycles, [&] { return process.step(uart_receiver, line, cycles_per_bit, received, errors); });
}

}  // namespace
}  // namespace sockwire::qor
