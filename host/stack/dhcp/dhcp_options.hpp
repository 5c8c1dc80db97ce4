// SPDX-License-Identifier: Apache-2.0
// The options of a DHCP message (RFC 2132), wherever they lie: in the options field, and in `file` and `sname` where
// option overload says so (RFC 2132 9.3). A long option that came in parts is put together again (RFC 3396).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/base/ipv4_address.hpp"

namespace sockwire::stack::dhcp {

/// The codes that mean something here.
enum class OptionCode : std::uint8_t {
  kPad = 0,
  kSubnetMask = 1,
  kRouter = 3,
  kDomainNameServer = 6,
  kHostName = 12,
  kDomainName = 15,
  kInterfaceMtu = 26,
  kRequestedAddress = 50,
  kLeaseTime = 51,
  kOverload = 52,
  kMessageType = 53,
  kServerId = 54,
  kParameterRequestList = 55,
  kMessage = 56,
  kMaxMessageSize = 57,
  kRenewalTime = 58,
  kRebindingTime = 59,
  kClientId = 61,
  kEnd = 255,
};

class Options {
 public:
  /// message: from `op` on, with the magic cookie in its place. Nothing if an option is longer than its field, or an
  /// overload is impossible. Memory is bounded by the message's length.
  static std::optional<Options> parse(std::span<const std::uint8_t> message);

  bool has(OptionCode code) const { return values_.contains(code); }
  /// Empty if it is not there.
  std::span<const std::uint8_t> value(OptionCode code) const;
  /// Nothing if it is not there or has another length than the type asks for.
  std::optional<std::uint8_t> u8(OptionCode code) const;
  std::optional<std::uint16_t> u16(OptionCode code) const;
  std::optional<std::uint32_t> u32(OptionCode code) const;
  std::optional<Ipv4Address> address(OptionCode code) const;
  /// At most max_count of them.
  std::vector<Ipv4Address> addresses(OptionCode code, std::size_t max_count) const;
  /// Without trailing zeros, which some servers add (RFC 2132 2), and without anything that is not printable ASCII.
  std::string text(OptionCode code) const;

 private:
  bool take_field(std::span<const std::uint8_t> field);

  std::map<OptionCode, std::vector<std::uint8_t>> values_;
};

}  // namespace sockwire::stack::dhcp
