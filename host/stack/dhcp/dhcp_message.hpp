// SPDX-License-Identifier: Apache-2.0
// DHCP messages as bytes (RFC 2131 2): what a client writes, and what it reads of a server's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/base/ipv4_address.hpp"
#include "host/base/mac_address.hpp"
#include "host/base/time.hpp"

namespace sockwire::stack::dhcp {

inline constexpr std::uint16_t kServerPort = 67;
inline constexpr std::uint16_t kClientPort = 68;

/// The layout (RFC 2131 figure 1), byte offsets from `op`.
inline constexpr std::size_t kXidOffset = 4;
inline constexpr std::size_t kSecsOffset = 8;
inline constexpr std::size_t kFlagsOffset = 10;
inline constexpr std::size_t kCiaddrOffset = 12;
inline constexpr std::size_t kYiaddrOffset = 16;
inline constexpr std::size_t kChaddrOffset = 28;
inline constexpr std::size_t kSnameOffset = 44;
inline constexpr std::size_t kSnameBytes = 64;
inline constexpr std::size_t kFileOffset = 108;
inline constexpr std::size_t kFileBytes = 128;
inline constexpr std::size_t kCookieOffset = 236;
inline constexpr std::size_t kOptionsOffset = 240;

/// RFC 2132 9.6.
enum class MessageType : std::uint8_t {
  kDiscover = 1,
  kOffer = 2,
  kRequest = 3,
  kDecline = 4,
  kAck = 5,
  kNak = 6,
  kRelease = 7,
};

/// What a server lends, and what it says of the network.
struct Lease {
  Ipv4Interface interface;
  Ipv4Address server;
  std::optional<Ipv4Address> router;     ///< On the link; the first that is named.
  std::vector<Ipv4Address> dns_servers;  ///< At most kMaxDnsServers.
  std::string domain;                    ///< Printable; empty if none was told.
  std::optional<std::uint16_t> mtu;
  Duration duration{};  ///< kForever for an infinite one.
  Duration t1{};        ///< Until RENEWING (RFC 2131 4.4.5).
  Duration t2{};        ///< Until REBINDING.

  static constexpr std::size_t kMaxDnsServers = 4;
  static constexpr Duration kForever = Duration::max();

  friend bool operator==(const Lease&, const Lease&) = default;
};

/// What a client says (RFC 2131 table 5).
struct ClientMessage {
  MessageType type = MessageType::kDiscover;
  std::uint32_t xid = 0;
  std::uint16_t seconds = 0;  ///< Since it began to ask.
  bool broadcast = false;     ///< Answers cannot be received by unicast.
  MacAddress mac;
  Ipv4Address client_address;  ///< ciaddr: of a client that has one.
  std::optional<Ipv4Address> requested_address;
  std::optional<Ipv4Address> server;
  std::string host_name;  ///< Empty: not told.
  std::string message;    ///< Why, in a DECLINE.
};

/// At least 300 bytes, as relays of BOOTP ask for (RFC 1542 2.1).
std::vector<std::uint8_t> write(const ClientMessage& message);

/// What a server says.
struct ServerMessage {
  MessageType type = MessageType::kOffer;
  std::uint32_t xid = 0;
  MacAddress mac;
  Ipv4Address server;          ///< Unspecified if it did not say.
  std::optional<Lease> lease;  ///< Of an OFFER or an ACK that can be used.
  std::string text;            ///< For people: why, in a NAK.
};

/// Nothing if it is no well-formed answer of a server to an Ethernet client.
std::optional<ServerMessage> parse(std::span<const std::uint8_t> bytes);

}  // namespace sockwire::stack::dhcp
