// SPDX-License-Identifier: Apache-2.0
#include "hls/checksum/receive_parser.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "hls/base/process.hpp"

namespace sockwire::test {
namespace {

using Bytes = std::vector<std::uint8_t>;

// ---- a plain reference, from the RFCs and the contract, on whole frames
// -----------------------------------------------

constexpr unsigned kL3Good = 0x01, kL3Bad = 0x02, kL4Good = 0x04, kL4Bad = 0x08;
constexpr unsigned kFragment = 0x10, kVlan = 0x20, kTcp = 0x40, kUdp = 0x80;

struct Expected {
  unsigned status = 0;
  unsigned l4_offset = 0;
  unsigned payload_offset = 0;
};

unsigned be16(const Bytes& bytes, std::size_t at) { return bytes[at] * 256u + bytes[at + 1]; }

/// RFC 1071: the folded sum of bytes [from, to), an odd last byte padded with zero.
unsigned plain_sum(const Bytes& bytes, std::size_t from, std::size_t to, unsigned long sum = 0) {
  for (std::size_t i = from; i < to; i += 2) sum += bytes[i] * 256u + (i + 1 < to ? bytes[i + 1] : 0u);
  while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
  return static_cast<unsigned>(sum);
}

Expected expect_tcp(const Bytes& frame, std::size_t l4, std::size_t l4_bytes, unsigned pseudo) {
  Expected out;
  out.status = kTcp | kL4Bad;
  if (l4_bytes < 20) return out;
  const unsigned header = (frame[l4 + 12] >> 4) * 4u;
  if (header < 20 || header > l4_bytes) return out;
  out.payload_offset = static_cast<unsigned>(l4) + header;
  if (plain_sum(frame, l4, l4 + l4_bytes, pseudo + l4_bytes) == 0xFFFF) out.status = kTcp | kL4Good;
  return out;
}

Expected expect_udp(const Bytes& frame, std::size_t l4, std::size_t l4_bytes, unsigned pseudo) {
  Expected out;
  out.status = kUdp | kL4Bad;
  if (l4_bytes < 8) return out;
  const unsigned length = be16(frame, l4 + 4);
  if (length < 8 || length > l4_bytes) return out;
  out.payload_offset = static_cast<unsigned>(l4) + 8;
  if (be16(frame, l4 + 6) == 0) {
    out.status = kUdp;
  } else if (plain_sum(frame, l4, l4 + length, pseudo + length) == 0xFFFF) {
    out.status = kUdp | kL4Good;
  }
  return out;
}

Expected expect(const Bytes& frame) {
  Expected out;
  std::size_t l3 = 14;
  unsigned type = be16(frame, 12);
  if (type == 0x8100) {
    out.status |= kVlan;
    l3 = 18;
    type = be16(frame, 16);
  }
  if (type != 0x0800) return out;
  const unsigned ihl = (frame[l3] & 15) * 4u;
  const unsigned total = be16(frame, l3 + 2);
  const bool lengths = frame[l3] >> 4 == 4 && ihl >= 20 && total >= ihl && l3 + total <= frame.size();
  if (!lengths || plain_sum(frame, l3, l3 + ihl) != 0xFFFF) {
    out.status |= kL3Bad;
    return out;
  }
  out.status |= kL3Good;
  const std::size_t l4 = l3 + ihl;
  out.l4_offset = static_cast<unsigned>(l4);
  if ((be16(frame, l3 + 6) & 0x3FFF) != 0) {
    out.status |= kFragment;
    return out;
  }
  const unsigned protocol = frame[l3 + 9];
  const unsigned pseudo = plain_sum(frame, l3 + 12, l3 + 20) + protocol;
  Expected transport;
  if (protocol == 6) transport = expect_tcp(frame, l4, total - ihl, pseudo);
  if (protocol == 17) transport = expect_udp(frame, l4, total - ihl, pseudo);
  out.status |= transport.status;
  out.payload_offset = transport.payload_offset;
  return out;
}

// ---- frames
// -----------------------------------------------------------------------------------------------------------

void put16(Bytes& bytes, std::size_t at, unsigned value) {
  bytes[at] = static_cast<std::uint8_t>(value >> 8);
  bytes[at + 1] = static_cast<std::uint8_t>(value);
}

struct Shape {
  bool vlan = false;
  unsigned option_words = 0;
  unsigned protocol = 6;
  unsigned tcp_words = 5;
  std::size_t payload_bytes = 0;
  std::size_t surplus_bytes = 0;  ///< of the datagram beyond UDP's length
  unsigned fragment = 0;
};

/// A right frame with random content.
Bytes make_frame(std::mt19937& random, const Shape& shape) {
  const std::size_t l3 = shape.vlan ? 18 : 14;
  const std::size_t l4 = l3 + 20 + 4 * shape.option_words;
  const std::size_t header = shape.protocol == 6 ? 4 * shape.tcp_words : shape.protocol == 17 ? 8 : 0;
  const std::size_t end = l4 + header + shape.payload_bytes + shape.surplus_bytes;
  Bytes frame(std::max<std::size_t>(end, 60));
  for (auto& byte : frame) byte = static_cast<std::uint8_t>(random());
  put16(frame, 12, shape.vlan ? 0x8100 : 0x0800);
  if (shape.vlan) put16(frame, 16, 0x0800);
  frame[l3] = static_cast<std::uint8_t>(0x45 + shape.option_words);
  put16(frame, l3 + 2, static_cast<unsigned>(end - l3));
  put16(frame, l3 + 6, shape.fragment);
  frame[l3 + 9] = static_cast<std::uint8_t>(shape.protocol);
  put16(frame, l3 + 10, 0);
  put16(frame, l3 + 10, 0xFFFF ^ plain_sum(frame, l3, l4));
  const unsigned pseudo = plain_sum(frame, l3 + 12, l3 + 20) + shape.protocol;
  if (shape.protocol == 6) {
    frame[l4 + 12] = static_cast<std::uint8_t>(shape.tcp_words << 4);
    put16(frame, l4 + 16, 0);
    put16(frame, l4 + 16, 0xFFFF ^ plain_sum(frame, l4, end, pseudo + (end - l4)));
  } else if (shape.protocol == 17) {
    const std::size_t length = 8 + shape.payload_bytes;
    put16(frame, l4 + 4, static_cast<unsigned>(length));
    put16(frame, l4 + 6, 0);
    const unsigned sum = 0xFFFF ^ plain_sum(frame, l4, l4 + length, pseudo + length);
    put16(frame, l4 + 6, sum == 0 ? 0xFFFF : sum);
  }
  return frame;
}

Shape random_shape(std::mt19937& random) {
  Shape shape;
  shape.vlan = random() % 3 == 0;
  shape.option_words = random() % 3 == 0 ? random() % 11 : 0;
  shape.protocol = random() % 8 == 0 ? random() % 256 : random() % 2 ? 6 : 17;
  shape.tcp_words = 5 + (random() % 2 ? random() % 11 : 0);
  shape.payload_bytes = random() % 4 == 0 ? random() % 1380 : random() % 80;
  shape.surplus_bytes = shape.protocol == 17 && random() % 4 == 0 ? random() % 20 : 0;
  shape.fragment = random() % 8 == 0 ? (random() & 0x3FFF) : random() % 2 ? 0x4000 : 0;
  return shape;
}

/// Something is done to a right frame, or it is left alone.
void disturb(std::mt19937& random, Bytes& frame) {
  const std::size_t l3 = be16(frame, 12) == 0x8100 ? 18 : 14;
  switch (random() % 12) {
    case 0:
      frame[random() % frame.size()] ^= static_cast<std::uint8_t>(1 << (random() % 8));
      break;
    case 1:
      frame.resize(std::max<std::size_t>(60, random() % (frame.size() + 1)));  // cut off
      break;
    case 2:
      put16(frame, l3 + 2, random() & 0xFFF);
      break;
    case 3:
      frame[l3] = static_cast<std::uint8_t>(random());
      break;
    case 4: {  // impossible lengths under a right header sum
      const std::size_t l4 = l3 + 4 * (frame[l3] & 15u);
      const unsigned now = random() % 2 ? random() % 64 : static_cast<unsigned>(frame.size() - l3 + random() % 3);
      put16(frame, l3 + 2, now);
      put16(frame, l3 + 10, 0);
      put16(frame, l3 + 10, 0xFFFF ^ plain_sum(frame, l3, l4));
      break;
    }
    case 5: {  // transport lengths
      const std::size_t l4 = l3 + 4 * (frame[l3] & 15u);
      if (l4 + 13 < frame.size()) frame[l4 + (random() % 2 ? 12 : 5)] = static_cast<std::uint8_t>(random());
      break;
    }
    case 6:
      put16(frame, 12, random() % 2 ? 0x86DD : random() & 0xFFFF);
      break;
    case 7: {  // UDP without a checksum
      const std::size_t l4 = l3 + 4 * (frame[l3] & 15u);
      if (l4 + 8 < frame.size() && frame[l3 + 9] == 17) put16(frame, l4 + 6, 0);
      break;
    }
    default:
      break;
  }
}

// ---- the kernel
// -------------------------------------------------------------------------------------------------------

template <int kBytes>
struct ParserBench {
  Process<ReceiveParserState<kBytes>> process;
  stream<RxBeat<kBytes>> frame_in{2};
  wire<ap_uint<64>> now_ns;
  stream<RxBeat<kBytes>> frame_out{2};
  stream<RxDescriptor> descriptor{4};
  std::vector<RxBeat<kBytes>> feed;
  std::size_t fed = 0;
  std::vector<RxBeat<kBytes>> passed;
  std::vector<RxDescriptor> descriptors;
  std::uint64_t cycle = 0;

  void add(const Bytes& frame, bool bad = false) {
    for (std::size_t at = 0; at < frame.size(); at += kBytes) {
      RxBeat<kBytes> beat;
      for (std::size_t i = 0; i < kBytes && at + i < frame.size(); ++i) {
        const int low = static_cast<int>(8 * i);
        beat.data.range(low + 7, low) = frame[at + i];
        beat.keep[static_cast<int>(i)] = 1;
      }
      beat.last = at + kBytes >= frame.size();
      beat.bad = beat.last && bad;
      feed.push_back(beat);
    }
  }
  void step(bool input, bool output) {
    if (input && fed < feed.size() && !frame_in.full()) frame_in.push(feed[fed++]);
    if (output && !frame_out.empty()) passed.push_back(frame_out.pop());
    if (output && !descriptor.empty()) descriptors.push_back(descriptor.pop());
    now_ns.drive(cycle++);
    process.step(receive_parser<kBytes>, frame_in, now_ns, frame_out, descriptor);
    tick(frame_in, now_ns, frame_out, descriptor);
  }
};

template <typename Width>
class ReceiveParser : public testing::Test {};
template <int kWidth>
using Width = std::integral_constant<int, kWidth>;
using Widths = testing::Types<Width<1>, Width<8>>;
TYPED_TEST_SUITE(ReceiveParser, Widths);

template <int kBytes>
void compare(const std::vector<Bytes>& frames, const std::vector<bool>& bad, unsigned seed, bool stalls) {
  ParserBench<kBytes> bench;
  for (std::size_t i = 0; i < frames.size(); ++i) bench.add(frames[i], bad[i]);
  std::mt19937 random(seed);
  for (int quiet = 0; quiet < 20;) {
    bench.step(!stalls || random() % 4 != 0, !stalls || random() % 4 != 0);
    quiet = bench.fed == bench.feed.size() ? quiet + 1 : 0;
  }
  for (int i = 0; i < 20; ++i) bench.step(true, true);
  ASSERT_EQ(bench.passed.size(), bench.feed.size());
  for (std::size_t i = 0; i < bench.feed.size(); ++i) {
    ASSERT_EQ(bench.passed[i].data, bench.feed[i].data);
    ASSERT_EQ(bench.passed[i].keep, bench.feed[i].keep);
    ASSERT_EQ(bench.passed[i].last, bench.feed[i].last);
    ASSERT_EQ(bench.passed[i].bad, bench.feed[i].bad);
  }
  std::size_t at = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (bad[i]) continue;
    ASSERT_LT(at, bench.descriptors.size());
    const RxDescriptor& found = bench.descriptors[at++];
    const Expected expected = expect(frames[i]);
    ASSERT_EQ(found.bytes, frames[i].size()) << "frame " << i << ", seed " << seed;
    ASSERT_EQ(found.status, expected.status) << "frame " << i << ", seed " << seed;
    ASSERT_EQ(found.l4_offset, expected.l4_offset) << "frame " << i << ", seed " << seed;
    ASSERT_EQ(found.payload_offset, expected.payload_offset) << "frame " << i << ", seed " << seed;
  }
  EXPECT_EQ(at, bench.descriptors.size());
}

// The reference itself, on the example of RFC 1071 section 3.
TEST(ReceiveParserReference, Rfc1071Section3) {
  EXPECT_EQ(plain_sum({0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7}, 0, 8), 0xddf2u);
}

// A TCP SYN and a UDP datagram, right in all respects: the reference and the kernel both say so.
TYPED_TEST(ReceiveParser, RightFramesOfEveryShape) {
  std::mt19937 random(1);
  std::vector<Bytes> frames;
  for (const bool vlan : {false, true}) {
    for (unsigned options = 0; options <= 10; ++options) {
      for (unsigned words = 5; words <= 15; ++words) {
        for (std::size_t payload : {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 30}) {
          for (unsigned protocol : {6u, 17u}) {
            Shape shape;
            shape.vlan = vlan;
            shape.option_words = options;
            shape.tcp_words = words;
            shape.payload_bytes = payload;
            shape.protocol = protocol;
            frames.push_back(make_frame(random, shape));
            ASSERT_EQ(expect(frames.back()).status & (kL3Good | kL4Good), kL3Good | kL4Good);
          }
        }
      }
    }
  }
  compare<TypeParam::value>(frames, std::vector<bool>(frames.size()), 1, false);
}

TYPED_TEST(ReceiveParser, RandomFramesAgainstThePlainReference) {
  for (unsigned seed = 2; seed < 12; ++seed) {
    std::mt19937 random(seed);
    std::vector<Bytes> frames;
    std::vector<bool> bad;
    unsigned seen = 0;
    for (int i = 0; i < 2000; ++i) {
      frames.push_back(make_frame(random, random_shape(random)));
      if (random() % 2) disturb(random, frames.back());
      bad.push_back(random() % 16 == 0);
      seen |= expect(frames.back()).status;
    }
    ASSERT_EQ(seen, 0xFFu) << "the frames do not reach every verdict";
    compare<TypeParam::value>(frames, bad, seed, seed % 2 == 0);
  }
}

TYPED_TEST(ReceiveParser, EveryFlippedBitOfTheHeadersAndPayloadIsSeen) {
  std::mt19937 random(20);
  Shape shape;
  shape.payload_bytes = 21;
  shape.option_words = 2;
  const Bytes right = make_frame(random, shape);
  std::vector<Bytes> frames;
  const std::size_t end = 14 + be16(right, 16);
  for (std::size_t bit = 8 * 14; bit < 8 * end; ++bit) {
    Bytes wrong = right;
    wrong[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    EXPECT_NE(expect(wrong).status, expect(right).status) << bit;
    frames.push_back(wrong);
  }
  compare<TypeParam::value>(frames, std::vector<bool>(frames.size()), 20, false);
}

// The descriptor's time does not depend on the frame's length: a constant number of cycles after the last beat.
TYPED_TEST(ReceiveParser, TimeIsAConstantAfterTheLastBeat) {
  std::uint64_t delay = 0;
  for (std::size_t bytes = 60; bytes < 100; ++bytes) {
    ParserBench<TypeParam::value> bench;
    bench.add(Bytes(bytes, 3));
    std::uint64_t last = 0;
    for (int i = 0; i < 200; ++i) {
      bench.step(true, true);
      if (last == 0 && bench.fed == bench.feed.size()) last = bench.cycle;
    }
    ASSERT_EQ(bench.descriptors.size(), 1u);
    const std::uint64_t after = bench.descriptors[0].time_ns - last;
    if (bytes == 60) delay = after;
    EXPECT_EQ(after, delay);
    EXPECT_LE(after, 4u);
  }
}

}  // namespace
}  // namespace sockwire::test
