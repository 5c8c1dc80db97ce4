// SPDX-License-Identifier: Apache-2.0
#include "host/stack/dns/dns_cache.hpp"

#include <gtest/gtest.h>

#include "host/stack/dns/dns_hosts.hpp"

namespace sockwire::stack::dns {
namespace {

using namespace std::chrono_literals;

Question question(const std::string& name, RecordType type = RecordType::kA) { return {*Name::parse(name), type}; }

Cache::Entry entry(Duration until, Cache::Kind kind = Cache::Kind::kAddresses) {
  Cache::Entry made;
  made.kind = kind;
  made.expires = TimePoint(until);
  return made;
}

TEST(DnsCache, KnowsUntilTheTtlIsOver) {
  Cache cache(10);
  cache.put(TimePoint(), question("a"), entry(5s));
  EXPECT_TRUE(cache.find(TimePoint(5s) - 1ns, question("A")));
  EXPECT_FALSE(cache.find(TimePoint(5s), question("a")));
  EXPECT_FALSE(cache.find(TimePoint(), question("a", RecordType::kAaaa)));
  cache.put(TimePoint(), question("b"), entry(0s));
  EXPECT_FALSE(cache.find(TimePoint(), question("b"))) << "a TTL of 0 (RFC 1035 3.2.1)";
}

// RFC 2308 5: no such name, whatever the type; no such record, for that type.
TEST(DnsCache, NegativeAnswers) {
  Cache cache(10);
  cache.put(TimePoint(), question("a"), entry(5s, Cache::Kind::kNoName));
  EXPECT_EQ(cache.find(TimePoint(), question("a", RecordType::kAaaa))->kind, Cache::Kind::kNoName);
  cache.put(TimePoint(), question("b"), entry(5s, Cache::Kind::kNoAddresses));
  EXPECT_FALSE(cache.find(TimePoint(), question("b", RecordType::kAaaa)));
  // The name has come into being.
  cache.put(TimePoint(), question("a"), entry(5s));
  EXPECT_EQ(cache.find(TimePoint(), question("a"))->kind, Cache::Kind::kAddresses);
  EXPECT_FALSE(cache.find(TimePoint(), question("a", RecordType::kAaaa)));
}

TEST(DnsCache, IsBounded) {
  Cache cache(3);
  for (int i = 0; i < 100; ++i) {
    const bool evicted = cache.put(TimePoint(), question("n" + std::to_string(i)), entry(std::chrono::seconds(i + 1)));
    EXPECT_EQ(evicted, i >= 3);
    EXPECT_LE(cache.size(), 3u);
  }
  EXPECT_TRUE(cache.find(TimePoint(), question("n99")));
  EXPECT_FALSE(cache.find(TimePoint(), question("n96"))) << "the first to end makes room";
}

TEST(DnsHosts, ReadsLinesAsInEtcHosts) {
  const auto hosts = Hosts::parse("# comment\n10.0.0.1  gw gateway.lan # two names\n\n2001:db8::1\tgw\r\n");
  ASSERT_TRUE(hosts) << hosts.error();
  EXPECT_EQ(hosts.value().find(*Name::parse("GW")).size(), 2u);
  EXPECT_EQ(hosts.value().find(*Name::parse("gateway.lan")), std::vector{*IpAddress::parse("10.0.0.1")});
  EXPECT_TRUE(hosts.value().find(*Name::parse("other")).empty());
  EXPECT_EQ(Hosts::parse("10.0.0.1 a\n10.0.0.256 b\n").error(), "line 2: '10.0.0.256' is no address");
  EXPECT_EQ(Hosts::parse("10.0.0.1 a/b").error(), "line 1: 'a/b' is no name");
}

}  // namespace
}  // namespace sockwire::stack::dns
