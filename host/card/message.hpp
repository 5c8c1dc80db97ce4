// SPDX-License-Identifier: Apache-2.0
// Little-endian fields of messages, by the contract's offsets and widths.
#pragma once

#include <bit>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <span>

#include "hls/card/layout.hpp"
#include "host/card/message_bytes.hpp"

namespace sockwire::card {

// Fields are copied as they are, which is one instruction for most of them.
static_assert(std::endian::native == std::endian::little);

/// Stores the low `field_bytes` bytes of value at `offset` of the message.
inline void store(Message& message, int offset, int field_bytes, std::uint64_t value) {
  assert(static_cast<std::size_t>(offset + field_bytes) <= message.size());
  std::memcpy(message.data() + offset, &value, static_cast<std::size_t>(field_bytes));
}

inline std::uint64_t load(std::span<const std::uint8_t> message, int offset, int field_bytes) {
  assert(static_cast<std::size_t>(offset + field_bytes) <= message.size());
  std::uint64_t value = 0;
  std::memcpy(&value, message.data() + offset, static_cast<std::size_t>(field_bytes));
  return value;
}

/// The fields that most commands share.
struct CommandHeader {
  Command type;
  std::uint8_t epoch = 0;
  std::uint8_t slot = 0;
  std::uint8_t flags = 0;
  std::uint16_t tag = 0;
  std::uint32_t seq = 0;
  std::uint32_t arg = 0;
};

/// Makes `message` a header followed by `body_bytes` bytes that the caller fills in.
inline void begin_command(Message& message, const CommandHeader& header, std::size_t body_bytes) {
  message.resize(kHeaderBytes + body_bytes);
  store(message, command::kType, command::kTypeBytes, static_cast<std::uint8_t>(header.type));
  store(message, command::kEpoch, command::kEpochBytes, header.epoch);
  store(message, command::kBodyBytes, command::kBodyBytesBytes, body_bytes);
  store(message, command::kSlot, command::kSlotBytes, header.slot);
  store(message, command::kFlags, command::kFlagsBytes, header.flags);
  store(message, command::kTag, command::kTagBytes, header.tag);
  store(message, command::kSeq, command::kSeqBytes, header.seq);
  store(message, command::kArg, command::kArgBytes, header.arg);
}

/// Widens a counter that is told modulo 2^kBits. Precondition: it grows by less than 2^kBits between two calls.
template <int kBits>
class WrappingCounter {
 public:
  void reset() { value_ = 0; }
  void update(std::uint64_t low) { value_ += (low - value_) & ((1ULL << kBits) - 1); }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0;
};

}  // namespace sockwire::card
