// SPDX-License-Identifier: Apache-2.0
#include "host/stack/dhcp/dhcp_options.hpp"

#include "host/base/byte_order.hpp"
#include "host/stack/dhcp/dhcp_message.hpp"

namespace sockwire::stack::dhcp {

namespace {

constexpr std::uint8_t kFileOverloaded = 1;
constexpr std::uint8_t kSnameOverloaded = 2;

}  // namespace

std::optional<Options> Options::parse(std::span<const std::uint8_t> message) {
  Options options;
  if (message.size() < kOptionsOffset || !options.take_field(message.subspan(kOptionsOffset))) return std::nullopt;
  if (!options.has(OptionCode::kOverload)) return options;
  const auto overload = options.u8(OptionCode::kOverload);
  if (!overload || *overload == 0 || *overload > (kFileOverloaded | kSnameOverloaded)) return std::nullopt;
  // RFC 3396 5: the parts of a long option lie in this order.
  if ((*overload & kFileOverloaded) != 0 && !options.take_field(message.subspan(kFileOffset, kFileBytes))) {
    return std::nullopt;
  }
  if ((*overload & kSnameOverloaded) != 0 && !options.take_field(message.subspan(kSnameOffset, kSnameBytes))) {
    return std::nullopt;
  }
  return options;
}

bool Options::take_field(std::span<const std::uint8_t> field) {
  // A field that ends without the end option is taken as if it were there: nothing is lost by that.
  for (std::size_t i = 0; i < field.size();) {
    const auto code = static_cast<OptionCode>(field[i]);
    if (code == OptionCode::kEnd) return true;
    if (code == OptionCode::kPad) {
      ++i;
      continue;
    }
    if (i + 1 >= field.size()) return false;
    const std::size_t bytes = field[i + 1];
    if (i + 2 + bytes > field.size()) return false;
    const auto value = field.subspan(i + 2, bytes);
    auto& whole = values_[code];
    whole.insert(whole.end(), value.begin(), value.end());
    i += 2 + bytes;
  }
  return true;
}

std::span<const std::uint8_t> Options::value(OptionCode code) const {
  const auto found = values_.find(code);
  if (found == values_.end()) return {};
  return found->second;
}

std::optional<std::uint8_t> Options::u8(OptionCode code) const {
  const auto bytes = value(code);
  return bytes.size() == 1 ? std::optional(bytes[0]) : std::nullopt;
}

std::optional<std::uint16_t> Options::u16(OptionCode code) const {
  const auto bytes = value(code);
  return bytes.size() == 2 ? std::optional(load_be16(bytes.data())) : std::nullopt;
}

std::optional<std::uint32_t> Options::u32(OptionCode code) const {
  const auto bytes = value(code);
  return bytes.size() == 4 ? std::optional(load_be32(bytes.data())) : std::nullopt;
}

std::optional<Ipv4Address> Options::address(OptionCode code) const {
  const auto number = u32(code);
  return number ? std::optional(Ipv4Address(*number)) : std::nullopt;
}

std::vector<Ipv4Address> Options::addresses(OptionCode code, std::size_t max_count) const {
  std::vector<Ipv4Address> result;
  const auto bytes = value(code);
  for (std::size_t i = 0; i + 4 <= bytes.size() && result.size() < max_count; i += 4) {
    result.emplace_back(load_be32(&bytes[i]));
  }
  return result;
}

std::string Options::text(OptionCode code) const {
  std::string result;
  for (const std::uint8_t byte : value(code)) {
    if (byte == 0) break;
    if (byte < ' ' || byte > '~') return {};
    result += static_cast<char>(byte);
  }
  return result;
}

}  // namespace sockwire::stack::dhcp
