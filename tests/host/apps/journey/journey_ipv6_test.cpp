// SPDX-License-Identifier: Apache-2.0
// The journey over IPv6: neighbour discovery, headers and pseudo headers, against tshark's reading of the same packets.
#include <algorithm>
#include <vector>

#include "tests/host/apps/journey/journey_fixture.hpp"

namespace sockwire {
namespace {

TEST_F(Journey, TsharkReadsTheSameIpv6) {
  const json run = recorded("http://www.example.org/30k -6 --loss 0.05 --seed 3");
  const auto rows =
      dissected({"frame.number", "ipv6.src", "ipv6.dst", "ipv6.plen", "ipv6.hlim", "tcp.seq_raw", "tcp.ack_raw",
                 "tcp.checksum", "tcp.checksum.status", "udp.checksum.status", "icmpv6.checksum.status", "icmpv6.type",
                 "eth.dst", "dns.aaaa", "frame.comment", "_ws.malformed"});
  if (rows.empty()) GTEST_SKIP() << "tshark is not here";
  ASSERT_EQ(rows.size(), run["packets"].size());
  std::vector<std::string> aaaa;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const json& packet = run["packets"][i];
    const auto& row = rows[i];
    SCOPED_TRACE("packet " + row[0]);
    EXPECT_EQ(row[0], std::to_string(packet["n"].get<int>()));
    EXPECT_EQ(row[1], value_of(packet, "IPv6", "Source"));
    EXPECT_EQ(row[2], value_of(packet, "IPv6", "Destination"));
    EXPECT_EQ(row[3], value_of(packet, "IPv6", "Payload length"));
    EXPECT_EQ(row[4], value_of(packet, "IPv6", "Hop limit"));
    EXPECT_EQ(row[5], value_of(packet, "TCP", "Sequence number"));
    EXPECT_EQ(row[6], value_of(packet, "TCP", "ACK number"));
    EXPECT_EQ(row[7], value_of(packet, "TCP", "Checksum"));
    EXPECT_EQ(row[8], row[7].empty() ? "" : "1");  // good
    EXPECT_EQ(row[9], value_of(packet, "UDP", "Length").empty() ? "" : "1");
    EXPECT_EQ(row[10], value_of(packet, "ICMPv6", "Type").empty() ? "" : "1");
    EXPECT_EQ(row[11], value_of(packet, "ICMPv6", "Type"));
    EXPECT_EQ(row[12], value_of(packet, "Ethernet", "Destination"));
    EXPECT_EQ(row[13], value_of(packet, "DNS", "Address"));
    if (!row[13].empty()) aaaa.push_back(row[13]);
    EXPECT_NE(row[14].find("Why now: " + packet["why"].get<std::string>()), std::string::npos) << row[14];
    EXPECT_EQ(row[15], "");
  }
  EXPECT_EQ(aaaa, std::vector<std::string>{"fd18::1"});
}

TEST_F(Journey, NeighboursAreFoundBeforeTheSyn) {
  const json run = recorded("http://[2001:db8::10]:8080/1000");
  std::vector<std::string> titles;
  for (const json& packet : run["packets"]) titles.push_back(packet["title"]);
  const std::vector<std::string> beginning = {"MLD: listens to ff02::1:ff00:11",
                                              "MLD: listens to ff02::1:ff00:10",
                                              "NDP: who has 2001:db8::10?",
                                              "NDP: 2001:db8::10 is at 02:53:57:00:01:01",
                                              "SYN",
                                              "SYN+ACK"};
  ASSERT_GE(titles.size(), beginning.size());
  EXPECT_EQ(std::vector<std::string>(titles.begin(), titles.begin() + 6), beginning);
  EXPECT_EQ(run["packets"][3]["ties"]["answers"], 3);
  // RFC 2464 7, RFC 4861 7.2.2: the question goes to the group of the address that is asked for.
  EXPECT_EQ(value_of(run["packets"][2], "Ethernet", "Destination"), "33:33:ff:00:00:10");
  EXPECT_EQ(value_of(run["packets"][3], "ICMPv6", "Flags"), "0x60000000");  // solicited, override
}

TEST_F(Journey, Ipv6FieldsCoverEveryOctetOnceAndChecksumsAreRight) {
  std::ofstream(path("message")) << std::string(3000, 'm');
  for (const std::string arguments : {"get http://www.example.org/5000 -6", "get http://[fd18::fe]/5000 --width 8"}) {
    const json run = recorded_errand(arguments);
    expect_whole_dissection(run);
  }
  expect_whole_dissection(recorded_send("[fd18::1]:7 " + path("message")));
}

TEST_F(Journey, AddressesOfNoHostAreRefused) {
  for (const char* address : {"[ff02::1]", "[::1]", "[fe80::1]", "[::]", "224.0.0.1", "127.0.0.1", "10.1.2.255"}) {
    const auto outcome = journey(std::string("get 'http://") + address + "/1'");
    EXPECT_EQ(outcome.exit_code, 2) << address;
    EXPECT_NE(outcome.output.find("is no address of a host"), std::string::npos) << outcome.output;
  }
}

}  // namespace
}  // namespace sockwire
