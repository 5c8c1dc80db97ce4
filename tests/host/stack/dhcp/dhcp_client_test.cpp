// SPDX-License-Identifier: Apache-2.0
// The client's state machine in virtual time, clause by clause.
#include "host/stack/dhcp/dhcp_client.hpp"

#include <gtest/gtest.h>

#include "tests/host/stack/dhcp/server.hpp"

namespace sockwire::stack::dhcp {
namespace {

using namespace std::chrono_literals;
using test::Answer;
using test::kLent;
using test::kServer;
using test::Said;

constexpr Ipv4Address kAll{255, 255, 255, 255};

ClientConfig config() {
  ClientConfig made;
  made.mac = test::kMac;
  made.secret = {1, 2, 3};
  made.max_start_delay = Duration::zero();
  return made;
}

struct DhcpClientTest : testing::Test {
  Counters counters;
  Client client{config(), counters};
  TimePoint now{};
  Ipv4Address sent_to;

  std::optional<Said> said() {
    const auto transmit = client.poll_transmit();
    if (!transmit) return std::nullopt;
    sent_to = transmit->destination;
    return Said(transmit->payload);
  }
  std::optional<ClientEvent::Kind> event() {
    const auto event = client.poll_event();
    return event ? std::optional(event->kind) : std::nullopt;
  }
  /// To the next deadline, and over it.
  Duration pass() {
    const TimePoint before = now;
    now = client.next_deadline();
    client.on_timeout(now);
    return now - before;
  }
  void answer(std::uint8_t type, std::uint32_t xid, Ipv4Address server = kServer, std::uint32_t seconds = 3600) {
    Answer made;
    made.type = type;
    made.xid = xid;
    made.server = server;
    made.lease_seconds = seconds;
    client.on_message(now, made.bytes());
  }
  void bind(std::uint32_t seconds = 3600) {
    client.start(now);
    answer(2, said()->xid());
    answer(5, said()->xid(), kServer, seconds);
    ASSERT_EQ(event(), ClientEvent::Kind::kCheck);
    client.on_checked(now, false);
    ASSERT_EQ(event(), ClientEvent::Kind::kBound);
    ASSERT_EQ(client.state(), ClientState::kBound);
  }
};

// RFC 2131 3.1: DISCOVER, OFFER, REQUEST, ACK; 4.1: broadcast from nobody; 4.4.1: what each of them carries.
TEST_F(DhcpClientTest, FourMessagesMakeALease) {
  client.start(now);
  const auto discover = said();
  ASSERT_TRUE(discover);
  EXPECT_EQ(discover->type, 1);
  EXPECT_EQ(sent_to, kAll);
  EXPECT_TRUE(discover->broadcast());
  answer(2, discover->xid());
  const auto request = said();
  ASSERT_TRUE(request);
  EXPECT_EQ(request->type, 3);
  EXPECT_EQ(sent_to, kAll);
  EXPECT_EQ(request->xid(), discover->xid());
  EXPECT_EQ(request->server, kServer);
  EXPECT_EQ(request->requested, kLent);
  EXPECT_EQ(request->ciaddr(), Ipv4Address());
  answer(5, request->xid());
  EXPECT_EQ(client.state(), ClientState::kChecking);
  EXPECT_EQ(event(), ClientEvent::Kind::kCheck);
  EXPECT_FALSE(client.lease()) << "not before it was checked (RFC 2131 2.2)";
  client.on_checked(now, false);
  EXPECT_EQ(event(), ClientEvent::Kind::kBound);
  ASSERT_TRUE(client.lease());
  EXPECT_EQ(client.lease()->interface.address, kLent);
  EXPECT_EQ(client.lease_ends(), now + 1h);
}

// RFC 2131 4.4.1: one to ten seconds before the first message.
TEST(DhcpClient, HostsThatAreSwitchedOnTogetherDoNotSpeakTogether) {
  Duration least = 1h;
  Duration most{};
  for (std::uint8_t i = 0; i < 100; ++i) {
    ClientConfig made = config();
    made.max_start_delay = 10s;
    made.secret = {i};
    Counters counters;
    Client client(made, counters);
    client.start(TimePoint());
    const Duration wait = client.next_deadline() - TimePoint();
    least = std::min(least, wait);
    most = std::max(most, wait);
  }
  EXPECT_GE(least, Duration(1s));
  EXPECT_LE(most, Duration(10s));
  EXPECT_GT(most - least, Duration(5s));
}

// RFC 2131 4.1: 4, 8, 16, 32, 64 seconds, each randomised by a second.
TEST_F(DhcpClientTest, AsksAgainWithExponentialBackOff) {
  client.start(now);
  const auto first = said();
  bool random = false;
  for (const Duration expected : {4s, 8s, 16s, 32s, 64s, 64s}) {
    const Duration waited = pass();
    EXPECT_GE(waited, expected - 1s);
    EXPECT_LE(waited, expected + 1s);
    random |= waited != expected;
    const auto again = said();
    ASSERT_TRUE(again);
    EXPECT_EQ(again->type, 1);
    EXPECT_EQ(again->xid(), first->xid());
    EXPECT_EQ(again->seconds(), std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
  }
  EXPECT_TRUE(random);
}

// RFC 2131 3.1 (5): a minute of REQUESTs, then anew.
TEST_F(DhcpClientTest, ASilentServerIsLeft) {
  client.start(now);
  const auto discover = said();
  answer(2, discover->xid());
  for (int i = 0; i < 4; ++i) {
    const auto request = said();
    ASSERT_TRUE(request);
    EXPECT_EQ(request->type, 3);
    pass();
  }
  EXPECT_EQ(counters.dhcp_unanswered, 1u);
  const auto anew = said();
  ASSERT_TRUE(anew);
  EXPECT_EQ(anew->type, 1);
  EXPECT_NE(anew->xid(), discover->xid());
  EXPECT_GE(now - TimePoint(), Duration(56s));
}

TEST_F(DhcpClientTest, StrangersAreNotHeard) {
  client.start(now);
  const auto discover = said();
  answer(2, discover->xid() + 1);
  EXPECT_EQ(counters.dhcp_not_ours, 1u);
  Answer other;
  other.xid = discover->xid();
  other.mac = MacAddress({2, 0, 0, 0, 0, 9});
  client.on_message(now, other.bytes());
  EXPECT_EQ(counters.dhcp_not_ours, 2u);
  answer(5, discover->xid());
  EXPECT_EQ(counters.dhcp_unexpected, 1u);
  client.on_message(now, {});
  EXPECT_EQ(counters.dhcp_malformed, 1u);
  answer(2, discover->xid());
  (void)said();
  answer(2, discover->xid(), Ipv4Address(10, 0, 0, 3));  // the second server's offer
  answer(5, discover->xid(), Ipv4Address(10, 0, 0, 3));
  answer(6, discover->xid(), Ipv4Address(10, 0, 0, 3));
  EXPECT_EQ(counters.dhcp_unexpected, 4u);
  EXPECT_EQ(client.state(), ClientState::kRequesting);
}

// RFC 2131 3.1 (4): a NAK begins it anew; one NAK after the other does not make a storm.
TEST_F(DhcpClientTest, NaksSlowDown) {
  client.start(now);
  Duration last{};
  for (int i = 0; i < 6; ++i) {
    auto discover = said();
    if (!discover) {
      last = pass();
      discover = said();
    }
    ASSERT_TRUE(discover);
    answer(2, discover->xid());
    answer(6, said()->xid());
  }
  EXPECT_EQ(counters.dhcp_naks, 6u);
  EXPECT_GE(last, Duration(31s));
}

// RFC 2131 3.1 (5), 4.4.4: DECLINE is broadcast, and at least ten seconds pass.
TEST_F(DhcpClientTest, AnAddressInUseIsDeclined) {
  client.start(now);
  answer(2, said()->xid());
  answer(5, said()->xid());
  client.on_checked(now, true);
  const auto decline = said();
  ASSERT_TRUE(decline);
  EXPECT_EQ(decline->type, 4);
  EXPECT_EQ(sent_to, kAll);
  EXPECT_EQ(decline->requested, kLent);
  EXPECT_EQ(decline->server, kServer);
  EXPECT_EQ(counters.dhcp_declines, 1u);
  EXPECT_FALSE(said());
  EXPECT_GE(pass(), Duration(10s));
  EXPECT_EQ(said()->type, 1);
}

// RFC 2131 4.4.5: REQUEST by unicast with ciaddr, and neither server identifier nor requested address.
TEST_F(DhcpClientTest, RenewsAtT1) {
  bind();
  const TimePoint bound = now;
  pass();
  EXPECT_LE(now, bound + 30min);
  EXPECT_GE(now, bound + 28min);
  EXPECT_EQ(client.state(), ClientState::kRenewing);
  const auto request = said();
  ASSERT_TRUE(request);
  EXPECT_EQ(request->type, 3);
  EXPECT_EQ(sent_to, kServer);
  EXPECT_EQ(request->ciaddr(), kLent);
  EXPECT_EQ(request->server, Ipv4Address());
  EXPECT_EQ(request->requested, Ipv4Address());
  EXPECT_FALSE(request->broadcast());
  answer(5, request->xid());
  EXPECT_EQ(event(), ClientEvent::Kind::kRenewed);
  EXPECT_EQ(client.state(), ClientState::kBound);
  EXPECT_EQ(client.lease_ends(), now + 1h);
}

// RFC 2131 4.4.5: half of what is left until T2, then until the end, at least a minute; REBINDING broadcasts.
TEST_F(DhcpClientTest, RebindsAtT2AndLosesTheLeaseAtItsEnd) {
  bind();
  const TimePoint bound = now;
  pass();
  (void)said();
  EXPECT_NEAR(static_cast<double>((client.next_deadline() - now).count()),
              static_cast<double>((bound + 3150s - now).count()) / 2, 1.0);
  while (client.state() == ClientState::kRenewing) {
    EXPECT_GE(client.next_deadline() - now, std::min<Duration>(60s, bound + 3150s - now));
    pass();
    (void)said();
  }
  EXPECT_EQ(now, bound + 3150s);
  EXPECT_EQ(client.state(), ClientState::kRebinding);
  EXPECT_EQ(sent_to, kAll);
  EXPECT_TRUE(client.lease());
  while (client.state() == ClientState::kRebinding) pass();
  EXPECT_EQ(now, bound + 1h);
  EXPECT_EQ(event(), ClientEvent::Kind::kLost);
  EXPECT_FALSE(client.lease());
}

TEST_F(DhcpClientTest, AnyServerMayRebind) {
  bind();
  while (client.state() != ClientState::kRebinding) pass();
  std::optional<Said> last;
  while (auto one = said()) last = one;
  answer(5, last->xid(), Ipv4Address(10, 0, 0, 9));
  EXPECT_EQ(client.state(), ClientState::kBound);
  EXPECT_EQ(client.lease()->server, Ipv4Address(10, 0, 0, 9));
}

TEST_F(DhcpClientTest, ANakWhileRenewingTakesTheAddress) {
  bind();
  pass();
  answer(6, said()->xid());
  EXPECT_EQ(event(), ClientEvent::Kind::kLost);
  EXPECT_EQ(said()->type, 1);
}

// RFC 2131 3.3: it never ends.
TEST_F(DhcpClientTest, AnInfiniteLeaseNeedsNoRenewal) {
  bind(0xffffffff);
  EXPECT_EQ(client.next_deadline(), kNever);
}

// RFC 2131 3.2, 4.3.2: the address of before, no server identifier.
TEST_F(DhcpClientTest, RebootAsksForTheAddressOfBefore) {
  client.reboot(now, kLent);
  const auto request = said();
  ASSERT_TRUE(request);
  EXPECT_EQ(request->type, 3);
  EXPECT_EQ(request->requested, kLent);
  EXPECT_EQ(request->server, Ipv4Address());
  EXPECT_EQ(request->ciaddr(), Ipv4Address());
  answer(5, request->xid());
  EXPECT_EQ(event(), ClientEvent::Kind::kCheck);
}

TEST_F(DhcpClientTest, RebootWithoutAnAnswerGoesToInit) {
  client.reboot(now, kLent);
  EXPECT_EQ(said()->type, 3);
  pass();
  EXPECT_EQ(said()->type, 3);
  pass();
  EXPECT_EQ(said()->type, 1);
}

// RFC 2131 4.4.6.
TEST_F(DhcpClientTest, ReleaseTellsTheServer) {
  bind();
  client.release(now);
  const auto release = said();
  ASSERT_TRUE(release);
  EXPECT_EQ(release->type, 7);
  EXPECT_EQ(sent_to, kServer);
  EXPECT_EQ(release->ciaddr(), kLent);
  EXPECT_EQ(release->server, kServer);
  EXPECT_EQ(event(), ClientEvent::Kind::kLost);
  EXPECT_EQ(client.next_deadline(), kNever);
  EXPECT_EQ(client.state(), ClientState::kStopped);
}

TEST_F(DhcpClientTest, AConflictLaterIsDeclinedToo) {
  bind();
  client.on_conflict(now);
  EXPECT_EQ(said()->type, 4);
  EXPECT_EQ(event(), ClientEvent::Kind::kLost);
}

TEST_F(DhcpClientTest, AnAckForAnotherAddressIsNone) {
  client.start(now);
  answer(2, said()->xid());
  Answer other;
  other.type = 5;
  other.xid = said()->xid();
  other.address = Ipv4Address(10, 0, 0, 78);
  client.on_message(now, other.bytes());
  EXPECT_EQ(counters.dhcp_unusable, 1u);
  EXPECT_EQ(client.state(), ClientState::kRequesting);
}

}  // namespace
}  // namespace sockwire::stack::dhcp
