// SPDX-License-Identifier: Apache-2.0
// The option codec.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "hls/wire/seq_num.hpp"

namespace sockwire::tcp {

/// RFC 7323 3.2.
struct Timestamps {
  std::uint32_t tsval = 0;
  std::uint32_t tsecr = 0;

  friend bool operator==(const Timestamps&, const Timestamps&) = default;
};

/// [begin, end) has arrived (RFC 2018 3).
struct SackBlock {
  SeqNum begin;
  SeqNum end;

  friend bool operator==(const SackBlock&, const SackBlock&) = default;
};

/// As many as fit beside nothing else; with timestamps it is three.
struct SackBlocks {
  static constexpr std::size_t kMost = 4;

  std::array<SackBlock, kMost> at{};
  std::uint8_t count = 0;

  friend bool operator==(const SackBlocks&, const SackBlocks&) = default;
};

/// The options that we know. Others are skipped when they are read.
struct Options {
  std::optional<std::uint16_t> mss;          ///< On a SYN only.
  std::optional<std::uint8_t> window_scale;  ///< On a SYN only. At most 14 (RFC 7323 2.3).
  std::optional<Timestamps> timestamps;
  bool sack_permitted = false;                  ///< On a SYN only.
  std::optional<std::uint16_t> user_timeout{};  ///< RFC 5482; see user_timeout.hpp.
  SackBlocks sack{};
  bool window_scale_was_larger = false;  ///< When read: than 14.

  friend bool operator==(const Options&, const Options&) = default;
};

inline constexpr std::size_t kMaxOptionBytes = 40;
/// How many SACK blocks fit, besides timestamps or nothing.
constexpr std::size_t max_sack_blocks(bool timestamps) { return timestamps ? 3 : SackBlocks::kMost; }

/// Bytes that encode_options() writes: a multiple of 4.
std::size_t encoded_options_bytes(const Options& options);

/// Writes the options, padded with NOP to a multiple of 4, timestamps aligned as in RFC 7323 appendix A. Returns the
/// bytes written. Precondition: out has encoded_options_bytes() bytes.
std::size_t encode_options(const Options& options, std::span<std::uint8_t> out);

/// Reads what stands between the fixed header and the data. Nothing if a length is impossible (RFC 9293 3.1: the
/// segment is to be dropped, and the caller counts it). A window scale above 14 is read as 14 (RFC 7323 2.3).
std::optional<Options> decode_options(std::span<const std::uint8_t> bytes);

}  // namespace sockwire::tcp
