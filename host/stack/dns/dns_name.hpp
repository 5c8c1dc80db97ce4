// SPDX-License-Identifier: Apache-2.0
// Domain names (RFC 1035 2.3.4, 3.1, 4.1.4).
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sockwire::stack::dns {

/// A whole name, in the form that it has in messages: labels behind their lengths, the root's 0 at the end. Letters are
/// small, since names that differ in them alone are equal (RFC 4343). At most 255 bytes.
class Name {
 public:
  /// The root.
  Name() : wire_(1, '\0') {}

  /// Reads "www.example.org", with or without a full stop at the end: letters, digits, '-' and '_' (RFC 1123 2.1,
  /// RFC 8552). Nothing for anything else, for labels beyond 63 bytes and names beyond 255.
  static std::optional<Name> parse(std::string_view text);
  /// Reads the name at `offset` of a message, and moves `offset` behind it. Compression pointers (RFC 1035 4.1.4) may
  /// only point backwards, each before the last, so that there is an end to them. Nothing: malformed.
  static std::optional<Name> read(std::span<const std::uint8_t> message, std::size_t& offset);

  const std::string& wire() const { return wire_; }
  std::size_t labels() const;
  /// This name below another: "www" below "example.org". Nothing: it would be too long.
  std::optional<Name> below(const Name& parent) const;
  /// Not what a wrongly written address looks like: its last label is not all digits (RFC 1123 2.1).
  bool can_be_host() const;
  /// The last label, such as "localhost"; empty for the root.
  std::string_view top() const;

  friend auto operator<=>(const Name&, const Name&) = default;

 private:
  bool add_label(std::string_view label);

  std::string wire_;
};

/// "www.example.org"; what is not a letter, digit, '-' or '_' as \DDD (RFC 1035 5.1), so that it is safe to print.
std::string to_string(const Name& name);

}  // namespace sockwire::stack::dns
