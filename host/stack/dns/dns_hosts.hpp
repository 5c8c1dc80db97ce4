// SPDX-License-Identifier: Apache-2.0
// Names with fixed addresses, as in /etc/hosts (RFC 1123 6.1.3.8 has hosts keep such a table if they like).
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/ip_address.hpp"
#include "host/base/result.hpp"
#include "host/stack/dns/dns_name.hpp"

namespace sockwire::stack::dns {

class Hosts {
 public:
  /// Reads lines "ADDRESS NAME…"; what follows a '#' is left out. The error names the line, for people.
  static Result<Hosts, std::string> parse(std::string_view text);

  void add(const Name& name, const IpAddress& address) { addresses_[name].push_back(address); }
  /// Empty if the name is not in it.
  std::vector<IpAddress> find(const Name& name) const;
  bool empty() const { return addresses_.empty(); }

 private:
  std::map<Name, std::vector<IpAddress>> addresses_;
};

}  // namespace sockwire::stack::dns
