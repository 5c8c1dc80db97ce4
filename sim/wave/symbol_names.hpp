// SPDX-License-Identifier: Apache-2.0
// What a person calls the symbols on a line: levels, code-groups and blocks by the names that the standard gives them.
#pragma once

#include <string>

#include "hls/line/code_4b5b.hpp"
#include "hls/line/code_64b66b.hpp"
#include "hls/line/code_8b10b.hpp"
#include "hls/line/stream_cipher.hpp"
#include "sim/dut/line_port.hpp"

namespace sockwire::sim {

/// Follows one transmitter. name() of each of its symbols, in order; an empty text: none ends here. clocks(): how long
/// the one that was named last is.
template <typename Code>
class SymbolNames;

/// "+", "-", "0" (clause 14.3.1.2).
template <>
class SymbolNames<Code10BaseT> {
 public:
  std::string name(const LineLevel& level) {
    return level == kLevelPositive ? "+" : level == kLevelNegative ? "-" : "0";
  }
  int clocks() const { return 1; }
};

/// A code-group of 4B/5B: "/J/", "/I/", a hexadecimal digit for a nibble (table 24-1), from its last bit on. The key of
/// the stream cipher is taken from idle, as a receiver does.
template <>
class SymbolNames<Code100BaseTx> {
 public:
  std::string name(const LineLevel& level) {
    const bool coded = level != level_;
    level_ = level;
    PlainBits bits;
    bits.count = 1;
    bits.first = coded;
    bool lost = false;
    const bool plain = descramble(cipher_, bits, true, lost).first;
    if (!cipher_.locked) return "unlocked";
    window_ = ap_uint<10>((window_ << 1) | (plain ? 1u : 0u));
    ++bits_;
    if (!in_stream_) {
      if (window_ == ((kGroupJ << 5) | kGroupK)) {
        in_stream_ = true;
        bits_ = 0;
        clocks_ = 10;
        return "/J/K/";
      }
      clocks_ = 1;
      return window_ == 0x3FF ? "/I/" : "";
    }
    if (bits_ % 5 != 0) return "";
    clocks_ = 5;
    const ap_uint<5> group = window_.range(4, 0);
    const Decoded4b5b nibble = decode_4b5b(group);
    if (nibble.data) return {"0123456789ABCDEF"[static_cast<unsigned>(nibble.nibble)]};
    if (group == kGroupT) return "/T/";
    if (group == kGroupH) return "/H/";
    in_stream_ = group != kGroupR && group != kGroupI;
    return group == kGroupR ? "/R/" : group == kGroupI ? "/I/" : "invalid";
  }

  int clocks() const { return clocks_; }

 private:
  int clocks_ = 1;
  LineLevel level_ = kLevelZero;
  DescramblerState cipher_;
  ap_uint<10> window_ = 0;
  unsigned bits_ = 0;
  bool in_stream_ = false;
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

  int clocks() const { return 1; }

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

  int clocks() const { return 1; }

 private:
  ap_uint<58> history_ = 0;
};

}  // namespace sockwire::sim
