// SPDX-License-Identifier: Apache-2.0
#include "host/tcp/isn.hpp"

#include <bit>
#include <cstddef>

namespace sockwire::tcp {

namespace {

std::uint64_t little_endian(const std::uint8_t* bytes, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value |= static_cast<std::uint64_t>(bytes[i]) << (8 * i);
  return value;
}

struct SipState {
  std::uint64_t v0, v1, v2, v3;

  void rounds(int count) {
    for (int i = 0; i < count; ++i) {
      v0 += v1;
      v2 += v3;
      v1 = std::rotl(v1, 13) ^ v0;
      v3 = std::rotl(v3, 16) ^ v2;
      v0 = std::rotl(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = std::rotl(v1, 17) ^ v2;
      v3 = std::rotl(v3, 21) ^ v0;
      v2 = std::rotl(v2, 32);
    }
  }
  void absorb(std::uint64_t word) {
    v3 ^= word;
    rounds(2);
    v0 ^= word;
  }
};

}  // namespace

std::uint64_t siphash24(const SipHashKey& key, std::span<const std::uint8_t> message) {
  const std::uint64_t k0 = little_endian(key.data(), 8);
  const std::uint64_t k1 = little_endian(key.data() + 8, 8);
  // "somepseudorandomlygeneratedbytes" as four big-endian words.
  SipState state{k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573};
  const std::size_t whole = message.size() / 8 * 8;
  for (std::size_t i = 0; i < whole; i += 8) state.absorb(little_endian(message.data() + i, 8));
  state.absorb(little_endian(message.data() + whole, message.size() - whole) |
               static_cast<std::uint64_t>(message.size()) << 56);
  state.v2 ^= 0xff;
  state.rounds(4);
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

SeqNum IsnGenerator::iss(const Endpoint& local, const Endpoint& remote, TimePoint now) const {
  std::array<std::uint8_t, 36> tuple{};
  auto out = tuple.begin();
  for (const Endpoint* end : {&local, &remote}) {
    for (const std::uint8_t byte : end->address.bytes()) *out++ = byte;
    *out++ = static_cast<std::uint8_t>(end->port >> 8);
    *out++ = static_cast<std::uint8_t>(end->port);
  }
  const auto ticks = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count() / 4;
  return SeqNum(static_cast<std::uint32_t>(siphash24(key_, tuple)) + static_cast<std::uint32_t>(ticks));
}

std::uint32_t IsnGenerator::timestamp_offset(const Endpoint& local, const Endpoint& remote) const {
  std::array<std::uint8_t, 33> pair{};
  auto out = pair.begin();
  for (const Endpoint* end : {&local, &remote}) {
    for (const std::uint8_t byte : end->address.bytes()) *out++ = byte;
  }
  *out = 't';  // another length than the ISN's message, so another function
  return static_cast<std::uint32_t>(siphash24(key_, pair));
}

}  // namespace sockwire::tcp
