// SPDX-License-Identifier: Apache-2.0
// 64b/66b (IEEE 802.3 clause 49.2.4): eight octets of XGMII to the payload of a block and back, and the scrambler.
//
// A block of figure 49-7 in the order of the wire, lowest bit first. `T` blocks keep their data behind the type, all
// others where it was; a control code of lane i is at 8 + 7 i in every type:
//
//   0x1e  C0 C1 C2 C3 C4 C5 C6 C7          0x87  T0 .. .. .. .. .. .. ..
//   0x2d  C0 C1 C2 C3 O4 D5 D6 D7          0x99  D0 T1 C2 .. .. .. .. ..
//   0x33  C0 C1 C2 C3 S4 D5 D6 D7          0xaa  D0 D1 T2 C3 .. .. .. ..
//   0x66  O0 D1 D2 D3 S4 D5 D6 D7          0xb4  D0 D1 D2 T3 C4 .. .. ..
//   0x55  O0 D1 D2 D3 O4 D5 D6 D7          0xcc  D0 D1 D2 D3 T4 C5 .. ..
//   0x78  S0 D1 D2 D3 D4 D5 D6 D7          0xd2  D0 D1 D2 D3 D4 T5 C6 ..
//   0x4b  O0 D1 D2 D3 C4 C5 C6 C7          0xe1  D0 D1 D2 D3 D4 D5 T6 C7
//                                          0xff  D0 D1 D2 D3 D4 D5 D6 T7
#pragma once

#include "hls/line/line_code.hpp"

namespace sockwire {

/// The sync header, its first bit in bit 0 (clause 49.2.4.3): 01 and 10 on the wire.
constexpr unsigned kSyncData = 2;
constexpr unsigned kSyncControl = 1;

/// T_TYPE and R_TYPE of clause 49.2.13.2.3.
enum class BlockType : std::uint8_t { kControl, kStart, kData, kTerminate, kError };

struct EncodedBlock {
  BlockType type = BlockType::kError;
  Block66 block;
};

struct DecodedBlock {
  BlockType type = BlockType::kError;
  Line<8> line;
};

namespace xgmii {

constexpr unsigned kCodeStart = 0xFB;
constexpr unsigned kCodeTerminate = 0xFD;
constexpr unsigned kCodeError = 0xFE;
constexpr unsigned kCodeSequence = 0x9C;  ///< /Q/: faults
constexpr unsigned kCodeSignal = 0x5C;    ///< /Fsig/
constexpr std::uint64_t kErrorLanes = 0xFEFEFEFEFEFEFEFEULL;
/// Local fault in both halves (table 46-5).
constexpr std::uint64_t kLocalFaultLanes = 0x0100009C0100009CULL;
constexpr unsigned kLocalFaultControl = 0x11;

}  // namespace xgmii

namespace detail {

/// Table 49-1 without /S/, /T/ and the ordered sets: idle, the reserved characters, error.
struct ControlCode {
  std::uint8_t character;
  std::uint8_t code;
};
constexpr ControlCode kControlCodes[8] = {{0x07, 0x00}, {0x1C, 0x2D}, {0x3C, 0x33}, {0x7C, 0x4B},
                                          {0xBC, 0x55}, {0xDC, 0x66}, {0xF7, 0x78}, {0xFE, 0x1E}};

/// The types of blocks that end a frame, by the lane of /T/.
constexpr std::uint8_t kTerminateTypes[8] = {0x87, 0x99, 0xAA, 0xB4, 0xCC, 0xD2, 0xE1, 0xFF};

/// What the lanes of a beat hold, a bit for each.
struct LaneKinds {
  ap_uint<8> data = 0;
  ap_uint<8> plain = 0;  ///< a control character of kControlCodes
  ap_uint<8> error = 0;
  ap_uint<8> terminate = 0;
  ap_uint<56> codes = 0;  ///< of the plain ones, seven bits each
  bool start0 = false;
  bool start4 = false;
  bool ordered0 = false;
  bool ordered4 = false;
};

inline bool is_ordered(const ap_uint<8>& character) {
  return character == xgmii::kCodeSequence || character == xgmii::kCodeSignal;
}

/// Are these lanes, from `first` to `last`, all set?
inline bool lanes_all(const ap_uint<8>& lanes, int first, int last) {
  bool all = true;
  for (int i = first; i <= last; ++i) all = all && lanes[i];
  return all;
}

}  // namespace detail

namespace detail {

inline LaneKinds lane_kinds(const Line<8>& line) {
  LaneKinds kinds;
  for (int i = 0; i < 8; ++i) {
    const ap_uint<8> character = line.data >> (8 * i);
    const bool control = line.control[i];
    kinds.data[i] = !control;
    kinds.error[i] = control && character == xgmii::kCodeError;
    kinds.terminate[i] = control && character == xgmii::kCodeTerminate;
    for (int k = 0; k < 8; ++k) {
      if (!control || character != kControlCodes[k].character) continue;
      kinds.plain[i] = 1;
      kinds.codes.range(7 * i + 6, 7 * i) = kControlCodes[k].code;
    }
  }
  kinds.start0 = line.control[0] && line.data.range(7, 0) == xgmii::kCodeStart;
  kinds.start4 = line.control[4] && line.data.range(39, 32) == xgmii::kCodeStart;
  kinds.ordered0 = line.control[0] && is_ordered(line.data.range(7, 0));
  kinds.ordered4 = line.control[4] && is_ordered(line.data.range(39, 32));
  return kinds;
}

/// What a block is and which number says so.
struct BlockField {
  BlockType type = BlockType::kError;
  ap_uint<8> field = 0;
};

inline BlockField field_of_terminate(const LaneKinds& kinds) {
  BlockField out;
  for (int i = 0; i < 8; ++i) {
    bool ends = kinds.terminate[i];
    for (int k = 0; k < i; ++k) ends = ends && kinds.data[k];
    for (int k = i + 1; k < 8; ++k) ends = ends && kinds.plain[k];
    if (!ends) continue;
    out.type = BlockType::kTerminate;
    out.field = kTerminateTypes[i];
  }
  return out;
}

/// Of all but data. In each half: plain control characters, an ordered set, a start.
inline BlockField field_of(const LaneKinds& kinds) {
  const bool data123 = lanes_all(kinds.data, 1, 3);
  const bool data567 = lanes_all(kinds.data, 5, 7);
  const bool plain_low = lanes_all(kinds.plain, 0, 3);
  const bool plain_high = lanes_all(kinds.plain, 4, 7);
  const bool ordered_low = kinds.ordered0 && data123;
  const bool ordered_high = kinds.ordered4 && data567;
  const bool start_high = kinds.start4 && data567;
  BlockField out = field_of_terminate(kinds);
  if (kinds.start0 && data123 && kinds.data[4] && data567) {
    out.type = BlockType::kStart;
    out.field = 0x78;
  } else if (start_high && (plain_low || ordered_low)) {
    out.type = BlockType::kStart;
    out.field = plain_low ? 0x33 : 0x66;
  } else if (plain_low && plain_high) {
    out.type = kinds.error == 0 ? BlockType::kControl : BlockType::kError;
    out.field = 0x1E;
  } else if (ordered_high && (plain_low || ordered_low)) {
    out.type = BlockType::kControl;
    out.field = plain_low ? 0x2D : 0x55;
  } else if (ordered_low && plain_high) {
    out.type = BlockType::kControl;
    out.field = 0x4B;
  }
  return out;
}

}  // namespace detail

/// The payload of a block of /E/ in every lane.
constexpr std::uint64_t kErrorPayload = 0x3C78F1E3C78F1E1EULL;

/// ENCODE and T_TYPE: what a beat of XGMII is, and its block before the scrambler; of type kError the block is void.
inline EncodedBlock encode_block(const Line<8>& line) {
  const detail::LaneKinds kinds = detail::lane_kinds(line);
  EncodedBlock out;
  if (kinds.data == 0xFF) {
    out.type = BlockType::kData;
    out.block.sync = kSyncData;
    out.block.data = line.data;
    return out;
  }
  const detail::BlockField field = detail::field_of(kinds);
  ap_uint<64> data = 0;
  for (int i = 0; i < 8; ++i) {
    if (kinds.data[i]) data.range(8 * i + 7, 8 * i) = line.data.range(8 * i + 7, 8 * i);
  }
  if (field.type == BlockType::kTerminate) data = data << 8;
  // /Fsig/ has a bit 7 that is clear where that of /Q/ is set.
  const bool signal0 = kinds.ordered0 && !line.data[7];
  const bool signal4 = kinds.ordered4 && !line.data[39];
  ap_uint<64> codes = ap_uint<64>(kinds.codes) << 8;
  if (signal0) codes.range(35, 32) = 0xF;
  if (signal4) codes.range(39, 36) = 0xF;
  out.type = field.type;
  out.block.sync = kSyncControl;
  out.block.data = ap_uint<64>(data | codes | field.field);
  return out;
}

namespace detail {

/// A block's lanes as whatever they may be.
struct BlockParts {
  ap_uint<64> controls = 0;  ///< by the codes
  ap_uint<8> plain = 0;      ///< the lanes whose code is one
  ap_uint<8> error = 0;
  ap_uint<8> first0 = 0;  ///< of the ordered set in the lower half
  ap_uint<8> first4 = 0;
  bool ordered0 = false;
  bool ordered4 = false;
};

inline BlockParts block_parts(const ap_uint<64>& payload) {
  BlockParts parts;
  for (int i = 0; i < 8; ++i) {
    const ap_uint<7> code = payload >> (8 + 7 * i);
    for (int k = 0; k < 8; ++k) {
      if (code != kControlCodes[k].code) continue;
      parts.plain[i] = 1;
      parts.controls.range(8 * i + 7, 8 * i) = kControlCodes[k].character;
    }
    parts.error[i] = code == 0x1E;
  }
  const ap_uint<4> code0 = payload >> 32;
  const ap_uint<4> code4 = payload >> 36;
  parts.ordered0 = code0 == 0 || code0 == 0xF;
  parts.ordered4 = code4 == 0 || code4 == 0xF;
  parts.first0 = code0 == 0 ? xgmii::kCodeSequence : xgmii::kCodeSignal;
  parts.first4 = code4 == 0 ? xgmii::kCodeSequence : xgmii::kCodeSignal;
  return parts;
}

/// A block that ends a frame; of type kError if it is none.
inline DecodedBlock decode_terminate(const ap_uint<64>& payload, const BlockParts& parts) {
  DecodedBlock out;
  for (int i = 0; i < 8; ++i) {
    if (payload.range(7, 0) != kTerminateTypes[i]) continue;
    bool rest = true;
    for (int k = i + 1; k < 8; ++k) rest = rest && parts.plain[k];
    if (rest) out.type = BlockType::kTerminate;
    out.line.data = parts.controls;
    for (int k = 0; k < i; ++k) out.line.data.range(8 * k + 7, 8 * k) = payload.range(8 * k + 15, 8 * k + 8);
    out.line.data.range(8 * i + 7, 8 * i) = xgmii::kCodeTerminate;
    out.line.control = 0xFFu << i;
  }
  return out;
}

/// The lower half of a block: control codes, an ordered set or a start.
enum class LowHalf : std::uint8_t { kPlain, kOrdered, kStart };
enum class HighHalf : std::uint8_t { kPlain, kOrdered, kStart, kData };

/// Any other block with a type.
inline DecodedBlock decode_halves(const ap_uint<64>& payload, const BlockParts& parts, LowHalf low, HighHalf high) {
  DecodedBlock out;
  const bool low_valid = low == LowHalf::kPlain     ? lanes_all(parts.plain, 0, 3)
                         : low == LowHalf::kOrdered ? parts.ordered0
                                                    : true;
  const bool high_valid = high == HighHalf::kPlain     ? lanes_all(parts.plain, 4, 7)
                          : high == HighHalf::kOrdered ? parts.ordered4
                                                       : true;
  const bool starts = low == LowHalf::kStart || high == HighHalf::kStart;
  const bool control = !(low == LowHalf::kPlain && high == HighHalf::kPlain) || parts.error == 0;
  if (low_valid && high_valid && control) out.type = starts ? BlockType::kStart : BlockType::kControl;
  out.line.data = payload;
  out.line.control = 0;
  out.line.control[0] = 1;
  if (low == LowHalf::kPlain) {
    out.line.data.range(31, 0) = parts.controls.range(31, 0);
    out.line.control.range(3, 0) = 0xF;
  } else if (low == LowHalf::kOrdered) {
    out.line.data.range(7, 0) = parts.first0;
  } else {
    out.line.data.range(7, 0) = xgmii::kCodeStart;
  }
  if (high == HighHalf::kPlain) {
    out.line.data.range(63, 32) = parts.controls.range(63, 32);
    out.line.control.range(7, 4) = 0xF;
  } else if (high == HighHalf::kOrdered) {
    out.line.data.range(39, 32) = parts.first4;
    out.line.control[4] = 1;
  } else if (high == HighHalf::kStart) {
    out.line.data.range(39, 32) = xgmii::kCodeStart;
    out.line.control[4] = 1;
  }
  return out;
}

}  // namespace detail

/// DECODE and R_TYPE, of a block after the descrambler; of type kError the line is void.
inline DecodedBlock decode_block(const Block66& block) {
  DecodedBlock out;
  if (block.sync == kSyncData) {
    out.type = BlockType::kData;
    out.line.data = block.data;
    out.line.control = 0;
    return out;
  }
  if (block.sync != kSyncControl) return out;
  const detail::BlockParts parts = detail::block_parts(block.data);
  const ap_uint<8> field = block.data;
  const bool known = field == 0x1E || field == 0x2D || field == 0x33 || field == 0x66 || field == 0x55 ||
                     field == 0x78 || field == 0x4B;
  if (!known) return detail::decode_terminate(block.data, parts);
  detail::LowHalf low = detail::LowHalf::kPlain;
  if (field == 0x66 || field == 0x55 || field == 0x4B) low = detail::LowHalf::kOrdered;
  if (field == 0x78) low = detail::LowHalf::kStart;
  detail::HighHalf high = detail::HighHalf::kPlain;
  if (field == 0x2D || field == 0x55) high = detail::HighHalf::kOrdered;
  if (field == 0x33 || field == 0x66) high = detail::HighHalf::kStart;
  if (field == 0x78) high = detail::HighHalf::kData;
  return detail::decode_halves(block.data, parts, low, high);
}

/// x^58 + x^39 + 1, self-synchronous (clause 49.2.6): a bit and those 39 and 58 before it. `history` holds the last 58
/// scrambled bits, the latest in bit 57.
inline ap_uint<64> scramble(ap_uint<58>& history, const ap_uint<64>& plain) {
  const ap_uint<58> past = history;
  ap_uint<64> out = 0;
  for (int i = 0; i < 64; ++i) {
    const bool far = i < 58 ? past[i] : bool(out[i - 58]);
    const bool near = i < 39 ? past[i + 19] : bool(out[i - 39]);
    out[i] = plain[i] != (far != near);
  }
  history = out >> 6;
  return out;
}

/// The inverse (clause 49.2.10); `history` is of scrambled bits too.
inline ap_uint<64> descramble(ap_uint<58>& history, const ap_uint<64>& scrambled) {
  const ap_uint<58> past = history;
  ap_uint<64> out = 0;
  for (int i = 0; i < 64; ++i) {
    const bool far = i < 58 ? past[i] : scrambled[i - 58];
    const bool near = i < 39 ? past[i + 19] : scrambled[i - 39];
    out[i] = scrambled[i] != (far != near);
  }
  history = scrambled >> 6;
  return out;
}

}  // namespace sockwire
