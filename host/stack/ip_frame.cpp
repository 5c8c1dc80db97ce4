// SPDX-License-Identifier: Apache-2.0
#include "host/stack/ip_frame.hpp"

#include "hls/wire/ethernet.hpp"
#include "hls/wire/ipv4.hpp"
#include "hls/wire/ipv6.hpp"
#include "host/stack/internet_checksum.hpp"
#include "host/stack/ipv4.hpp"
#include "host/stack/ipv6.hpp"

namespace sockwire::stack {

std::size_t ip_headers_bytes(const Interface& interface, bool ipv4) {
  return interface.link_header_bytes() +
         static_cast<std::size_t>(ipv4 ? wire::kIpv4MinHeaderBytes : wire::kIpv6HeaderBytes);
}

void write_ip_headers(const Interface& interface, const MacAddress& to, const IpHeader& header, std::size_t l4_bytes,
                      std::uint8_t* out) {
  const bool ipv4 = header.destination.is_ipv4();
  interface.write_link_header(to, ipv4 ? wire::kEtherTypeIpv4 : wire::kEtherTypeIpv6, out);
  std::uint8_t* at = out + interface.link_header_bytes();
  if (ipv4) {
    write_ipv4_header(header, l4_bytes, at);
  } else {
    write_ipv6_header(header, l4_bytes, at);
  }
}

TxFrame make_ip_frame(const Interface& interface, const MacAddress& to, const IpHeader& header, std::size_t l4_bytes,
                      std::size_t checksum_at, bool pseudo) {
  const bool ipv4 = header.destination.is_ipv4();
  const std::size_t before = ip_headers_bytes(interface, ipv4);
  TxFrame frame;
  frame.bytes.resize(before + l4_bytes);
  write_ip_headers(interface, to, header, l4_bytes, frame.bytes.data());
  frame.insert_l3 = ipv4;
  frame.insert_l4 = true;
  frame.l3_offset = static_cast<std::uint8_t>(interface.link_header_bytes());
  frame.l4_offset = static_cast<std::uint8_t>(before);
  frame.checksum_offset = static_cast<std::uint8_t>(before + checksum_at);
  if (pseudo) frame.pseudo_sum = pseudo_header_sum(header.source, header.destination, header.protocol, l4_bytes);
  return frame;
}

}  // namespace sockwire::stack
