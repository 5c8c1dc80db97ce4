// SPDX-License-Identifier: Apache-2.0
// The CRC of Ethernet's frame check sequence (IEEE 802.3 clause 3.2.9), as linear maps over GF(2).
//
// The register is kept reflected: its bit 0 meets the first bit on the wire. It starts as all ones; the FCS is its
// complement, sent low byte first. A whole beat of kBytes is one XOR network, which is all that recurs. A last beat
// with fewer bytes is padded with zero bytes and goes through the same network; what the zeros did is taken back by a
// separate unit (crc32_rewind), or, to check a frame, looked for in the result (crc32_residue).
#pragma once

#include <cstdint>

#include "hls/base/ap_uint.hpp"

namespace sockwire {

/// The polynomial of clause 3.2.9, reflected.
constexpr std::uint32_t kCrc32Polynomial = 0xEDB88320u;
constexpr std::uint32_t kCrc32Initial = 0xFFFFFFFFu;
/// The register after a frame and its FCS.
constexpr std::uint32_t kCrc32Residue = 0xDEBB20E3u;

namespace detail {

/// What each of kBits input bits adds to the register.
template <int kBits>
struct Crc32Map {
  std::uint32_t column[kBits];
};

constexpr std::uint32_t crc32_forward(std::uint32_t crc) {
  return (crc & 1) != 0 ? (crc >> 1) ^ kCrc32Polynomial : crc >> 1;
}

constexpr std::uint32_t crc32_backward(std::uint32_t crc) {
  return (crc >> 31) != 0 ? ((crc ^ kCrc32Polynomial) << 1) | 1 : crc << 1;
}

/// Column i: a one as bit i of kBits bits, the register being zero.
template <int kBits>
constexpr Crc32Map<kBits> crc32_beat_map() {
  Crc32Map<kBits> map{};
  for (int i = 0; i < kBits; ++i) {
    std::uint32_t crc = 0;
    for (int bit = 0; bit < kBits; ++bit) crc = crc32_forward(bit == i ? crc ^ 1 : crc);
    map.column[i] = crc;
  }
  return map;
}

/// Column i: bit i of the register, kZeroBytes zero bytes ago.
template <int kZeroBytes>
constexpr Crc32Map<32> crc32_rewind_map() {
  Crc32Map<32> map{};
  for (int i = 0; i < 32; ++i) {
    std::uint32_t crc = std::uint32_t(1) << i;
    for (int bit = 0; bit < 8 * kZeroBytes; ++bit) crc = crc32_backward(crc);
    map.column[i] = crc;
  }
  return map;
}

struct Crc32Residues {
  std::uint32_t after[9];
};

constexpr Crc32Residues crc32_residues() {
  Crc32Residues residues{};
  std::uint32_t crc = kCrc32Residue;
  for (int bytes = 0; bytes <= 8; ++bytes) {
    residues.after[bytes] = crc;
    for (int bit = 0; bit < 8; ++bit) crc = crc32_forward(crc);
  }
  return residues;
}

/// The sum of the columns whose bit is set, as a balanced tree.
template <int kBits>
constexpr std::uint32_t crc32_apply(const Crc32Map<kBits>& map, std::uint64_t bits) {
  std::uint32_t term[kBits] = {};
  for (int i = 0; i < kBits; ++i) term[i] = ((bits >> i) & 1) != 0 ? map.column[i] : 0;
  for (int half = kBits / 2; half > 0; half /= 2) {
    for (int i = 0; i < half; ++i) term[i] ^= term[i + half];
  }
  return term[0];
}

}  // namespace detail

namespace detail {

template <int kBytes>
constexpr std::uint32_t crc32_beat_network(std::uint32_t crc, std::uint64_t data) {
  constexpr Crc32Map<8 * kBytes> kMap = crc32_beat_map<8 * kBytes>();
  return (kBytes < 4 ? crc >> (8 * (kBytes & 3)) : 0) ^ crc32_apply(kMap, data ^ crc);
}

/// The same network as tables, one of 256 entries for each byte: what a CPU likes better.
template <int kBytes>
struct Crc32Tables {
  std::uint32_t entry[kBytes][256];
};

template <int kBytes>
constexpr Crc32Tables<kBytes> crc32_tables() {
  constexpr Crc32Map<8 * kBytes> kMap = crc32_beat_map<8 * kBytes>();
  Crc32Tables<kBytes> tables{};
  for (int byte = 0; byte < kBytes; ++byte) {
    for (int value = 0; value < 256; ++value) {
      for (int bit = 0; bit < 8; ++bit) {
        if (((value >> bit) & 1) != 0) tables.entry[byte][value] ^= kMap.column[8 * byte + bit];
      }
    }
  }
  return tables;
}

template <int kBytes>
inline std::uint32_t crc32_beat_tables(std::uint32_t crc, std::uint64_t data) {
  static constexpr Crc32Tables<kBytes> kTables = crc32_tables<kBytes>();
  const std::uint64_t bits = data ^ crc;
  std::uint32_t next = kBytes < 4 ? crc >> (8 * (kBytes & 3)) : 0;
  for (int byte = 0; byte < kBytes; ++byte) next ^= kTables.entry[byte][(bits >> (8 * byte)) & 0xFF];
  return next;
}

}  // namespace detail

/// The register after a whole beat. kBytes is 1 or 8.
template <int kBytes>
inline std::uint32_t crc32_beat(std::uint32_t crc, std::uint64_t data) {
#if defined(__HLSC__) || defined(__SYNTHESIS__)
  return detail::crc32_beat_network<kBytes>(crc, data);
#else
  return detail::crc32_beat_tables<kBytes>(crc, data);
#endif
}

/// The register as it was before the last `zero_bytes` (0 to 7) bytes, which were zero.
constexpr std::uint32_t crc32_rewind(std::uint32_t crc, unsigned zero_bytes) {
  constexpr detail::Crc32Map<32> kOne = detail::crc32_rewind_map<1>();
  constexpr detail::Crc32Map<32> kTwo = detail::crc32_rewind_map<2>();
  constexpr detail::Crc32Map<32> kFour = detail::crc32_rewind_map<4>();
  if ((zero_bytes & 1) != 0) crc = detail::crc32_apply(kOne, crc);
  if ((zero_bytes & 2) != 0) crc = detail::crc32_apply(kTwo, crc);
  if ((zero_bytes & 4) != 0) crc = detail::crc32_apply(kFour, crc);
  return crc;
}

/// The register after a frame, its FCS and `zero_bytes` (0 to 8) zero bytes.
constexpr std::uint32_t crc32_residue(unsigned zero_bytes) {
  constexpr detail::Crc32Residues kResidues = detail::crc32_residues();
  return kResidues.after[zero_bytes];
}

}  // namespace sockwire
