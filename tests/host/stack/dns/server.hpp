// SPDX-License-Identifier: Apache-2.0
// A DNS server's answers by hand, without compression, from RFC 1035 4.1.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/base/byte_order.hpp"
#include "host/stack/dns/dns_message.hpp"

namespace sockwire::stack::dns::test {

using Bytes = std::vector<std::uint8_t>;

class Reply {
 public:
  Reply(std::uint16_t id, const Question& question, std::uint8_t code = 0) : bytes_(write_query(id, question)) {
    bytes_[2] |= 0x80;
    bytes_[3] = static_cast<std::uint8_t>(0x80 | code);
  }
  Reply& a(const std::string& owner, std::uint32_t ttl, std::uint32_t address) {
    Bytes data(4);
    store_be32(data.data(), address);
    return record(7, owner, 1, ttl, data);
  }
  Reply& aaaa(const std::string& owner, std::uint32_t ttl, const IpAddress& address) {
    return record(7, owner, 28, ttl, {address.bytes().begin(), address.bytes().end()});
  }
  Reply& cname(const std::string& owner, std::uint32_t ttl, const std::string& target) {
    return record(7, owner, 5, ttl, wire(target));
  }
  Reply& ns(const std::string& owner, const std::string& server) { return record(9, owner, 2, 60, wire(server)); }
  Reply& soa(const std::string& owner, std::uint32_t ttl, std::uint32_t minimum) {
    Bytes data = wire("ns." + owner);
    const Bytes mail = wire("root." + owner);
    data.insert(data.end(), mail.begin(), mail.end());
    data.resize(data.size() + 20);
    store_be32(&data[data.size() - 4], minimum);
    return record(9, owner, 6, ttl, data);
  }
  Reply& truncated() {
    bytes_[2] |= 0x02;
    return *this;
  }
  Reply& no_recursion() {
    bytes_[3] &= 0x7f;
    return *this;
  }
  const Bytes& bytes() const { return bytes_; }

 private:
  static Bytes wire(const std::string& name) {
    const std::string text = Name::parse(name)->wire();
    return {text.begin(), text.end()};
  }
  /// count_at: of the section's count, whose low byte is there.
  Reply& record(std::size_t count_at, const std::string& owner, std::uint16_t type, std::uint32_t ttl,
                const Bytes& data) {
    ++bytes_[count_at];
    const Bytes name = wire(owner);
    bytes_.insert(bytes_.end(), name.begin(), name.end());
    bytes_.resize(bytes_.size() + 10);
    std::uint8_t* tail = &bytes_[bytes_.size() - 10];
    store_be16(tail, type);
    store_be16(tail + 2, 1);
    store_be32(tail + 4, ttl);
    store_be16(tail + 8, static_cast<std::uint16_t>(data.size()));
    bytes_.insert(bytes_.end(), data.begin(), data.end());
    return *this;
  }

  Bytes bytes_;
};

}  // namespace sockwire::stack::dns::test
