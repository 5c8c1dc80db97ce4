// SPDX-License-Identifier: Apache-2.0
#include "host/apps/journey/dns_responder.hpp"

#include <cstddef>

namespace sockwire::apps {

namespace {

// RFC 1035 4.1.1 to 4.1.4.
constexpr std::size_t kHeaderBytes = 12;
constexpr std::size_t kFlags = 2;
constexpr std::size_t kQuestions = 4;
constexpr std::size_t kAnswers = 6;
constexpr std::uint16_t kResponse = 0x8000;
constexpr std::uint16_t kAuthoritative = 0x0400;
constexpr std::uint16_t kRecursionDesired = 0x0100;
constexpr std::uint16_t kRecursionAvailable = 0x0080;
constexpr std::uint16_t kTypeA = 1;
constexpr std::uint16_t kTypeAaaa = 28;  // RFC 3596 2.1
constexpr std::uint16_t kClassIn = 1;
constexpr std::uint16_t kPointerToQuestion = 0xC000 | kHeaderBytes;
constexpr std::uint32_t kTtlSeconds = 300;

std::uint16_t get16(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

void put16(std::vector<std::uint8_t>& out, std::uint16_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}

}  // namespace

std::vector<std::uint8_t> dns_answer(std::span<const std::uint8_t> query, const IpAddress& address) {
  if (query.size() < kHeaderBytes || get16(query, kQuestions) != 1) return {};
  const std::uint16_t flags = get16(query, kFlags);
  if ((flags & kResponse) != 0) return {};
  std::size_t at = kHeaderBytes;
  while (at < query.size() && query[at] != 0) at += 1 + std::size_t{query[at]};
  const std::size_t question_end = at + 5;  // the root's length, type and class
  if (question_end > query.size()) return {};
  const std::uint16_t type = address.is_ipv4() ? kTypeA : kTypeAaaa;
  const bool has_address = get16(query, at + 1) == type && get16(query, at + 3) == kClassIn;

  std::vector<std::uint8_t> answer(query.begin(), query.begin() + static_cast<std::ptrdiff_t>(question_end));
  const auto answer_flags =
      static_cast<std::uint16_t>(kResponse | kAuthoritative | (flags & kRecursionDesired) | kRecursionAvailable);
  answer[kFlags] = static_cast<std::uint8_t>(answer_flags >> 8);
  answer[kFlags + 1] = static_cast<std::uint8_t>(answer_flags);
  answer[kAnswers] = 0;
  answer[kAnswers + 1] = has_address ? 1 : 0;
  for (std::size_t i = kAnswers + 2; i < kHeaderBytes; ++i) answer[i] = 0;
  if (!has_address) return answer;
  put16(answer, kPointerToQuestion);
  put16(answer, type);
  put16(answer, kClassIn);
  put16(answer, static_cast<std::uint16_t>(kTtlSeconds >> 16));
  put16(answer, static_cast<std::uint16_t>(kTtlSeconds));
  const std::size_t bytes = address.is_ipv4() ? 4 : 16;
  put16(answer, static_cast<std::uint16_t>(bytes));
  answer.insert(answer.end(), address.bytes().end() - static_cast<std::ptrdiff_t>(bytes), address.bytes().end());
  return answer;
}

}  // namespace sockwire::apps
