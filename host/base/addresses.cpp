// SPDX-License-Identifier: Apache-2.0
// Addresses as text.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "host/base/ip_address.hpp"
#include "host/base/ip_prefix.hpp"
#include "host/base/ipv4_address.hpp"
#include "host/base/mac_address.hpp"

namespace sockwire {

namespace {

/// Reads a number of at most max_digits digits that is at most `limit`, and takes it off the front of `text`.
std::optional<unsigned> take_number(std::string_view& text, int base, std::size_t max_digits, unsigned limit) {
  unsigned value = 0;
  const std::string_view head = text.substr(0, max_digits);
  const auto [end, error] = std::from_chars(head.data(), head.data() + head.size(), value, base);
  if (error != std::errc() || value > limit) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - head.data()));
  return value;
}

bool take_char(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<Ipv4Address> take_ipv4(std::string_view& text) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    if (i > 0 && !take_char(text, '.')) return std::nullopt;
    const auto part = take_number(text, 10, 3, 255);
    if (!part) return std::nullopt;
    value = value << 8 | *part;
  }
  return Ipv4Address(value);
}

/// Takes groups of an IPv6 address up to its end, or to a "::" that is not the first; an IPv4 address may be the last
/// two (RFC 4291 2.2, form 3). Returns how many groups, or nothing if they are none.
std::optional<std::size_t> take_groups(std::string_view& text, std::array<std::uint8_t, 16>& out, std::size_t limit) {
  std::size_t groups = 0;
  while (!text.empty() && text.front() != ':') {
    if (groups >= limit) return std::nullopt;
    if (text.find('.') < text.find(':')) {
      const auto ipv4 = take_ipv4(text);
      if (!ipv4 || groups + 2 > limit || !text.empty()) return std::nullopt;
      for (std::size_t i = 0; i < 4; ++i) {
        out[2 * groups + i] = static_cast<std::uint8_t>(ipv4->value() >> (24 - 8 * i));
      }
      return groups + 2;
    }
    const auto group = take_number(text, 16, 4, 0xffff);
    if (!group) return std::nullopt;
    out[2 * groups] = static_cast<std::uint8_t>(*group >> 8);
    out[2 * groups + 1] = static_cast<std::uint8_t>(*group);
    ++groups;
    if (text.empty()) return groups;
    if (text.substr(0, 2) == "::") return groups;
    if (!take_char(text, ':') || text.empty()) return std::nullopt;
  }
  return groups;
}

std::optional<IpAddress> parse_ipv6(std::string_view text) {
  std::array<std::uint8_t, 16> head{};
  const auto before = take_groups(text, head, 8);
  if (!before) return std::nullopt;
  if (text.empty()) return *before == 8 ? std::optional(IpAddress(head)) : std::nullopt;
  if (text.substr(0, 2) != "::" || *before == 8) return std::nullopt;
  text.remove_prefix(2);
  std::array<std::uint8_t, 16> tail{};
  const auto after = take_groups(text, tail, 7 - *before);  // "::" stands for one group at least (RFC 5952 4.2.2)
  if (!after || !text.empty()) return std::nullopt;
  std::copy_n(tail.begin(), 2 * *after, head.end() - static_cast<std::ptrdiff_t>(2 * *after));
  return IpAddress(head);
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  if (text.find(':') != std::string_view::npos) return parse_ipv6(text);
  if (const auto ipv4 = Ipv4Address::parse(text)) return IpAddress(*ipv4);
  return std::nullopt;
}

std::optional<IpPrefix> IpPrefix::parse(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  text.remove_prefix(slash + 1);
  const auto bits = take_number(text, 10, 3, address->is_ipv4() ? 32 : 128);
  if (!bits || !text.empty()) return std::nullopt;
  return IpPrefix{*address, static_cast<int>(*bits)};
}

std::string to_string(const IpPrefix& prefix) { return to_string(prefix.address) + "/" + std::to_string(prefix.bits); }

std::optional<MacAddress> MacAddress::parse(std::string_view text) {
  std::array<std::uint8_t, 6> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0 && !take_char(text, ':') && !take_char(text, '-')) return std::nullopt;
    const std::size_t before = text.size();
    const auto part = take_number(text, 16, 2, 255);
    if (!part || before - text.size() != 2) return std::nullopt;
    bytes[i] = static_cast<std::uint8_t>(*part);
  }
  if (!text.empty()) return std::nullopt;
  return MacAddress(bytes);
}

std::optional<Ipv4Address> Ipv4Address::parse(std::string_view text) {
  const auto address = take_ipv4(text);
  return text.empty() ? address : std::nullopt;
}

std::optional<Ipv4Interface> Ipv4Interface::parse(std::string_view text) {
  const auto address = take_ipv4(text);
  if (!address || !take_char(text, '/')) return std::nullopt;
  const auto bits = take_number(text, 10, 2, 32);
  if (!bits || !text.empty()) return std::nullopt;
  return Ipv4Interface{*address, static_cast<int>(*bits)};
}

std::string to_string(const MacAddress& address) {
  std::array<char, 18> text{};
  const auto& b = address.bytes();
  std::snprintf(text.data(), text.size(), "%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3], b[4], b[5]);
  return text.data();
}

std::string to_string(Ipv4Address address) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) {
    text += std::to_string(address.value() >> shift & 0xff);
    if (shift > 0) text += '.';
  }
  return text;
}

std::string to_string(const IpAddress& address) {
  if (address.is_ipv4()) return to_string(Ipv4Address(address));
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i) groups[i] = address.bytes()[2 * i] << 8 | address.bytes()[2 * i + 1];
  // RFC 5952 4.2: the longest run of two or more zero groups, the first of equal ones, becomes "::".
  std::size_t run_start = 8;
  std::size_t run_length = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t end = i;
    while (end < 8 && groups[end] == 0) ++end;
    if (end - i > run_length) {
      run_start = i;
      run_length = end - i;
    }
  }
  std::string text;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == run_start) {
      text += "::";
      i += run_length - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    std::array<char, 5> group{};
    std::snprintf(group.data(), group.size(), "%x", groups[i]);
    text += group.data();
  }
  return text;
}

}  // namespace sockwire
