// SPDX-License-Identifier: Apache-2.0
#include "host/stack/dns/dns_name.hpp"

#include <algorithm>

namespace sockwire::stack::dns {

namespace {

constexpr std::size_t kMaxNameBytes = 255;
constexpr std::size_t kMaxLabelBytes = 63;
constexpr std::uint8_t kPointer = 0xc0;  // the two high bits of a length

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

}  // namespace

bool Name::add_label(std::string_view label) {
  if (label.empty() || label.size() > kMaxLabelBytes || wire_.size() + 1 + label.size() > kMaxNameBytes) return false;
  wire_.back() = static_cast<char>(label.size());  // the root moves on
  for (const char c : label) wire_ += small(c);
  wire_ += '\0';
  return true;
}

std::optional<Name> Name::parse(std::string_view text) {
  if (!text.empty() && text.back() == '.') text.remove_suffix(1);
  if (text.empty()) return std::nullopt;
  Name name;
  while (true) {
    const auto dot = text.find('.');
    const auto label = text.substr(0, dot);
    if (!std::all_of(label.begin(), label.end(), is_plain) || !name.add_label(label)) return std::nullopt;
    if (dot == std::string_view::npos) return name;
    text.remove_prefix(dot + 1);
  }
}

std::optional<Name> Name::read(std::span<const std::uint8_t> message, std::size_t& offset) {
  Name name;
  std::size_t at = offset;
  std::size_t limit = message.size();  // what is read next lies before it
  bool jumped = false;
  while (true) {
    if (at >= limit) return std::nullopt;
    const std::uint8_t head = message[at];
    if ((head & kPointer) == kPointer) {
      if (at + 1 >= message.size()) return std::nullopt;
      if (!jumped) offset = at + 2;
      jumped = true;
      const std::size_t target = static_cast<std::size_t>(head & ~kPointer) << 8 | message[at + 1];
      // Strictly before where this run of labels was entered: no loops.
      limit = std::min(limit, at);
      if (target >= limit) return std::nullopt;
      at = target;
      continue;
    }
    if ((head & kPointer) != 0) return std::nullopt;  // RFC 1035 4.1.4: reserved
    if (head == 0) {
      if (!jumped) offset = at + 1;
      return name;
    }
    if (at + 1 + head > message.size()) return std::nullopt;
    const auto* text = reinterpret_cast<const char*>(&message[at + 1]);
    if (!name.add_label({text, head})) return std::nullopt;
    at += std::size_t{1} + head;
  }
}

std::size_t Name::labels() const {
  std::size_t count = 0;
  for (std::size_t at = 0; wire_[at] != '\0'; at += 1U + static_cast<std::uint8_t>(wire_[at])) ++count;
  return count;
}

std::optional<Name> Name::below(const Name& parent) const {
  if (wire_.size() - 1 + parent.wire_.size() > kMaxNameBytes) return std::nullopt;
  Name name;
  name.wire_ = wire_.substr(0, wire_.size() - 1) + parent.wire_;
  return name;
}

std::string_view Name::top() const {
  std::string_view last;
  for (std::size_t at = 0; wire_[at] != '\0';) {
    const auto bytes = static_cast<std::uint8_t>(wire_[at]);
    last = std::string_view(wire_).substr(at + 1, bytes);
    at += std::size_t{1} + bytes;
  }
  return last;
}

bool Name::can_be_host() const {
  const auto last = top();
  return !std::all_of(last.begin(), last.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string to_string(const Name& name) {
  std::string text;
  const std::string& wire = name.wire();
  for (std::size_t at = 0; wire[at] != '\0';) {
    const auto bytes = static_cast<std::uint8_t>(wire[at]);
    if (!text.empty()) text += '.';
    for (const char c : wire.substr(at + 1, bytes)) {
      if (is_plain(c)) {
        text += c;
        continue;
      }
      const std::string digits = std::to_string(static_cast<std::uint8_t>(c));
      text += '\\' + std::string(3 - digits.size(), '0') + digits;
    }
    at += std::size_t{1} + bytes;
  }
  return text.empty() ? "." : text;
}

}  // namespace sockwire::stack::dns
