// SPDX-License-Identifier: Apache-2.0
#include "host/stack/dhcp/dhcp_message.hpp"

#include <algorithm>
#include <bit>
#include <chrono>

#include "hls/wire/arp.hpp"
#include "host/base/byte_order.hpp"
#include "host/stack/dhcp/dhcp_options.hpp"

namespace sockwire::stack::dhcp {

namespace {

constexpr std::uint8_t kBootRequest = 1;
constexpr std::uint8_t kBootReply = 2;
constexpr std::uint8_t kEthernetAddressBytes = 6;
constexpr std::uint32_t kMagicCookie = 0x63825363;  // 99.130.83.99, RFC 2131 3
constexpr std::uint16_t kBroadcastFlag = 0x8000;
constexpr std::uint32_t kInfiniteSeconds = 0xffffffff;  // RFC 2131 3.3
constexpr std::size_t kMinMessageBytes = 300;
/// What any client must take (RFC 2131 2), and more than a lease needs.
constexpr std::uint16_t kMaxMessageBytes = 576;
/// Options are one byte long at most; names are cut to that.
constexpr std::size_t kMaxTextBytes = 255;
/// Smaller interfaces than this are not believed: RFC 1122 3.3.3 has every host take datagrams of 576 bytes.
constexpr std::uint16_t kMinMtu = 576;

class Writer {
 public:
  explicit Writer(std::vector<std::uint8_t>& out) : out_(out) {}

  void option(OptionCode code, std::span<const std::uint8_t> value) {
    value = value.first(std::min(value.size(), kMaxTextBytes));
    out_.push_back(static_cast<std::uint8_t>(code));
    out_.push_back(static_cast<std::uint8_t>(value.size()));
    out_.insert(out_.end(), value.begin(), value.end());
  }
  void option(OptionCode code, Ipv4Address address) {
    std::uint8_t bytes[4];
    store_be32(bytes, address.value());
    option(code, bytes);
  }
  void option(OptionCode code, const std::string& text) {
    option(code, std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
  }

 private:
  std::vector<std::uint8_t>& out_;
};

/// What RFC 2131 table 5 has each message carry, besides its type.
void write_options(const ClientMessage& message, Writer& out) {
  std::uint8_t client_id[1 + kEthernetAddressBytes] = {wire::kArpHardwareEthernet};  // RFC 2132 9.14
  message.mac.copy_to(client_id + 1);
  out.option(OptionCode::kClientId, client_id);
  if (message.requested_address) out.option(OptionCode::kRequestedAddress, *message.requested_address);
  if (message.server) out.option(OptionCode::kServerId, *message.server);
  if (!message.message.empty()) out.option(OptionCode::kMessage, message.message);
  if (message.type != MessageType::kDiscover && message.type != MessageType::kRequest) return;
  std::uint8_t size[2];
  store_be16(size, kMaxMessageBytes);
  out.option(OptionCode::kMaxMessageSize, size);
  const OptionCode wanted[] = {OptionCode::kSubnetMask,  OptionCode::kRouter,       OptionCode::kDomainNameServer,
                               OptionCode::kDomainName,  OptionCode::kInterfaceMtu, OptionCode::kLeaseTime,
                               OptionCode::kRenewalTime, OptionCode::kRebindingTime};
  std::uint8_t codes[std::size(wanted)];
  std::transform(std::begin(wanted), std::end(wanted), codes,
                 [](auto code) { return static_cast<std::uint8_t>(code); });
  out.option(OptionCode::kParameterRequestList, codes);
  if (!message.host_name.empty()) out.option(OptionCode::kHostName, message.host_name);
}

/// An address that a host can have (RFC 1122 3.2.1.3).
bool is_host(Ipv4Address address) {
  return !address.is_unspecified() && !address.is_loopback() && !address.is_multicast() && address.value() >> 28 != 0xf;
}

/// How many bits the mask has; the class of the address (RFC 791 3.2) where none was told. Nothing: it has gaps.
std::optional<int> prefix_bits(const Options& options, Ipv4Address address) {
  if (!options.has(OptionCode::kSubnetMask)) {
    if (address.value() >> 31 == 0) return 8;
    return address.value() >> 30 == 2 ? 16 : 24;
  }
  const auto mask = options.u32(OptionCode::kSubnetMask);
  if (!mask) return std::nullopt;
  const int bits = std::countl_one(*mask);
  if (bits == 0 || std::popcount(*mask) != bits) return std::nullopt;
  return bits;
}

/// RFC 2131 4.4.5: half and seven eighths of the lease, unless the server says better.
void set_times(Lease& lease, const Options& options, std::uint32_t seconds) {
  if (seconds == kInfiniteSeconds) {
    lease.duration = lease.t1 = lease.t2 = Lease::kForever;
    return;
  }
  lease.duration = std::chrono::seconds(seconds);
  lease.t1 = lease.duration / 2;
  lease.t2 = lease.duration / 8 * 7;
  const auto t1 = options.u32(OptionCode::kRenewalTime);
  const auto t2 = options.u32(OptionCode::kRebindingTime);
  const std::uint64_t rebinding = t2 ? *t2 : std::uint64_t{seconds} * 7 / 8;
  if (t2 && *t2 > 0 && *t2 < seconds) lease.t2 = std::chrono::seconds(*t2);
  if (t1 && *t1 > 0 && *t1 < rebinding && rebinding < seconds) lease.t1 = std::chrono::seconds(*t1);
  lease.t1 = std::min(lease.t1, lease.t2);
}

std::optional<Lease> read_lease(const Options& options, Ipv4Address address, Ipv4Address server) {
  const auto seconds = options.u32(OptionCode::kLeaseTime);
  const auto bits = prefix_bits(options, address);
  if (!seconds || *seconds == 0 || !bits || !is_host(address) || !is_host(server)) return std::nullopt;
  Lease lease;
  lease.interface = {address, *bits};
  if (lease.interface.is_subnet_broadcast(address)) return std::nullopt;
  if (*bits < 31 && (address.value() & ~lease.interface.mask()) == 0) return std::nullopt;
  lease.server = server;
  set_times(lease, options, *seconds);
  for (const Ipv4Address router : options.addresses(OptionCode::kRouter, 1)) {
    if (is_host(router) && lease.interface.on_link(router) && router != address) lease.router = router;
  }
  lease.dns_servers = options.addresses(OptionCode::kDomainNameServer, Lease::kMaxDnsServers);
  std::erase_if(lease.dns_servers, [](Ipv4Address one) { return !is_host(one); });
  lease.domain = options.text(OptionCode::kDomainName);
  const auto mtu = options.u16(OptionCode::kInterfaceMtu);
  if (mtu && *mtu >= kMinMtu) lease.mtu = mtu;
  return lease;
}

}  // namespace

std::vector<std::uint8_t> write(const ClientMessage& message) {
  std::vector<std::uint8_t> out(kOptionsOffset);
  out.reserve(kMaxMessageBytes);
  out[0] = kBootRequest;
  out[1] = wire::kArpHardwareEthernet;
  out[2] = kEthernetAddressBytes;
  store_be32(&out[kXidOffset], message.xid);
  store_be16(&out[kSecsOffset], message.seconds);
  store_be16(&out[kFlagsOffset], message.broadcast ? kBroadcastFlag : 0);
  store_be32(&out[kCiaddrOffset], message.client_address.value());
  message.mac.copy_to(&out[kChaddrOffset]);
  store_be32(&out[kCookieOffset], kMagicCookie);
  Writer writer(out);
  const std::uint8_t type[1] = {static_cast<std::uint8_t>(message.type)};
  writer.option(OptionCode::kMessageType, type);
  write_options(message, writer);
  out.push_back(static_cast<std::uint8_t>(OptionCode::kEnd));
  if (out.size() < kMinMessageBytes) out.resize(kMinMessageBytes);
  return out;
}

std::optional<ServerMessage> parse(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < kOptionsOffset || bytes[0] != kBootReply || bytes[1] != wire::kArpHardwareEthernet ||
      bytes[2] != kEthernetAddressBytes || load_be32(&bytes[kCookieOffset]) != kMagicCookie) {
    return std::nullopt;
  }
  const auto options = Options::parse(bytes);
  if (!options) return std::nullopt;
  const auto type = options->u8(OptionCode::kMessageType);
  if (!type) return std::nullopt;
  ServerMessage message;
  message.type = static_cast<MessageType>(*type);
  if (message.type != MessageType::kOffer && message.type != MessageType::kAck && message.type != MessageType::kNak) {
    return std::nullopt;
  }
  message.xid = load_be32(&bytes[kXidOffset]);
  message.mac = MacAddress::from_bytes(&bytes[kChaddrOffset]);
  message.server = options->address(OptionCode::kServerId).value_or(Ipv4Address());
  message.text = options->text(OptionCode::kMessage);
  if (message.type != MessageType::kNak) {
    message.lease = read_lease(*options, Ipv4Address(load_be32(&bytes[kYiaddrOffset])), message.server);
  }
  return message;
}

}  // namespace sockwire::stack::dhcp
