// SPDX-License-Identifier: Apache-2.0
// DNS messages as bytes (RFC 1035 4): a stub resolver's question, and what it needs of the answer.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "host/base/ip_address.hpp"
#include "host/stack/dns/dns_name.hpp"

namespace sockwire::stack::dns {

inline constexpr std::uint16_t kServerPort = 53;

/// What is asked for (RFC 1035 3.2.2, RFC 3596 2.1).
enum class RecordType : std::uint16_t { kA = 1, kNs = 2, kCname = 5, kSoa = 6, kAaaa = 28, kAny = 255 };

struct Question {
  Name name;
  RecordType type = RecordType::kA;

  friend auto operator<=>(const Question&, const Question&) = default;
};

/// RFC 1035 4.1.1.
enum class ResponseCode : std::uint8_t {
  kNoError = 0,
  kFormatError = 1,
  kServerFailure = 2,
  kNameError = 3,  ///< There is no such name (NXDOMAIN).
  kNotImplemented = 4,
  kRefused = 5,
};

/// A query with recursion desired.
std::vector<std::uint8_t> write_query(std::uint16_t id, const Question& question);

/// What an answer says about a question.
struct Answer {
  ResponseCode code = ResponseCode::kNoError;
  bool truncated = false;
  bool recursion_available = false;
  /// The name at the end of the chain of CNAMEs; the question's without one.
  Name canonical;
  std::vector<IpAddress> addresses;  ///< Of `canonical`, at most kMaxAddresses.
  std::uint32_t ttl_s = 0;           ///< The least of the chain and the addresses.
  /// RFC 2308 5: how long it may be remembered that there are none; 0 if the answer does not say.
  std::uint32_t negative_ttl_s = 0;
  bool is_referral = false;  ///< Names other servers instead.

  static constexpr std::size_t kMaxAddresses = 32;
};

/// A response to this very question under this id (RFC 5452 9.1).
bool answers(std::span<const std::uint8_t> message, std::uint16_t id, const Question& question);

/// Reads it. Nothing if it is malformed, or its chain is longer than kMaxChain. Precondition: answers().
std::optional<Answer> parse_answer(std::span<const std::uint8_t> message, const Question& question);

/// CNAMEs that are followed within one answer.
inline constexpr std::size_t kMaxChain = 16;

}  // namespace sockwire::stack::dns
