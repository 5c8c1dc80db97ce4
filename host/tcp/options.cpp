// SPDX-License-Identifier: Apache-2.0
#include "host/tcp/options.hpp"

#include <algorithm>
#include <cassert>

#include "hls/wire/byte_order.hpp"
#include "hls/wire/tcp.hpp"

namespace sockwire::tcp {

using namespace sockwire::wire;

namespace {
constexpr std::uint8_t kMaxWindowScale = 14;  // RFC 7323 2.3
/// RFC 5482 3.2. The card never looks at this one.
constexpr std::uint8_t kUserTimeout = 28;
constexpr std::uint8_t kUserTimeoutBytes = 4;

void decode_sack(std::span<const std::uint8_t> bytes, SackBlocks& blocks) {
  blocks.count = 0;
  for (; bytes.size() >= kTcpOptionSackBlockBytes && blocks.count < SackBlocks::kMost;
       bytes = bytes.subspan(kTcpOptionSackBlockBytes)) {
    blocks.at[blocks.count++] = {SeqNum(load_be32(bytes.data())), SeqNum(load_be32(bytes.data() + 4))};
  }
}

}  // namespace

std::size_t encoded_options_bytes(const Options& options) {
  std::size_t bytes = 0;
  if (options.mss) bytes += kTcpOptionMssBytes;
  if (options.window_scale) bytes += 1 + kTcpOptionWindowScaleBytes;
  if (options.sack_permitted) bytes += 2 + kTcpOptionSackPermittedBytes;
  if (options.user_timeout) bytes += kUserTimeoutBytes;
  if (options.timestamps) bytes += 2 + kTcpOptionTimestampsBytes;
  if (options.sack.count > 0) bytes += 4 + options.sack.count * std::size_t{kTcpOptionSackBlockBytes};
  return bytes;
}

std::size_t encode_options(const Options& options, std::span<std::uint8_t> out) {
  assert(out.size() >= encoded_options_bytes(options));
  std::uint8_t* p = out.data();
  if (options.mss) {
    *p++ = kTcpOptionMss;
    *p++ = kTcpOptionMssBytes;
    store_be16(p, *options.mss);
    p += 2;
  }
  if (options.window_scale) {
    *p++ = kTcpOptionNop;
    *p++ = kTcpOptionWindowScale;
    *p++ = kTcpOptionWindowScaleBytes;
    *p++ = *options.window_scale;
  }
  if (options.sack_permitted) {
    *p++ = kTcpOptionNop;
    *p++ = kTcpOptionNop;
    *p++ = kTcpOptionSackPermitted;
    *p++ = kTcpOptionSackPermittedBytes;
  }
  if (options.user_timeout) {
    *p++ = kUserTimeout;
    *p++ = kUserTimeoutBytes;
    store_be16(p, *options.user_timeout);
    p += 2;
  }
  if (options.timestamps) {
    *p++ = kTcpOptionNop;
    *p++ = kTcpOptionNop;
    *p++ = kTcpOptionTimestamps;
    *p++ = kTcpOptionTimestampsBytes;
    store_be32(p, options.timestamps->tsval);
    store_be32(p + 4, options.timestamps->tsecr);
    p += 8;
  }
  if (options.sack.count > 0) {
    *p++ = kTcpOptionNop;
    *p++ = kTcpOptionNop;
    *p++ = kTcpOptionSack;
    *p++ = static_cast<std::uint8_t>(2 + options.sack.count * kTcpOptionSackBlockBytes);
    for (std::size_t i = 0; i < options.sack.count; ++i, p += kTcpOptionSackBlockBytes) {
      store_be32(p, options.sack.at[i].begin.value());
      store_be32(p + 4, options.sack.at[i].end.value());
    }
  }
  return static_cast<std::size_t>(p - out.data());
}

std::optional<Options> decode_options(std::span<const std::uint8_t> bytes) {
  Options options;
  for (std::size_t i = 0; i < bytes.size();) {
    const std::uint8_t kind = bytes[i];
    if (kind == kTcpOptionEnd) break;
    if (kind == kTcpOptionNop) {
      ++i;
      continue;
    }
    if (i + 1 >= bytes.size()) return std::nullopt;
    const std::size_t length = bytes[i + 1];
    if (length < 2 || i + length > bytes.size()) return std::nullopt;
    // A known kind with a length of its own invention is skipped, as an unknown kind is.
    const std::uint8_t* value = &bytes[i] + 2;
    if (kind == kTcpOptionMss && length == kTcpOptionMssBytes) {
      options.mss = load_be16(value);
    } else if (kind == kTcpOptionWindowScale && length == kTcpOptionWindowScaleBytes) {
      options.window_scale = std::min(*value, kMaxWindowScale);
      options.window_scale_was_larger = *value > kMaxWindowScale;
    } else if (kind == kTcpOptionSackPermitted && length == kTcpOptionSackPermittedBytes) {
      options.sack_permitted = true;
    } else if (kind == kTcpOptionTimestamps && length == kTcpOptionTimestampsBytes) {
      options.timestamps = Timestamps{load_be32(value), load_be32(value + 4)};
    } else if (kind == kUserTimeout && length == kUserTimeoutBytes) {
      options.user_timeout = load_be16(value);
    } else if (kind == kTcpOptionSack && (length - 2) % kTcpOptionSackBlockBytes == 0) {
      decode_sack({value, length - 2}, options.sack);
    }
    i += length;
  }
  return options;
}

}  // namespace sockwire::tcp
