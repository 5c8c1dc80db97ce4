// SPDX-License-Identifier: Apache-2.0
// A DHCP server's answers by hand, from the layout in RFC 2131 figure 1.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "host/base/byte_order.hpp"
#include "host/base/ipv4_address.hpp"
#include "host/base/mac_address.hpp"

namespace sockwire::stack::dhcp::test {

using Bytes = std::vector<std::uint8_t>;

inline const MacAddress kMac({0x02, 0, 0, 0, 0, 0x01});
inline constexpr Ipv4Address kServer{10, 0, 0, 2};
inline constexpr Ipv4Address kLent{10, 0, 0, 77};

inline Bytes option(std::uint8_t code, const Bytes& value) {
  Bytes out{code, static_cast<std::uint8_t>(value.size())};
  out.insert(out.end(), value.begin(), value.end());
  return out;
}
inline Bytes option(std::uint8_t code, std::uint32_t value) {
  Bytes four(4);
  store_be32(four.data(), value);
  return option(code, four);
}

struct Answer {
  std::uint8_t type = 2;
  std::uint32_t xid = 0;
  Ipv4Address address = kLent;
  Ipv4Address server = kServer;
  MacAddress mac = kMac;
  std::uint32_t lease_seconds = 3600;
  Bytes more;  ///< Further options.

  Bytes bytes() const {
    Bytes out(236);
    out[0] = 2;  // BOOTREPLY
    out[1] = 1;
    out[2] = 6;
    store_be32(&out[4], xid);
    store_be32(&out[16], address.value());
    std::copy(mac.bytes().begin(), mac.bytes().end(), out.begin() + 28);
    const auto add = [&](const Bytes& part) { out.insert(out.end(), part.begin(), part.end()); };
    add({99, 130, 83, 99});
    add(option(53, Bytes{type}));
    add(option(54, server.value()));
    if (type != 6) {
      add(option(51, lease_seconds));
      add(option(1, 0xffffff00));
    }
    add(more);
    add({255});
    return out;
  }
};

/// What a client's message says, read by hand.
struct Said {
  explicit Said(const Bytes& bytes) : message(bytes) {
    for (std::size_t i = 240; i + 1 < message.size() && message[i] != 255; i += 2U + message[i + 1]) {
      if (message[i] == 53) type = message[i + 2];
      if (message[i] == 50) requested = Ipv4Address(load_be32(&message[i + 2]));
      if (message[i] == 54) server = Ipv4Address(load_be32(&message[i + 2]));
    }
  }
  std::uint32_t xid() const { return load_be32(&message[4]); }
  std::uint16_t seconds() const { return load_be16(&message[8]); }
  bool broadcast() const { return (message[10] & 0x80) != 0; }
  Ipv4Address ciaddr() const { return Ipv4Address(load_be32(&message[12])); }

  Bytes message;
  int type = 0;
  Ipv4Address requested;
  Ipv4Address server;
};

}  // namespace sockwire::stack::dhcp::test
