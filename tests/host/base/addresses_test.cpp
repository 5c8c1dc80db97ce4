// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "host/base/byte_order.hpp"
#include "host/base/ip_address.hpp"
#include "host/base/ip_prefix.hpp"
#include "host/base/ipv4_address.hpp"
#include "host/base/mac_address.hpp"

namespace sockwire {
namespace {

TEST(MacAddress, IsReadAndWritten) {
  const auto address = MacAddress::parse("02:00:5e:10:00:ab");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->bytes(), (std::array<std::uint8_t, 6>{0x02, 0x00, 0x5e, 0x10, 0x00, 0xab}));
  EXPECT_EQ(to_string(*address), "02:00:5e:10:00:ab");
  EXPECT_EQ(MacAddress::parse("02-00-5E-10-00-AB"), address);
}

TEST(MacAddress, RefusesWhatIsNone) {
  for (const char* text : {"", "02:00:5e:10:00", "02:00:5e:10:00:ab:cd", "2:0:5e:10:00:ab", "02:00:5e:10:00:gg"}) {
    EXPECT_FALSE(MacAddress::parse(text)) << text;
  }
}

// IEEE 802.3 clause 3.2.3 b): the first bit sent tells individual from group.
TEST(MacAddress, KnowsGroups) {
  EXPECT_TRUE(MacAddress::broadcast().is_group());
  EXPECT_TRUE(MacAddress::parse("01:80:c2:00:00:01")->is_group());
  EXPECT_FALSE(MacAddress::parse("02:80:c2:00:00:01")->is_group());
}

TEST(Ipv4Address, IsReadAndWritten) {
  EXPECT_EQ(Ipv4Address::parse("10.0.0.1"), Ipv4Address(0x0a000001));
  EXPECT_EQ(Ipv4Address::parse("255.255.255.255"), Ipv4Address(0xffffffff));
  EXPECT_EQ(to_string(Ipv4Address(192, 0, 2, 33)), "192.0.2.33");
}

TEST(Ipv4Address, RefusesWhatIsNone) {
  for (const char* text : {"", "10.0.0", "10.0.0.256", "10.0.0.1.2", "10.0.0.1 ", "a.b.c.d", "10..0.1", "-1.0.0.0"}) {
    EXPECT_FALSE(Ipv4Address::parse(text)) << text;
  }
}

TEST(Ipv4Interface, KnowsItsSubnet) {
  const auto lan = Ipv4Interface::parse("192.0.2.77/26");
  ASSERT_TRUE(lan);
  EXPECT_TRUE(lan->on_link(Ipv4Address(192, 0, 2, 64)));
  EXPECT_TRUE(lan->on_link(Ipv4Address(192, 0, 2, 127)));
  EXPECT_FALSE(lan->on_link(Ipv4Address(192, 0, 2, 128)));
  EXPECT_TRUE(lan->is_subnet_broadcast(Ipv4Address(192, 0, 2, 127)));
  EXPECT_FALSE(lan->is_subnet_broadcast(Ipv4Address(192, 0, 2, 126)));
  EXPECT_TRUE(Ipv4Interface::parse("0.0.0.0/0")->on_link(Ipv4Address(8, 8, 8, 8)));
  // RFC 3021 2.1: both addresses of a /31 are hosts.
  EXPECT_FALSE(Ipv4Interface::parse("10.0.0.0/31")->is_subnet_broadcast(Ipv4Address(10, 0, 0, 1)));
}

TEST(Ipv4Interface, RefusesWhatIsNone) {
  for (const char* text : {"10.0.0.1", "10.0.0.1/33", "10.0.0.1/", "10.0.0.1/8x"}) {
    EXPECT_FALSE(Ipv4Interface::parse(text)) << text;
  }
}

TEST(IpAddress, PrintsAnIpv4AddressInDots) { EXPECT_EQ(to_string(IpAddress::from_ipv4(0x0a000001)), "10.0.0.1"); }

// RFC 5952 4: leading zeros go, the longest run of zeros becomes "::", the first of equals; one group alone does not.
TEST(IpAddress, PrintsIpv6AsRecommended) {
  EXPECT_EQ(to_string(IpAddress()), "::");
  EXPECT_EQ(to_string(IpAddress({0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1})), "2001:db8::1");
  EXPECT_EQ(to_string(IpAddress({0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1})), "2001:db8:0:1:1:1:1:1");
  EXPECT_EQ(to_string(IpAddress({0x20, 0x01, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1})), "2001:0:0:1::1");
  EXPECT_EQ(to_string(IpAddress({0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1})), "2001:db8::1:0:0:1");
}

// RFC 4291 2.2: the three forms, with its own examples.
TEST(IpAddress, ReadsTheFormsOfRfc4291) {
  for (const auto& [text, canonical] : std::vector<std::pair<const char*, const char*>>{
           {"ABCD:EF01:2345:6789:ABCD:EF01:2345:6789", "abcd:ef01:2345:6789:abcd:ef01:2345:6789"},
           {"2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"},
           {"2001:DB8::8:800:200C:417A", "2001:db8::8:800:200c:417a"},
           {"FF01::101", "ff01::101"},
           {"::1", "::1"},
           {"::", "::"},
           {"1::", "1::"},
           {"::13.1.68.3", "::d01:4403"},
           {"::FFFF:129.144.52.38", "129.144.52.38"},
           {"64:ff9b::192.0.2.33", "64:ff9b::c000:221"}}) {
    const auto address = IpAddress::parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(to_string(*address), canonical) << text;
  }
  EXPECT_EQ(IpAddress::parse("10.0.0.1"), IpAddress::from_ipv4(0x0a000001));
}

TEST(IpAddress, RefusesWhatIsNone) {
  for (const char* text : {"", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "1:2:3:4:5:6:7:",
                           ":1:2:3:4:5:6:7", "::1.2.3", "1.2.3.4::", "g::", "1:2:3:4::5:6:7:8", "fe80::1%eth0"}) {
    EXPECT_FALSE(IpAddress::parse(text)) << text;
  }
}

// RFC 4291 2.4 and 2.5; RFC 5771, RFC 3927 and RFC 1122 3.2.1.3 for IPv4.
TEST(IpAddress, KnowsItsKind) {
  const auto of = [](const char* text) { return *IpAddress::parse(text); };
  EXPECT_TRUE(of("::").is_unspecified());
  EXPECT_TRUE(of("0.0.0.0").is_unspecified());
  EXPECT_TRUE(of("::1").is_loopback());
  EXPECT_TRUE(of("127.9.9.9").is_loopback());
  EXPECT_FALSE(of("::2").is_loopback());
  EXPECT_TRUE(of("ff02::1").is_multicast());
  EXPECT_TRUE(of("239.1.2.3").is_multicast());
  EXPECT_FALSE(of("255.255.255.255").is_multicast());
  EXPECT_TRUE(of("febf::1").is_link_local());
  EXPECT_FALSE(of("fec0::1").is_link_local());
  EXPECT_TRUE(of("169.254.1.1").is_link_local());
}

TEST(IpPrefix, ContainsWhatBeginsLikeIt) {
  const auto of = [](const char* text) { return *IpAddress::parse(text); };
  const auto prefix = IpPrefix::parse("2001:db8:1:2:3::1/62");
  ASSERT_TRUE(prefix);
  EXPECT_TRUE(prefix->contains(of("2001:db8:1:3::")));
  EXPECT_FALSE(prefix->contains(of("2001:db8:1:4::")));
  EXPECT_EQ(to_string(prefix->network()), "2001:db8:1::/62");
  EXPECT_TRUE(IpPrefix::parse("10.0.0.2/24")->contains(of("10.0.0.255")));
  EXPECT_FALSE(IpPrefix::parse("10.0.0.2/24")->contains(of("10.0.1.0")));
  EXPECT_FALSE(IpPrefix::parse("::/0")->contains(of("10.0.0.1"))) << "the other version";
  EXPECT_FALSE(IpPrefix::parse("0.0.0.0/0")->contains(of("2001:db8::1")));
  EXPECT_EQ(common_prefix_bits(of("2001:db8::1"), of("2001:db8::")), 127);
  for (const char* text : {"::1", "::/129", "10.0.0.1/33", "::/", "::/1x", "/64"}) {
    EXPECT_FALSE(IpPrefix::parse(text)) << text;
  }
}

// RFC 791 appendix B.
TEST(ByteOrder, BigEndianPutsTheHighByteFirst) {
  std::uint8_t bytes[4] = {};
  store_be32(bytes, 0x01020304);
  EXPECT_EQ(bytes[0], 1);
  EXPECT_EQ(bytes[3], 4);
  EXPECT_EQ(load_be16(bytes + 1), 0x0203);
  store_le32(bytes, 0x01020304);
  EXPECT_EQ(bytes[0], 4);
  EXPECT_EQ(load_le16(bytes), 0x0304);
  EXPECT_EQ(load_le32(bytes), 0x01020304u);
}

}  // namespace
}  // namespace sockwire
