// SPDX-License-Identifier: Apache-2.0
// RFC 7323 2.2 and 2.3: scaling needs the option in both SYNs, is never applied to the window of a SYN, and not
// above 14.
#include <gtest/gtest.h>

#include "states.hpp"

namespace sockwire::tcp::test {
namespace {

constexpr Options kScale7{1460, 7, std::nullopt, false};
constexpr Options kNoScale{1460, std::nullopt, std::nullopt, false};

TEST(Rfc7323, BothSynsScale) {
  Lone lone;
  lone.config.window_scale = true;
  lone.config.receive_buffer_bytes = 1 << 20;
  lone.config.initial_window_bytes = 0;
  lone.connect();
  ASSERT_EQ(lone.take().at(0).options.window_scale, 5);
  Segment syn_ack = lone.segment(Lone::kPeer, kOurs, wire::kTcpSyn | wire::kTcpAckFlag);
  syn_ack.options = kScale7;
  lone.deliver(syn_ack);
  EXPECT_EQ(lone.take().at(0).window, (1 << 20) >> 5);
  lone.receive(kTheirs, kOurs);
  EXPECT_EQ(lone->info().snd_wnd_bytes, 65535u << 7);
}

TEST(Rfc7323, PeerThatDoesNotScaleIsNotScaled) {
  Lone lone;
  lone.config.window_scale = true;
  lone.config.receive_buffer_bytes = 1 << 20;
  lone.establish(kNoScale);
  lone.receive(kTheirs, kOurs);
  EXPECT_EQ(lone->info().snd_wnd_bytes, 65535u);
  lone.send("data");
  EXPECT_EQ(lone.take().at(0).window, 65535) << "as much as the field holds";
}

TEST(Rfc7323, SynAckHasTheOptionOnlyIfTheSynHad) {
  Lone without;
  without.config.window_scale = true;
  without.accept(kNoScale);
  EXPECT_FALSE(without.out.at(0).options.window_scale);
  Lone with;
  with.config.window_scale = true;
  with.accept(kScale7);
  EXPECT_TRUE(with.out.at(0).options.window_scale);
}

TEST(Rfc7323, WindowOfASynIsNotScaled) {
  Lone active;
  active.config.window_scale = true;
  active.config.receive_buffer_bytes = 1 << 20;
  active.connect();
  EXPECT_EQ(active.take().at(0).window, 65535);
  active.peer_window = 1000;
  Segment syn_ack = active.segment(Lone::kPeer, kOurs, wire::kTcpSyn | wire::kTcpAckFlag);
  syn_ack.options = kScale7;
  active.deliver(syn_ack);
  EXPECT_EQ(active->info().snd_wnd_bytes, 1000u);
  Lone passive;
  passive.config.window_scale = true;
  passive.config.receive_buffer_bytes = 1 << 20;
  passive.accept(kScale7);
  EXPECT_EQ(passive.take().at(0).window, 65535);
}

TEST(Rfc7323, ShiftAbove14CountsAs14) {
  const std::array<std::uint8_t, 4> bytes{3, 3, 15, 0};
  EXPECT_EQ(decode_options(bytes)->window_scale, 14);
}

// 2.3: and that is noted.
TEST(Rfc7323, ShiftAbove14IsCounted) {
  for (const std::uint8_t shift : {std::uint8_t{14}, std::uint8_t{15}}) {
    Lone lone;
    lone.config.window_scale = true;
    lone.establish(*decode_options(std::array<std::uint8_t, 4>{3, 3, shift, 0}));
    EXPECT_EQ(lone->info().snd_wscale, 14);
    EXPECT_EQ(lone->info().counters.window_scale_limited, shift - 14u);
  }
}

TEST(Rfc7323, OptionOutsideOfASynIsIgnored) {
  Lone lone;
  lone.config.window_scale = true;
  lone.establish(kScale7);
  Segment segment = lone.segment(kTheirs, kOurs, wire::kTcpAckFlag);
  segment.options.window_scale = 2;
  lone.deliver(segment);
  EXPECT_EQ(lone->info().snd_wnd_bytes, 65535u << 7);
}

}  // namespace
}  // namespace sockwire::tcp::test
