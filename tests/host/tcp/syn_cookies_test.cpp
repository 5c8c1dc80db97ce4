// SPDX-License-Identifier: Apache-2.0
// SYN cookies: RFC 4987 3.6, and what a flood of SYNs costs.
#include "host/tcp/syn_cookies.hpp"

#include <gtest/gtest.h>

#include "host/tcp/listener.hpp"

namespace sockwire::tcp {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kNow{1000s};
const Endpoint kLocal{*IpAddress::parse("192.0.2.1"), 80};
const Endpoint kRemote{*IpAddress::parse("198.51.100.7"), 40000};

Segment syn_of_a_peer(bool timestamps = true) {
  Segment syn;
  syn.seq = SeqNum(0xfffffffe);
  syn.flags = wire::kTcpSyn;
  syn.window = 64240;
  syn.options.mss = 1400;
  syn.options.window_scale = 7;
  syn.options.sack_permitted = true;
  if (timestamps) syn.options.timestamps = Timestamps{5000, 0};
  return syn;
}

class Cookies : public ::testing::Test {
 protected:
  /// What the peer answers to a SYN-ACK.
  static Segment ack_of(const Segment& syn, const Transmit& syn_ack) {
    Segment ack;
    ack.seq = syn.seq + 1;
    ack.ack = syn_ack.seq + 1;
    ack.flags = wire::kTcpAckFlag;
    ack.window = 501;
    if (syn_ack.options.timestamps) ack.options.timestamps = Timestamps{5010, syn_ack.options.timestamps->tsval};
    return ack;
  }
  Listener::Answer arrive(const Segment& segment, const Endpoint& remote = kRemote, TimePoint now = kNow) {
    return listener.on_segment(now, segment, kLocal, remote, SeqNum(77));
  }
  /// Takes all the room that the listener has for handshakes.
  void fill() {
    for (std::uint16_t port = 1; port <= 4; ++port) {
      ASSERT_TRUE(arrive(syn_of_a_peer(), {kRemote.address, port}).connection);
    }
  }

  SynCookies cookies{SipHashKey{1, 2, 3, 4}};
  Listener listener{Config{}, kLocal, 4, &cookies};
};

TEST_F(Cookies, ASynBeyondTheBacklogIsAnsweredWithoutKeepingAnything) {
  fill();
  const auto answer = arrive(syn_of_a_peer());
  EXPECT_FALSE(answer.connection);
  ASSERT_TRUE(answer.syn_ack);
  EXPECT_EQ(answer.syn_ack->flags(), wire::kTcpSyn | wire::kTcpAckFlag);
  EXPECT_EQ(answer.syn_ack->ack, SeqNum(0xffffffff));
  EXPECT_EQ(listener.half_open(), 4u);
  EXPECT_EQ(listener.counters().cookies_sent, 1u);
}

TEST_F(Cookies, TheAckBringsTheConnectionBackWithItsOptions) {
  fill();
  const Segment syn = syn_of_a_peer();
  const auto answer = arrive(syn);
  const auto returned = arrive(ack_of(syn, *answer.syn_ack), kRemote, kNow + 80ms);
  ASSERT_TRUE(returned.connection);
  EXPECT_EQ(returned.connection->state(), State::kEstablished);
  const Info info = returned.connection->info();
  EXPECT_EQ(info.mss, 1360u - 12u);  // of 1400 the next lower of the eight, without the timestamps
  EXPECT_TRUE(info.sack);
  EXPECT_TRUE(info.timestamps);
  EXPECT_EQ(info.snd_wscale, 7);
  EXPECT_EQ(info.snd_wnd_bytes, 501u << 7);
  EXPECT_EQ(info.rcv_nxt, SeqNum(0xffffffff));
  EXPECT_FALSE(returned.connection->poll_transmit(kNow + 80ms));  // the SYN-ACK does not go again
}

TEST_F(Cookies, WithoutTimestampsThereIsNoRoomForOptions) {
  fill();
  const Segment syn = syn_of_a_peer(false);
  const auto answer = arrive(syn);
  ASSERT_TRUE(answer.syn_ack);
  EXPECT_FALSE(answer.syn_ack->options.window_scale);
  EXPECT_FALSE(answer.syn_ack->options.sack_permitted);
  const auto returned = arrive(ack_of(syn, *answer.syn_ack));
  ASSERT_TRUE(returned.connection);
  EXPECT_EQ(returned.connection->info().mss, 1360u);
  EXPECT_FALSE(returned.connection->info().sack);
}

TEST_F(Cookies, OnlyTheOneWhoWasAnsweredCanReturnIt) {
  fill();
  const Segment syn = syn_of_a_peer();
  const Segment ack = ack_of(syn, *arrive(syn).syn_ack);
  EXPECT_TRUE(arrive(ack, {kRemote.address, 40001}).reset);
  Segment guess = ack;
  guess.ack = ack.ack + 1;
  EXPECT_TRUE(arrive(guess).reset);
  guess = ack;
  guess.seq = ack.seq + 1;
  EXPECT_TRUE(arrive(guess).reset);
  EXPECT_EQ(listener.counters().cookies_bad, 3u);
  EXPECT_TRUE(arrive(ack).connection);
}

TEST_F(Cookies, TheyGoStale) {
  fill();
  const Segment syn = syn_of_a_peer();
  const Segment ack = ack_of(syn, *arrive(syn).syn_ack);
  // kNow is 40 s into a period of 64 s.
  EXPECT_TRUE(cookies.syn_of(kLocal, kRemote, kNow + 87s, ack));
  EXPECT_FALSE(cookies.syn_of(kLocal, kRemote, kNow + 88s, ack));
  EXPECT_FALSE(arrive(ack, kRemote, kNow + 88s).connection);
}

TEST_F(Cookies, NobodyIsLetInByAnAckWhenNoneAreOut) {
  const Segment syn = syn_of_a_peer();
  Transmit made;
  made.seq = cookies.iss(kLocal, kRemote, kNow, SynCookies::reduced(syn));
  EXPECT_TRUE(arrive(ack_of(syn, made)).reset);
}

TEST_F(Cookies, AFullAcceptQueueDropsSyns) {
  fill();
  for (Listener::Id id = 1; id <= 4; ++id) listener.on_connected(id);
  const auto answer = arrive(syn_of_a_peer());
  EXPECT_FALSE(answer.syn_ack);
  EXPECT_FALSE(answer.connection);
  EXPECT_EQ(listener.counters().backlog_full, 1u);
}

TEST_F(Cookies, AFloodKeepsNothing) {
  fill();
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    Segment syn = syn_of_a_peer();
    syn.seq = SeqNum(i * 2654435761u);
    const Endpoint forged{IpAddress::from_ipv4(0xc6336400u + i), static_cast<std::uint16_t>(1024 + i)};
    EXPECT_TRUE(arrive(syn, forged).syn_ack);
  }
  EXPECT_EQ(listener.half_open(), 4u);
}

TEST(SynCookies, TheTimestampNeverRunsAhead) {
  const Segment syn = SynCookies::reduced(syn_of_a_peer());
  for (std::uint32_t now = 0xffffff00; now != 0x100; ++now) {
    const std::uint32_t sent = SynCookies::tsval(now, syn);
    EXPECT_LE(now - sent, 64u);
    EXPECT_EQ(sent & 0x3f, 7u | 1u << 4);
  }
}

TEST(SynCookies, EveryMssIsRoundedDown) {
  for (const auto& [offered, kept] :
       {std::pair(1, 48), {48, 48}, {535, 216}, {536, 536}, {1459, 1440}, {1460, 1460}, {9000, 8940}, {65535, 8940}}) {
    Segment syn = syn_of_a_peer();
    syn.options.mss = static_cast<std::uint16_t>(offered);
    EXPECT_EQ(SynCookies::reduced(syn).options.mss, kept);
  }
}

}  // namespace
}  // namespace sockwire::tcp
