// SPDX-License-Identifier: Apache-2.0
// What was learnt, until its TTL is over: addresses, and that there are none (RFC 2308). Bounded.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "host/base/ip_address.hpp"
#include "host/base/time.hpp"
#include "host/stack/dns/dns_message.hpp"

namespace sockwire::stack::dns {

class Cache {
 public:
  enum class Kind : std::uint8_t { kAddresses, kNoAddresses, kNoName };
  struct Entry {
    Kind kind = Kind::kAddresses;
    Name canonical;
    std::vector<IpAddress> addresses;
    TimePoint expires;
  };

  explicit Cache(std::size_t max_entries) : max_entries_(max_entries) {}

  /// Keeps it until entry.expires. That there is no such name holds for every type. Returns whether another had to make
  /// room: the one that would have ended first.
  bool put(TimePoint now, const Question& question, const Entry& entry);
  /// nullptr if nothing is known, or not any more. Valid until put().
  const Entry* find(TimePoint now, const Question& question) const;
  std::size_t size() const { return entries_.size(); }
  void clear() { entries_.clear(); }

 private:
  std::size_t max_entries_;
  std::map<Question, Entry> entries_;
};

}  // namespace sockwire::stack::dns
