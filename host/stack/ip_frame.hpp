// SPDX-License-Identifier: Apache-2.0
// Frames around packets that we send: Ethernet (with a VLAN tag if the interface has one), IPv4 or IPv6 header, and
// what the card has to know to fill in the checksums.
#pragma once

#include <cstddef>
#include <cstdint>

#include "host/base/mac_address.hpp"
#include "host/stack/descriptor.hpp"
#include "host/stack/interface.hpp"
#include "host/stack/ip_packet.hpp"

namespace sockwire::stack {

/// Bytes before the transport header: 34 for IPv4, 54 for IPv6, 4 more with a VLAN tag.
std::size_t ip_headers_bytes(const Interface& interface, bool ipv4);

/// Writes ip_headers_bytes(); the IPv4 header checksum is left zero. `l4_bytes` follow the header.
void write_ip_headers(const Interface& interface, const MacAddress& to, const IpHeader& header, std::size_t l4_bytes,
                      std::uint8_t* out);

/// A frame with `l4_bytes` behind its headers, which are zero: from frame.l4_offset on. Checksums are left to the card.
/// checksum_at: where the L4 checksum lies within the L4 header. pseudo: it covers the pseudo header.
TxFrame make_ip_frame(const Interface& interface, const MacAddress& to, const IpHeader& header, std::size_t l4_bytes,
                      std::size_t checksum_at, bool pseudo);

}  // namespace sockwire::stack
