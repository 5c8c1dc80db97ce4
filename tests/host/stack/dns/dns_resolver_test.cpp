// SPDX-License-Identifier: Apache-2.0
// The resolver in virtual time, against servers that say what a test wants.
#include "host/stack/dns/dns_resolver.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/host/stack/dns/server.hpp"

namespace sockwire::stack::dns {
namespace {

using namespace std::chrono_literals;
using test::Bytes;
using test::Reply;

const tcp::Endpoint kFirst{IpAddress::from_ipv4(0x0a000001), 53};
const tcp::Endpoint kSecond{IpAddress::from_ipv4(0x0a000002), 53};
constexpr std::uint32_t kAddress = 0xc0000207;

ResolverConfig config() {
  ResolverConfig made;
  made.servers = {kFirst, kSecond};
  made.secret = {4, 2};
  return made;
}

/// A request to a server, read.
struct Asked {
  Request request;
  std::uint16_t id = 0;
  Question question;
};

struct DnsResolverTest : testing::Test {
  Counters counters;
  Resolver resolver{config(), counters};
  TimePoint now{};
  std::set<TransportId> open;

  /// The next message to a server; what is closed before it is closed.
  std::optional<Asked> asked() {
    while (auto request = resolver.poll_request()) {
      if (request->kind == Request::Kind::kClose) {
        EXPECT_EQ(open.erase(request->transport), 1u);
        continue;
      }
      EXPECT_TRUE(open.insert(request->transport).second);
      Asked made;
      const std::size_t start = request->kind == Request::Kind::kOpenStream ? 2 : 0;
      made.id = load_be16(&request->bytes[start]);
      const auto message = std::span(request->bytes).subspan(start);
      std::size_t offset = 12;
      made.question.name = *Name::read(message, offset);
      made.question.type = static_cast<RecordType>(load_be16(&message[offset]));
      made.request = std::move(*request);
      return made;
    }
    return std::nullopt;
  }
  Asked must_ask() {
    auto made = asked();
    EXPECT_TRUE(made) << "nothing is asked";
    return made ? *made : Asked();
  }
  void answer(const Asked& to, const Reply& reply) { resolver.on_datagram(now, to.request.transport, reply.bytes()); }
  std::optional<LookupResult> result() { return resolver.poll_result(); }
  void pass() {
    now = resolver.next_deadline();
    resolver.on_timeout(now);
  }
  void start(const std::string& name) { resolver.start(now, name, {true, false}); }
  /// Nothing is left open or waiting.
  void expect_idle() {
    EXPECT_FALSE(asked());
    EXPECT_TRUE(open.empty());
    EXPECT_EQ(resolver.queries(), 0u);
    EXPECT_EQ(resolver.next_deadline(), kNever);
  }
};

TEST_F(DnsResolverTest, BothFamiliesAtOnce) {
  resolver.start(now, "host.example.org");
  const Asked a = must_ask();
  const Asked aaaa = must_ask();
  EXPECT_EQ(a.request.server, kFirst);
  EXPECT_EQ(a.question.type, RecordType::kA);
  EXPECT_EQ(aaaa.question.type, RecordType::kAaaa);
  const auto six = *IpAddress::parse("2001:db8::7");
  answer(aaaa, Reply(aaaa.id, aaaa.question).aaaa("host.example.org", 20, six));
  EXPECT_FALSE(result());
  answer(a, Reply(a.id, a.question).a("host.example.org", 60, kAddress));
  const auto done = result();
  ASSERT_TRUE(done);
  EXPECT_FALSE(done->error);
  EXPECT_EQ(done->addresses, (std::vector{IpAddress::from_ipv4(kAddress), six}));
  EXPECT_EQ(done->canonical, "host.example.org");
  EXPECT_EQ(done->ttl, Duration(20s));
  expect_idle();
}

// RFC 1035 7.2: the servers one after the other, and again with more patience.
TEST_F(DnsResolverTest, ServersInTurnWithBackOff) {
  start("host.example.org");
  std::vector<Duration> waits;
  std::set<std::uint16_t> ports;
  std::set<std::uint16_t> ids;
  for (int i = 0; i < 6; ++i) {
    const Asked one = must_ask();
    EXPECT_EQ(one.request.server, i % 2 == 0 ? kFirst : kSecond);
    EXPECT_GE(one.request.local_port, 1024);
    ports.insert(one.request.local_port);
    ids.insert(one.id);
    waits.push_back(resolver.next_deadline() - now);
    pass();
  }
  EXPECT_EQ(waits, (std::vector<Duration>{2s, 2s, 4s, 4s, 8s, 8s}));
  // RFC 5452 9.2: ports and ids that do not follow from each other.
  EXPECT_EQ(ports.size(), 6u);
  EXPECT_EQ(ids.size(), 6u);
  EXPECT_EQ(result()->error, LookupError::kTimedOut);
  EXPECT_EQ(counters.dns_timeouts, 6u);
  expect_idle();
}

TEST_F(DnsResolverTest, AServerThatFailsIsLeftAtOnce) {
  start("host.example.org");
  const Asked first = must_ask();
  answer(first, Reply(first.id, first.question, 2));
  const Asked second = must_ask();
  EXPECT_EQ(second.request.server, kSecond);
  resolver.on_failed(now, second.request.transport);  // port unreachable
  const Asked third = must_ask();
  EXPECT_EQ(third.request.server, kFirst);
  // A server that does not recurse and names others.
  answer(third, Reply(third.id, third.question).ns("org", "ns.example.org").no_recursion());
  const Asked fourth = must_ask();
  answer(fourth, Reply(fourth.id, fourth.question).a("host.example.org", 60, kAddress));
  EXPECT_FALSE(result()->error);
  EXPECT_EQ(now, TimePoint());
  EXPECT_EQ(counters.dns_server_failures, 3u);
}

TEST_F(DnsResolverTest, WhenAllFailTheErrorSaysSo) {
  start("host.example.org");
  for (int i = 0; i < 6; ++i) {
    const Asked one = must_ask();
    answer(one, Reply(one.id, one.question, 5));
  }
  EXPECT_EQ(result()->error, LookupError::kServerFailure);
  expect_idle();
}

// RFC 5452 7, 9.1: guesses are dropped, and after some of them id and port change.
TEST_F(DnsResolverTest, ForgedAnswersAreDropped) {
  start("host.example.org");
  const Asked first = must_ask();
  const auto wrong = static_cast<std::uint16_t>(first.id + 1);
  for (int i = 0; i < 31; ++i) answer(first, Reply(wrong, first.question).a("host.example.org", 60, 0x01010101));
  EXPECT_FALSE(asked());
  answer(first, Reply(first.id, {*Name::parse("other.org"), RecordType::kA}).a("other.org", 60, 0x01010101));
  EXPECT_EQ(counters.dns_mismatched, 32u);
  const Asked second = must_ask();
  EXPECT_NE(second.id, first.id);
  answer(first, Reply(first.id, first.question).a("host.example.org", 60, 0x01010101));  // too late
  answer(second, Reply(second.id, second.question).a("host.example.org", 60, kAddress));
  EXPECT_EQ(result()->addresses, std::vector{IpAddress::from_ipv4(kAddress)});
}

// RFC 1035 4.2.2, RFC 7766 5: the same question to the same server by TCP, behind a length of two bytes.
TEST_F(DnsResolverTest, TruncationMeansTcp) {
  start("host.example.org");
  const Asked datagram = must_ask();
  answer(datagram, Reply(datagram.id, datagram.question).truncated());
  const Asked stream = must_ask();
  EXPECT_EQ(stream.request.kind, Request::Kind::kOpenStream);
  EXPECT_EQ(stream.request.server, datagram.request.server);
  EXPECT_EQ(load_be16(stream.request.bytes.data()), stream.request.bytes.size() - 2);
  EXPECT_EQ(open.size(), 1u) << "the datagram's socket is closed";
  Bytes framed(2);
  const Bytes message = Reply(stream.id, stream.question).a("host.example.org", 60, kAddress).bytes();
  store_be16(framed.data(), static_cast<std::uint16_t>(message.size()));
  framed.insert(framed.end(), message.begin(), message.end());
  framed.push_back(99);  // what nobody asked for
  for (const std::uint8_t& byte : framed) {
    EXPECT_FALSE(result()) << "before the last byte";
    resolver.on_stream(now, stream.request.transport, std::span(&byte, 1));
    if (&byte == &framed[framed.size() - 2]) break;
  }
  EXPECT_EQ(result()->addresses, std::vector{IpAddress::from_ipv4(kAddress)});
  EXPECT_EQ(counters.dns_truncated, 1u);
  expect_idle();
}

TEST_F(DnsResolverTest, AStreamThatEndsOrLingersIsLeft) {
  start("host.example.org");
  Asked datagram = must_ask();
  answer(datagram, Reply(datagram.id, datagram.question).truncated());
  resolver.on_failed(now, must_ask().request.transport);
  datagram = must_ask();
  EXPECT_EQ(datagram.request.server, kSecond);
  answer(datagram, Reply(datagram.id, datagram.question).truncated());
  (void)must_ask();
  EXPECT_EQ(resolver.next_deadline(), now + 10s);
  pass();
  EXPECT_EQ(must_ask().request.server, kFirst);
}

TEST_F(DnsResolverTest, TheCacheAnswersUntilTheTtlIsOver) {
  start("host.example.org");
  Asked one = must_ask();
  answer(one, Reply(one.id, one.question).a("host.example.org", 60, kAddress));
  EXPECT_TRUE(result());
  now += 59s;
  start("HOST.example.org");
  EXPECT_FALSE(asked());
  EXPECT_EQ(result()->ttl, Duration(1s));
  EXPECT_EQ(counters.dns_cache_hits, 1u);
  now += 1s;
  start("host.example.org");
  EXPECT_TRUE(asked());
}

// RFC 2308 5: remembered for the SOA's minimum, at most three hours; without an SOA not at all.
TEST_F(DnsResolverTest, ThatThereIsNothingIsRememberedToo) {
  start("no.example.org");
  Asked one = must_ask();
  answer(one, Reply(one.id, one.question, 3).soa("example.org", 900, 300));
  EXPECT_EQ(result()->error, LookupError::kNoName);
  now += 299s;
  resolver.start(now, "no.example.org");  // of both families
  EXPECT_FALSE(asked());
  EXPECT_EQ(result()->error, LookupError::kNoName);
  now += 1s;
  start("no.example.org");
  one = must_ask();
  answer(one, Reply(one.id, one.question));
  EXPECT_EQ(result()->error, LookupError::kNoAddress);
  start("no.example.org");
  EXPECT_TRUE(asked()) << "without an SOA nothing is remembered";
}

TEST_F(DnsResolverTest, AChainThatIsCutIsFollowed) {
  start("www.example.org");
  Asked one = must_ask();
  answer(one, Reply(one.id, one.question).cname("www.example.org", 10, "host.example.net"));
  one = must_ask();
  EXPECT_EQ(to_string(one.question.name), "host.example.net");
  answer(one, Reply(one.id, one.question).a("host.example.net", 60, kAddress));
  const auto done = result();
  ASSERT_TRUE(done);
  EXPECT_EQ(done->canonical, "host.example.net");
  EXPECT_EQ(done->ttl, Duration(10s));
  expect_idle();
}

TEST_F(DnsResolverTest, AChainOverAnswersHasAnEnd) {
  start("n0.org");
  int questions = 0;
  while (const auto one = asked()) {
    ASSERT_LT(++questions, 100);
    const std::string name = to_string(one->question.name);
    answer(*one, Reply(one->id, one->question).cname(name, 10, "n" + std::to_string(questions) + ".org"));
  }
  EXPECT_EQ(questions, 9);
  EXPECT_EQ(result()->error, LookupError::kNoAddress);
}

// RFC 1535 2: names with dots first as they are; single labels below the domains first.
TEST_F(DnsResolverTest, TheSearchList) {
  resolver.set_servers({kFirst}, {*Name::parse("a.org"), *Name::parse("b.org")});
  const auto candidates = [&](const std::string& name) {
    start(name);
    std::string tried;
    while (const auto one = asked()) {
      tried += to_string(one->question.name) + " ";
      answer(*one, Reply(one->id, one->question, 3));
    }
    EXPECT_EQ(result()->error, LookupError::kNoName);
    return tried;
  };
  EXPECT_EQ(candidates("host"), "host.a.org host.b.org host ");
  EXPECT_EQ(candidates("x.host"), "x.host x.host.a.org x.host.b.org ");
  EXPECT_EQ(candidates("host."), "host ");
}

// A server that cannot say whether the first candidate exists: the second must not be taken for it.
TEST_F(DnsResolverTest, TheSearchStopsWhereNothingIsKnown) {
  resolver.set_servers({kFirst}, {*Name::parse("a.org")});
  start("host");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(to_string(must_ask().question.name), "host.a.org");
    pass();
  }
  EXPECT_EQ(result()->error, LookupError::kTimedOut);
  expect_idle();
}

// RFC 5452 5: equal questions under way are one, so that forged answers have one chance and not many.
TEST_F(DnsResolverTest, EqualQuestionsAreAskedOnce) {
  start("host.example.org");
  start("host.example.org");
  const Asked one = must_ask();
  EXPECT_FALSE(asked());
  answer(one, Reply(one.id, one.question).a("host.example.org", 60, kAddress));
  EXPECT_FALSE(result()->error);
  EXPECT_FALSE(result()->error);
}

// RFC 6761 6.3, 6.4; literal addresses; the table of hosts.
TEST_F(DnsResolverTest, SomeNamesNeedNoServer) {
  ResolverConfig made = config();
  made.servers.clear();
  made.hosts.add(*Name::parse("gw"), IpAddress::from_ipv4(0x0a0000fe));
  Resolver local(made, counters);
  const auto text = [&](const std::string& name) {
    local.start(now, name);
    const auto done = local.poll_result();
    if (!done) return std::string("asks");
    if (done->error) return "error " + std::to_string(static_cast<int>(*done->error));
    std::string all;
    for (const auto& address : done->addresses) all += to_string(address) + " ";
    return all;
  };
  EXPECT_EQ(text("192.0.2.1"), "192.0.2.1 ");
  EXPECT_EQ(text("2001:db8::1"), "2001:db8::1 ");
  EXPECT_EQ(text("localhost"), "127.0.0.1 ::1 ");
  EXPECT_EQ(text("a.LOCALHOST."), "127.0.0.1 ::1 ");
  EXPECT_EQ(text("gw"), "10.0.0.254 ");
  EXPECT_EQ(text("x.invalid"), "error 1");
  EXPECT_EQ(text("a b"), "error 0");
  EXPECT_EQ(text("192.0.2.256"), "error 0");
  EXPECT_EQ(text("host.example.org"), "error 3");
  local.start(now, "192.0.2.1", {false, true});
  EXPECT_EQ(local.poll_result()->error, LookupError::kNoAddress);
}

TEST_F(DnsResolverTest, LookupsAreBoundedAndCancelled) {
  std::vector<LookupId> ids;
  for (int i = 0; i < 65; ++i) ids.push_back(resolver.start(now, "n" + std::to_string(i) + ".org", {true, false}));
  EXPECT_EQ(result()->error, LookupError::kTooMany);
  EXPECT_EQ(counters.dns_lookups_refused, 1u);
  while (asked()) {
  }
  EXPECT_EQ(open.size(), 64u);
  for (const LookupId id : ids) resolver.cancel(id);
  EXPECT_FALSE(result());
  expect_idle();
}

}  // namespace
}  // namespace sockwire::stack::dns
