// SPDX-License-Identifier: Apache-2.0
#include "host/stack/dns/dns_hosts.hpp"

namespace sockwire::stack::dns {

namespace {

/// Takes the next word off the front; empty at the end.
std::string_view take_word(std::string_view& line) {
  constexpr std::string_view kBlank = " \t\r";
  const auto start = line.find_first_not_of(kBlank);
  if (start == std::string_view::npos) return {};
  line.remove_prefix(start);
  const auto word = line.substr(0, line.find_first_of(kBlank));
  line.remove_prefix(word.size());
  return word;
}

}  // namespace

Result<Hosts, std::string> Hosts::parse(std::string_view text) {
  Hosts hosts;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    line = line.substr(0, line.find('#'));
    const auto first = take_word(line);
    if (first.empty()) continue;
    const auto address = IpAddress::parse(first);
    if (!address) return Failure{"line " + std::to_string(number) + ": '" + std::string(first) + "' is no address"};
    for (auto word = take_word(line); !word.empty(); word = take_word(line)) {
      const auto name = Name::parse(word);
      if (!name) return Failure{"line " + std::to_string(number) + ": '" + std::string(word) + "' is no name"};
      hosts.add(*name, *address);
    }
  }
  return hosts;
}

std::vector<IpAddress> Hosts::find(const Name& name) const {
  const auto found = addresses_.find(name);
  return found == addresses_.end() ? std::vector<IpAddress>() : found->second;
}

}  // namespace sockwire::stack::dns
