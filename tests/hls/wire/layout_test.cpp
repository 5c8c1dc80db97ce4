// SPDX-License-Identifier: Apache-2.0
// The constants, against packets written out byte by byte from the standards' drawings.
#include <gtest/gtest.h>

#include <cstdint>

#include "hls/wire/arp.hpp"
#include "hls/wire/byte_order.hpp"
#include "hls/wire/ethernet.hpp"
#include "hls/wire/icmp.hpp"
#include "hls/wire/ipv4.hpp"
#include "hls/wire/ipv6.hpp"
#include "hls/wire/tcp.hpp"
#include "hls/wire/udp.hpp"
#include "hls/wire/vlan.hpp"

namespace sockwire::wire {
namespace {

// IEEE 802.3 clause 3.1.1; 802.1Q clause 9.6: priority 5, VID 0x123.
TEST(WireLayout, EthernetWithVlanTag) {
  const std::uint8_t frame[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0x81, 0x00, 0xa1, 0x23, 0x08, 0x00};
  EXPECT_EQ(frame[kEthernetDestination], 1);
  EXPECT_EQ(frame[kEthernetSource], 7);
  EXPECT_EQ(load_be16(frame + kEthernetType), kEtherTypeVlan);
  EXPECT_EQ(load_be16(frame + kVlanTagProtocol), kEtherTypeVlan);
  EXPECT_EQ(load_be16(frame + kVlanTagControl) & kVlanIdMask, 0x123);
  EXPECT_EQ(load_be16(frame + kVlanTagControl) >> kVlanPriorityShift, 5);
  EXPECT_EQ(load_be16(frame + kVlanInnerType), kEtherTypeIpv4);
  EXPECT_EQ(sizeof(frame), static_cast<std::size_t>(kEthernetHeaderBytes + kVlanTagBytes));
}

// RFC 826, packet format.
TEST(WireLayout, Arp) {
  const std::uint8_t packet[] = {0, 1, 8, 0, 6, 4, 0, 2, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1, 2, 0, 0, 0, 0, 2, 10, 0, 0, 2};
  EXPECT_EQ(load_be16(packet + kArpHardwareType), kArpHardwareEthernet);
  EXPECT_EQ(load_be16(packet + kArpProtocolType), kEtherTypeIpv4);
  EXPECT_EQ(packet[kArpHardwareBytes], 6);
  EXPECT_EQ(packet[kArpProtocolBytes], 4);
  EXPECT_EQ(load_be16(packet + kArpOperation), kArpReply);
  EXPECT_EQ(packet[kArpSenderMac + 5], 1);
  EXPECT_EQ(load_be32(packet + kArpSenderIp), 0x0a000001u);
  EXPECT_EQ(packet[kArpTargetMac + 5], 2);
  EXPECT_EQ(load_be32(packet + kArpTargetIp), 0x0a000002u);
  EXPECT_EQ(sizeof(packet), static_cast<std::size_t>(kArpBytes));
}

// RFC 791 3.1.
TEST(WireLayout, Ipv4) {
  const std::uint8_t header[] = {0x45, 0x00, 0x00, 0x73, 0x12, 0x34, 0x60, 0x05, 0x40, 0x11,
                                 0xb8, 0x61, 0xc0, 0xa8, 0x00, 0x01, 0xc0, 0xa8, 0x00, 0xc7};
  EXPECT_EQ(header[kIpv4VersionIhl], 0x45);
  EXPECT_EQ(header[kIpv4Tos], 0);
  EXPECT_EQ(load_be16(header + kIpv4TotalLength), 0x73);
  EXPECT_EQ(load_be16(header + kIpv4Id), 0x1234);
  const std::uint16_t fragment = load_be16(header + kIpv4Fragment);
  EXPECT_NE(fragment & kIpv4DontFragment, 0);
  EXPECT_NE(fragment & kIpv4MoreFragments, 0);
  EXPECT_EQ(fragment & kIpv4FragmentOffsetMask, 5);
  EXPECT_EQ(header[kIpv4Ttl], 64);
  EXPECT_EQ(header[kIpv4Protocol], kIpProtocolUdp);
  EXPECT_EQ(load_be16(header + kIpv4Checksum), 0xb861);
  EXPECT_EQ(load_be32(header + kIpv4Source), 0xc0a80001u);
  EXPECT_EQ(load_be32(header + kIpv4Destination), 0xc0a800c7u);
  EXPECT_EQ(sizeof(header), static_cast<std::size_t>(kIpv4MinHeaderBytes));
}

// RFC 8200 3: from RFC 768, 8 bytes of UDP follow.
TEST(WireLayout, Ipv6AndUdp) {
  std::uint8_t packet[48] = {0x60, 0, 0, 0, 0, 8, 17, 63};
  packet[8] = 0x20;
  packet[24] = 0x30;
  packet[40 + 1] = 53;
  packet[40 + 3] = 54;
  packet[40 + 5] = 8;
  packet[40 + 7] = 99;
  EXPECT_EQ(packet[kIpv6VersionClassFlow] >> 4, 6);
  EXPECT_EQ(load_be16(packet + kIpv6PayloadLength), 8);
  EXPECT_EQ(packet[kIpv6NextHeader], kIpProtocolUdp);
  EXPECT_EQ(packet[kIpv6HopLimit], 63);
  EXPECT_EQ(packet[kIpv6Source], 0x20);
  EXPECT_EQ(packet[kIpv6Destination], 0x30);
  const std::uint8_t* udp = packet + kIpv6HeaderBytes;
  EXPECT_EQ(load_be16(udp + kUdpSourcePort), 53);
  EXPECT_EQ(load_be16(udp + kUdpDestinationPort), 54);
  EXPECT_EQ(load_be16(udp + kUdpLength), kUdpHeaderBytes);
  EXPECT_EQ(load_be16(udp + kUdpChecksum), 99);
}

// RFC 9293 3.1: flags CWR ECE URG ACK PSH RST SYN FIN from the left.
TEST(WireLayout, Tcp) {
  const std::uint8_t header[] = {0x00, 0x50, 0x1f, 0x90, 1,    2,    3,    4,    5, 6,
                                 7,    8,    0x50, 0x92, 0x20, 0x00, 0xab, 0xcd, 0, 1};
  EXPECT_EQ(load_be16(header + kTcpSourcePort), 80);
  EXPECT_EQ(load_be16(header + kTcpDestinationPort), 8080);
  EXPECT_EQ(load_be32(header + kTcpSequence), 0x01020304u);
  EXPECT_EQ(load_be32(header + kTcpAck), 0x05060708u);
  EXPECT_EQ(header[kTcpDataOffset] >> 4, 5);
  EXPECT_EQ(header[kTcpFlags], kTcpCwr | kTcpAckFlag | kTcpSyn);
  EXPECT_EQ(load_be16(header + kTcpWindow), 0x2000);
  EXPECT_EQ(load_be16(header + kTcpChecksum), 0xabcd);
  EXPECT_EQ(load_be16(header + kTcpUrgent), 1);
}

// RFC 792, destination unreachable; RFC 1191 4 puts the MTU into its last two bytes.
TEST(WireLayout, Icmp) {
  const std::uint8_t message[] = {3, 4, 0xab, 0xcd, 0, 0, 0x05, 0xd4, 0x45};
  EXPECT_EQ(message[kIcmpType], kIcmpDestinationUnreachable);
  EXPECT_EQ(message[kIcmpCode], kIcmpFragmentationNeeded);
  EXPECT_EQ(load_be16(message + kIcmpChecksum), 0xabcd);
  EXPECT_EQ(load_be16(message + kIcmpNextHopMtu), 1492);
  EXPECT_EQ(message[kIcmpOriginal], 0x45);
}

}  // namespace
}  // namespace sockwire::wire
