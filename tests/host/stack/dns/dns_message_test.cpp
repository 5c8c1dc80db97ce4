// SPDX-License-Identifier: Apache-2.0
#include "host/stack/dns/dns_message.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/host/stack/dns/server.hpp"

namespace sockwire::stack::dns {
namespace {

using test::Bytes;
using test::Reply;

const Question kQuestion{*Name::parse("www.example.org"), RecordType::kA};

TEST(DnsName, ReadsTextAndWritesIt) {
  const auto name = Name::parse("WWW.Example.org.");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->wire(), std::string("\3www\7example\3org\0", 17));
  EXPECT_EQ(to_string(*name), "www.example.org");
  EXPECT_EQ(*name, *Name::parse("www.example.ORG")) << "RFC 4343";
  EXPECT_EQ(name->labels(), 3u);
  EXPECT_EQ(name->top(), "org");
  EXPECT_EQ(*Name::parse("www")->below(*Name::parse("example.org")), *name);
}

// RFC 1035 2.3.4: labels of at most 63 bytes, names of at most 255.
TEST(DnsName, LimitsOfLength) {
  EXPECT_TRUE(Name::parse(std::string(63, 'a')));
  EXPECT_FALSE(Name::parse(std::string(64, 'a')));
  std::string longest;
  for (int i = 0; i < 3; ++i) longest += std::string(63, 'a') + ".";
  EXPECT_TRUE(Name::parse(longest + std::string(61, 'b')));
  EXPECT_FALSE(Name::parse(longest + std::string(62, 'b')));
  for (const char* bad : {"", ".", "a..b", ".a", "a b", "b\xc3\xbc.de", "a/b"}) EXPECT_FALSE(Name::parse(bad)) << bad;
}

// RFC 1035 4.1.4's own example: F.ISI.ARPA at 20, FOO.F.ISI.ARPA at 40, ARPA at 64, the root at 92.
TEST(DnsName, CompressionExampleOfRfc1035) {
  Bytes message(93);
  const auto put = [&](std::size_t at, const Bytes& bytes) {
    std::copy(bytes.begin(), bytes.end(), message.begin() + static_cast<std::ptrdiff_t>(at));
  };
  put(20, {1, 'F', 3, 'I', 'S', 'I', 4, 'A', 'R', 'P', 'A', 0});
  put(40, {3, 'F', 'O', 'O', 0xc0, 20});
  put(64, {0xc0, 26});
  const auto read = [&](std::size_t at, std::size_t end) {
    const auto name = Name::read(message, at);
    EXPECT_EQ(at, end);
    return name ? to_string(*name) : "malformed";
  };
  EXPECT_EQ(read(20, 32), "f.isi.arpa");
  EXPECT_EQ(read(40, 46), "foo.f.isi.arpa");
  EXPECT_EQ(read(64, 66), "arpa");
  EXPECT_EQ(read(92, 93), ".");
}

TEST(DnsName, PointersHaveAnEnd) {
  const auto read = [](const Bytes& message, std::size_t at) { return Name::read(message, at).has_value(); };
  EXPECT_FALSE(read({0xc0, 0}, 0)) << "itself";
  EXPECT_FALSE(read({0xc0, 2, 0xc0, 0}, 0)) << "forwards";
  EXPECT_FALSE(read({0xc0, 2, 0xc0, 0}, 2)) << "each other";
  EXPECT_FALSE(read({1, 'a', 0xc0, 0}, 0)) << "a label and itself";
  EXPECT_FALSE(read({1, 'a', 0xc0, 0}, 2)) << "a label that leads back to the pointer";
  EXPECT_FALSE(read({0xc0}, 0));
  EXPECT_FALSE(read({5, 'a'}, 0));
  EXPECT_FALSE(read({0x40, 0}, 0)) << "reserved";
  EXPECT_FALSE(read({}, 0));
  EXPECT_TRUE(read({0, 0xc0, 0, 0xc0, 1, 0xc0, 3}, 5)) << "ever further back";
  // 128 pointers to labels: the name grows too long before.
  Bytes chain{63};
  chain.resize(64, 'x');
  for (int i = 0; i < 5; ++i) {
    const auto last = static_cast<std::uint8_t>(i == 0 ? 0 : 64 + (i - 1) * 4);
    chain.insert(chain.end(), {1, 'y', 0xc0, last});
  }
  EXPECT_FALSE(read(chain, chain.size() - 4));
}

TEST(DnsName, WhatIsPrintedIsPrintable) {
  const Bytes message{5, 'a', '\n', '.', 27, 200, 0};
  std::size_t at = 0;
  EXPECT_EQ(to_string(*Name::read(message, at)), "a\\010\\046\\027\\200");
}

// RFC 1035 4.1.1, 4.1.2.
TEST(DnsMessage, AQueryIsAHeaderAndAQuestion) {
  const Bytes expected{0x12, 0x34, 1,   0,   0,   1,   0,   0, 0,   0,   0,   0, 3, 'w', 'w', 'w', 7,
                       'e',  'x',  'a', 'm', 'p', 'l', 'e', 3, 'o', 'r', 'g', 0, 0, 1,   0,   1};
  EXPECT_EQ(write_query(0x1234, kQuestion), expected);
}

// What dnsmasq 2.90 answered to the question above with --cname=www.example.org,host.example.org and
// --host-record=host.example.org,192.0.2.7,60 (id 0x1234), taken from a socket.
TEST(DnsMessage, ReadsWhatDnsmasqAnswers) {
  const Bytes captured{0x12, 0x34, 0x85, 0x80, 0x00, 0x01, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x03, 0x77, 0x77, 0x77,
                       0x07, 0x65, 0x78, 0x61, 0x6d, 0x70, 0x6c, 0x65, 0x03, 0x6f, 0x72, 0x67, 0x00, 0x00, 0x01, 0x00,
                       0x01, 0xc0, 0x0c, 0x00, 0x05, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x12, 0x04, 0x68, 0x6f,
                       0x73, 0x74, 0x07, 0x65, 0x78, 0x61, 0x6d, 0x70, 0x6c, 0x65, 0x03, 0x6f, 0x72, 0x67, 0x00, 0xc0,
                       0x2d, 0x00, 0x01, 0x00, 0x01, 0x00, 0x00, 0x00, 0x3c, 0x00, 0x04, 0xc0, 0x00, 0x02, 0x07};
  ASSERT_TRUE(answers(captured, 0x1234, kQuestion));
  const auto answer = parse_answer(captured, kQuestion);
  ASSERT_TRUE(answer);
  EXPECT_EQ(to_string(answer->canonical), "host.example.org");
  EXPECT_EQ(answer->addresses, std::vector{*IpAddress::parse("192.0.2.7")});
  EXPECT_TRUE(answer->recursion_available);
}

// RFC 5452 9.1: id, question, and that it is a response.
TEST(DnsMessage, OnlyAnAnswerToTheQuestionIsOne) {
  const Bytes good = Reply(7, kQuestion).a("www.example.org", 60, 0x0a000001).bytes();
  EXPECT_TRUE(answers(good, 7, kQuestion));
  EXPECT_FALSE(answers(good, 8, kQuestion));
  EXPECT_FALSE(answers(good, 7, {kQuestion.name, RecordType::kAaaa}));
  EXPECT_FALSE(answers(good, 7, {*Name::parse("www.example.com"), RecordType::kA}));
  EXPECT_FALSE(answers(write_query(7, kQuestion), 7, kQuestion)) << "a query";
  for (std::size_t bytes = 0; bytes < 33; ++bytes) EXPECT_FALSE(answers(std::span(good).first(bytes), 7, kQuestion));
  Bytes other = good;
  other[2] |= 0x08;
  EXPECT_FALSE(answers(other, 7, kQuestion)) << "another opcode";
  other = good;
  other[5] = 2;
  EXPECT_FALSE(answers(other, 7, kQuestion)) << "two questions";
}

TEST(DnsMessage, FollowsAChainInAnyOrder) {
  const auto answer = parse_answer(Reply(7, kQuestion)
                                       .a("c.example.org", 50, 0x0a000001)
                                       .cname("b.example.org", 30, "c.example.org")
                                       .cname("www.example.org", 40, "b.example.org")
                                       .a("unrelated.org", 1, 0x0a000002)
                                       .bytes(),
                                   kQuestion);
  ASSERT_TRUE(answer);
  EXPECT_EQ(to_string(answer->canonical), "c.example.org");
  EXPECT_EQ(answer->addresses, std::vector{IpAddress::from_ipv4(0x0a000001)});
  EXPECT_EQ(answer->ttl_s, 30u);
}

TEST(DnsMessage, AChainWithoutEndIsMalformed) {
  Reply ring(7, kQuestion);
  ring.cname("www.example.org", 1, "b.example.org").cname("b.example.org", 1, "www.example.org");
  EXPECT_FALSE(parse_answer(ring.bytes(), kQuestion));
  Reply longest(7, kQuestion);
  longest.cname("www.example.org", 1, "n1.org");
  for (int i = 1; i < 16; ++i) longest.cname("n" + std::to_string(i) + ".org", 1, "n" + std::to_string(i + 1) + ".org");
  EXPECT_TRUE(parse_answer(longest.bytes(), kQuestion));
  longest.cname("n16.org", 1, "n17.org");
  EXPECT_FALSE(parse_answer(longest.bytes(), kQuestion));
}

// RFC 2308 5: the lesser of the SOA's own TTL and its minimum.
TEST(DnsMessage, ANegativeAnswerSaysHowLong) {
  const auto answer = parse_answer(Reply(7, kQuestion, 3).soa("example.org", 900, 300).bytes(), kQuestion);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->code, ResponseCode::kNameError);
  EXPECT_EQ(answer->negative_ttl_s, 300u);
  EXPECT_FALSE(answer->is_referral);
}

TEST(DnsMessage, Ipv6AddressesButNoMappedOnes) {
  const Question question{kQuestion.name, RecordType::kAaaa};
  const auto address = *IpAddress::parse("2001:db8::7");
  const auto answer = parse_answer(Reply(7, question)
                                       .aaaa("www.example.org", 60, address)
                                       .aaaa("www.example.org", 60, IpAddress::from_ipv4(0x7f000001))
                                       .bytes(),
                                   question);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->addresses, std::vector{address});
}

// Every byte of an answer wrong, and every length of it: nothing but the sanitizers and the bounds to say.
TEST(DnsMessage, DamageIsSurvived) {
  const Bytes good =
      Reply(7, kQuestion).cname("www.example.org", 40, "b.example.org").a("b.example.org", 50, 0x0a000001).bytes();
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      Bytes bad = good;
      bad[at] = static_cast<std::uint8_t>(value);
      if (answers(bad, 7, kQuestion)) (void)parse_answer(bad, kQuestion);
    }
    const auto cut = std::span(good).first(at);
    EXPECT_FALSE(answers(cut, 7, kQuestion) && parse_answer(cut, kQuestion)) << at;
  }
}

}  // namespace
}  // namespace sockwire::stack::dns
