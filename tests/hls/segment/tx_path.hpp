// SPDX-License-Identifier: Apache-2.0
// The fixture of the transmit path's tests: a chain at one width, after HELLO.
#pragma once

#include <gtest/gtest.h>

#include <type_traits>

#include "tests/hls/segment/commands.hpp"
#include "tests/hls/segment/tx_chain.hpp"

namespace sockwire::test {

constexpr int index_of(card::Counter counter) { return static_cast<int>(counter); }

inline Bytes pattern(std::size_t bytes, unsigned seed) {
  Bytes out(bytes);
  for (std::size_t i = 0; i < bytes; ++i) out[i] = static_cast<std::uint8_t>((i * 131 + seed * 29 + (i >> 8)) & 0xFF);
  return out;
}

/// A SEND of slot 3 that makes use of everything.
inline Send small_send(std::size_t bytes) {
  Send s;
  s.slot = 3;
  s.tag = 0x5152;
  s.seq = 0xFFFFFF80;
  s.payload = pattern(bytes, 7);
  s.ip_id = 0xFFFF;
  s.rcv_nxt = 0x11223344;
  s.window = 0xABCD;
  s.tsecr = 0x99887766;
  s.first_flags = 0x80;
  s.last_flags = 0x08;
  return s;
}

template <typename Width>
class TxPath : public ::testing::Test {
 public:
  static constexpr int kBytes = Width::value;
  TxChain<kBytes> chain;

  void SetUp() override {
    chain.send(hello(1));
    chain.run(200);
    ASSERT_EQ(chain.hellos.size(), 1u);
  }

  /// Opens the slot, writes the payload, sets the soft state, sends.
  void send(const Send& s, std::uint32_t base = 0, int log2_bytes = 14) {
    chain.send(open_slot(s.slot, base, log2_bytes, s.seq));
    chain.send(update(s.slot, s.rcv_nxt, s.window, s.tsecr));
    if (!s.payload.empty()) chain.send(write_payload(s.slot, s.seq, s.payload));
    chain.send(send_command(s));
  }

  void expect_frames(const std::vector<Bytes>& expected) {
    ASSERT_TRUE(chain.drain());
    ASSERT_EQ(chain.frames.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_EQ(chain.frames[i].bytes, expected[i]) << "frame " << i;
      EXPECT_EQ(receiver_complaint(chain.frames[i].bytes), "") << "frame " << i;
    }
    EXPECT_EQ(chain.info_late, 0u);
  }

  std::uint64_t count(card::Counter counter) const { return chain.counts[index_of(counter)]; }
};

using Widths = ::testing::Types<std::integral_constant<int, 1>, std::integral_constant<int, 8>>;

}  // namespace sockwire::test
