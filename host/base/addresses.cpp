// SPDX-License-Identifier: Apache-2.0
// Addresses as text.
#include <array>
#include <charconv>
#include <cstdio>

#include "host/base/ip_address.hpp"
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

}  // namespace

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
