// SPDX-License-Identifier: Apache-2.0
#include "host/stack/dns/dns_message.hpp"

#include <algorithm>
#include <array>

#include "host/base/byte_order.hpp"

namespace sockwire::stack::dns {

namespace {

/// The header (RFC 1035 4.1.1), byte offsets.
constexpr std::size_t kFlagsOffset = 2;
constexpr std::size_t kQuestionCount = 4;
constexpr std::size_t kAnswerCount = 6;
constexpr std::size_t kAuthorityCount = 8;
constexpr std::size_t kHeaderBytes = 12;
constexpr std::uint16_t kResponse = 0x8000;
constexpr std::uint16_t kOpcodeMask = 0x7800;
constexpr std::uint16_t kTruncated = 0x0200;
constexpr std::uint16_t kRecursionDesired = 0x0100;
constexpr std::uint16_t kRecursionAvailable = 0x0080;
constexpr std::uint16_t kCodeMask = 0x000f;
constexpr std::uint16_t kClassInternet = 1;
constexpr std::size_t kQuestionTailBytes = 4;
/// Type, class, TTL and length.
constexpr std::size_t kRecordTailBytes = 10;
/// More records than this in a section are not looked at.
constexpr std::size_t kMaxRecords = 256;

struct Record {
  Name owner;
  RecordType type{};
  std::uint32_t ttl_s = 0;
  std::size_t data = 0;  ///< Offset in the message.
  std::size_t bytes = 0;
};

std::optional<Record> read_record(std::span<const std::uint8_t> message, std::size_t& offset) {
  const auto owner = Name::read(message, offset);
  if (!owner || offset + kRecordTailBytes > message.size()) return std::nullopt;
  Record record;
  record.owner = *owner;
  record.type = static_cast<RecordType>(load_be16(&message[offset]));
  const std::uint16_t record_class = load_be16(&message[offset + 2]);
  record.ttl_s = load_be32(&message[offset + 4]);
  if (record.ttl_s >> 31 != 0) record.ttl_s = 0;  // RFC 2181 8
  record.bytes = load_be16(&message[offset + 8]);
  record.data = offset + kRecordTailBytes;
  offset = record.data + record.bytes;
  if (offset > message.size()) return std::nullopt;
  if (record_class != kClassInternet) record.type = RecordType{};  // none of ours
  return record;
}

/// Reads `count` records. Nothing if one is malformed.
std::optional<std::vector<Record>> read_section(std::span<const std::uint8_t> message, std::size_t& offset,
                                                std::size_t count) {
  std::vector<Record> records;
  for (std::size_t i = 0; i < count; ++i) {
    auto record = read_record(message, offset);
    if (!record) return std::nullopt;
    if (records.size() < kMaxRecords) records.push_back(std::move(*record));
  }
  return records;
}

std::optional<IpAddress> address_of(std::span<const std::uint8_t> message, const Record& record) {
  const std::uint8_t* at = message.data() + record.data;
  if (record.type == RecordType::kA && record.bytes == 4) return IpAddress::from_ipv4(load_be32(at));
  if (record.type != RecordType::kAaaa || record.bytes != 16) return std::nullopt;
  std::array<std::uint8_t, 16> bytes{};
  std::copy_n(at, bytes.size(), bytes.begin());
  const IpAddress address(bytes);
  // Mapped IPv4 addresses do not belong on the wire (RFC 4291 2.5.5.2): nobody is to be sent to IPv4 that way.
  return address.is_ipv4() ? std::nullopt : std::optional(address);
}

/// A name that is all of a record's data.
std::optional<Name> name_of(std::span<const std::uint8_t> message, const Record& record) {
  std::size_t offset = record.data;
  auto name = Name::read(message, offset);
  return offset == record.data + record.bytes ? name : std::nullopt;
}

/// Follows the chain, and takes the addresses at its end. False: malformed, or too long.
bool follow(std::span<const std::uint8_t> message, const std::vector<Record>& records, const Question& question,
            Answer& answer) {
  answer.canonical = question.name;
  answer.ttl_s = 0x7fffffff;
  for (std::size_t hop = 0; hop <= kMaxChain; ++hop) {
    const Record* alias = nullptr;
    for (const Record& record : records) {
      if (record.owner != answer.canonical) continue;
      if (record.type == RecordType::kCname) alias = &record;
      if (record.type != question.type) continue;
      const auto address = address_of(message, record);
      if (!address || answer.addresses.size() >= Answer::kMaxAddresses) continue;
      answer.addresses.push_back(*address);
      answer.ttl_s = std::min(answer.ttl_s, record.ttl_s);
    }
    if (!answer.addresses.empty() || alias == nullptr) return true;
    const auto target = name_of(message, *alias);
    if (!target) return false;
    answer.canonical = *target;
    answer.ttl_s = std::min(answer.ttl_s, alias->ttl_s);
  }
  return false;
}

/// What the authority section says of an answer without addresses (RFC 2308 2, 5).
bool read_authority(std::span<const std::uint8_t> message, const std::vector<Record>& records, Answer& answer) {
  constexpr std::size_t kSoaNumbersBytes = 20;
  bool has_soa = false;
  bool has_servers = false;
  for (const Record& record : records) {
    if (record.type == RecordType::kNs) has_servers = true;
    if (record.type != RecordType::kSoa) continue;
    std::size_t offset = record.data;
    if (!Name::read(message, offset) || !Name::read(message, offset)) return false;
    if (offset + kSoaNumbersBytes != record.data + record.bytes) return false;
    const std::uint32_t minimum = load_be32(&message[offset + 16]);
    answer.negative_ttl_s = std::min(record.ttl_s, minimum);
    has_soa = true;
  }
  answer.is_referral = has_servers && !has_soa;
  return true;
}

}  // namespace

std::vector<std::uint8_t> write_query(std::uint16_t id, const Question& question) {
  const std::string& name = question.name.wire();
  std::vector<std::uint8_t> out(kHeaderBytes + name.size() + kQuestionTailBytes);
  store_be16(&out[0], id);
  store_be16(&out[kFlagsOffset], kRecursionDesired);
  store_be16(&out[kQuestionCount], 1);
  std::copy(name.begin(), name.end(), &out[kHeaderBytes]);
  store_be16(&out[out.size() - 4], static_cast<std::uint16_t>(question.type));
  store_be16(&out[out.size() - 2], kClassInternet);
  return out;
}

bool answers(std::span<const std::uint8_t> message, std::uint16_t id, const Question& question) {
  if (message.size() < kHeaderBytes || load_be16(&message[0]) != id) return false;
  const std::uint16_t flags = load_be16(&message[kFlagsOffset]);
  if ((flags & kResponse) == 0 || (flags & kOpcodeMask) != 0 || load_be16(&message[kQuestionCount]) != 1) return false;
  std::size_t offset = kHeaderBytes;
  const auto name = Name::read(message, offset);
  return name && *name == question.name && offset + kQuestionTailBytes <= message.size() &&
         load_be16(&message[offset]) == static_cast<std::uint16_t>(question.type) &&
         load_be16(&message[offset + 2]) == kClassInternet;
}

std::optional<Answer> parse_answer(std::span<const std::uint8_t> message, const Question& question) {
  const std::uint16_t flags = load_be16(&message[kFlagsOffset]);
  Answer answer;
  answer.code = static_cast<ResponseCode>(flags & kCodeMask);
  answer.truncated = (flags & kTruncated) != 0;
  answer.recursion_available = (flags & kRecursionAvailable) != 0;
  answer.canonical = question.name;
  // What was cut off somewhere is asked for again, by TCP; nothing of it is used.
  if (answer.truncated) return answer;
  std::size_t offset = kHeaderBytes;
  (void)Name::read(message, offset);
  offset += kQuestionTailBytes;
  const auto records = read_section(message, offset, load_be16(&message[kAnswerCount]));
  if (!records || !follow(message, *records, question, answer)) return std::nullopt;
  if (!answer.addresses.empty()) return answer;
  const auto authority = read_section(message, offset, load_be16(&message[kAuthorityCount]));
  if (!authority || !read_authority(message, *authority, answer)) return std::nullopt;
  return answer;
}

}  // namespace sockwire::stack::dns
