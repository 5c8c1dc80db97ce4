// SPDX-License-Identifier: Apache-2.0
// What a person calls the symbols on a line: levels, code-groups and blocks by the names that the standard gives them.
#pragma once

#include <string>

#include "hls/line/code_64b66b.hpp"
#include "hls/line/code_8b10b.hpp"
#include "sim/dut/line_port.hpp"

namespace sockwire::sim {

/// Follows one transmitter. name() of each of its symbols, in order; an empty text: the name of before goes on.
template <typename Code>
class SymbolNames;

/// "+", "-", "0" (clause 14.3.1.2).
template <>
class SymbolNames<Code10BaseT> {
 public:
  std::string name(const LineLevel& level) {
    return level == kLevelPositive ? "+" : level == kLevelNegative ? "-" : "0";
  }
};

/// "D21.5", and with what it stands for "K27.7 /S/" (clause 36.2.4).
template <>
class SymbolNames<Code1000BaseX> {
 public:
  std::string name(const CodeGroup& group) {
    const DecodedGroup decoded = decode_8b10b(group, positive_);
    if (!decoded.valid) return "invalid";
    const unsigned octet = static_cast<unsigned>(decoded.character.octet);
    const std::string number = std::to_string(octet & 31) + "." + std::to_string(octet >> 5);
    if (!decoded.character.control) return "D" + number;
    switch (octet) {
      case kK27_7:
        return "K27.7 /S/";
      case kK29_7:
        return "K29.7 /T/";
      case kK23_7:
        return "K23.7 /R/";
      case kK30_7:
        return "K30.7 /V/";
      default:
        return "K" + number;
    }
  }

 private:
  bool positive_ = false;  ///< running disparity
};

/// "D", "S0", "T5", "idle" and so on, by the block's type (figure 49-7).
template <>
class SymbolNames<Code10GBaseR> {
 public:
  std::string name(const Block66& block) {
    const ap_uint<64> payload = descramble(history_, block.data);
    if (block.sync == kSyncData) return "D";
    if (block.sync != kSyncControl) return "invalid";
    switch (static_cast<unsigned>(payload.range(7, 0))) {
      case 0x1e:
        return payload >> 8 == 0 ? "idle" : "C";
      case 0x33:
        return "S4";
      case 0x66:
        return "O0 S4";
      case 0x78:
        return "S0";
      case 0x2d:
        return "O4";
      case 0x4b:
        return "O0";
      case 0x55:
        return "O0 O4";
      case 0x87:
        return "T0";
      case 0x99:
        return "T1";
      case 0xaa:
        return "T2";
      case 0xb4:
        return "T3";
      case 0xcc:
        return "T4";
      case 0xd2:
        return "T5";
      case 0xe1:
        return "T6";
      case 0xff:
        return "T7";
      default:
        return "invalid";
    }
  }

 private:
  ap_uint<58> history_ = 0;
};

}  // namespace sockwire::sim
