// SPDX-License-Identifier: Apache-2.0
// A 1000BASE-X station that sends and reads bits, from the words of IEEE 802.3 clauses 36 and 37: ordered sets as lists
// of code-group names, by the columns of reference_8b10b.hpp. Shares nothing with the kernels.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/hls/line/reference_8b10b.hpp"
#include "tests/hls/mac/mac_bench.hpp"

namespace sockwire::test {

/// Sends: each call appends to `bits`.
class ReferenceSender {
 public:
  std::string bits;

  void special(int x, int y) { group(32 * y + x, true); }
  void data(int x, int y) { group(32 * y + x, false); }
  void octet(int value) { group(value, false); }

  void idle(int sets) {
    for (int i = 0; i < sets; ++i) {
      const bool positive = positive_;
      special(28, 5);
      positive ? data(5, 6) : data(16, 2);
    }
  }
  void config(int sets, unsigned value) {
    for (int i = 0; i < sets; ++i) {
      special(28, 5);
      second_ ? data(2, 2) : data(21, 5);
      second_ = !second_;
      octet(static_cast<int>(value & 0xFF));
      octet(static_cast<int>(value >> 8));
    }
  }
  /// /S/ in place of the first octet of the preamble; then as many /R/ as the next set needs.
  void frame(const Bytes& frame_with_fcs) {
    special(27, 7);
    for (int i = 0; i < 6; ++i) octet(0x55);
    octet(0xD5);
    for (const std::uint8_t byte : frame_with_fcs) octet(byte);
    end();
  }
  void end() {
    special(29, 7);
    special(23, 7);
    if (bits.size() % 20 != 0) special(23, 7);
  }

 private:
  void group(int value, bool is_special) {
    const std::string code = reference_encode(value, is_special, positive_);
    positive_ = disparity_after_group(code, positive_);
    bits += code;
  }

  bool positive_ = false;
  bool second_ = false;
};

/// Reads bits that begin anywhere: code-groups from the first comma on, ordered sets by their names. `fault` says what
/// was against the rules first.
class ReferenceReader {
 public:
  ReferenceReader() {
    for (const bool positive : {false, true}) {
      for (int octet = 0; octet < 256; ++octet) {
        for (const bool special : {false, true}) {
          const std::string code = reference_encode(octet, special, positive);
          if (!code.empty()) names_[positive][code] = name(octet, special);
        }
      }
    }
  }

  std::vector<Bytes> frames;  ///< from the octet after the SFD to before /T/
  std::vector<unsigned> configs;
  std::uint64_t idles = 0;
  std::string fault;

  void read(const std::string& bits) {
    // A comma in the first code-groups says where they begin, and the running disparity with it.
    std::size_t at = std::min(bits.find("0011111"), bits.find("1100000"));
    if (at == std::string::npos) {
      fault = "no comma";
      return;
    }
    bool positive = bits[at] == '1';
    std::vector<std::string> groups;
    for (; at + 10 <= bits.size(); at += 10) {
      const std::string code = bits.substr(at, 10);
      const auto found = names_[positive].find(code);
      if (found == names_[positive].end() && fault.empty()) fault = code + " is no code-group here";
      groups.push_back(found == names_[positive].end() ? "?" : found->second);
      positive = disparity_after_group(code, positive);
    }
    parse(groups);
  }

 private:
  static std::string name(int octet, bool special) {
    return (special ? "K" : "D") + std::to_string(octet % 32) + "." + std::to_string(octet / 32);
  }
  static int octet_of(const std::string& name) {
    const std::size_t point = name.find('.');
    return std::stoi(name.substr(1, point - 1)) + 32 * std::stoi(name.substr(point + 1));
  }

  void parse(const std::vector<std::string>& groups) {
    std::size_t at = 0;
    while (at + 4 < groups.size() && fault.empty()) {
      if (at % 2 != 0) fault = "a set on an odd place";
      if (groups[at] == "K28.5" && (groups[at + 1] == "D5.6" || groups[at + 1] == "D16.2")) {
        ++idles;
        at += 2;
      } else if (groups[at] == "K28.5" && (groups[at + 1] == "D21.5" || groups[at + 1] == "D2.2")) {
        configs.push_back(static_cast<unsigned>(octet_of(groups[at + 2]) + 256 * octet_of(groups[at + 3])));
        at += 4;
      } else if (groups[at] == "K27.7") {
        at = parse_frame(groups, at + 1);
      } else {
        fault = groups[at] + " begins no set";
      }
    }
  }

  std::size_t parse_frame(const std::vector<std::string>& groups, std::size_t at) {
    Bytes bytes;
    bool data = false;
    for (; at < groups.size() && groups[at][0] == 'D'; ++at) {
      const auto octet = static_cast<std::uint8_t>(octet_of(groups[at]));
      if (data) bytes.push_back(octet);
      data = data || octet == 0xD5;
    }
    if (at + 2 >= groups.size()) return groups.size();
    if (groups[at] != "K29.7" || groups[at + 1] != "K23.7") fault = groups[at] + " in a frame";
    at += 2;
    if (at % 2 != 0 && groups[at++] != "K23.7") fault = "no second /R/";
    frames.push_back(bytes);
    return at;
  }

  std::map<std::string, std::string> names_[2];
};

}  // namespace sockwire::test
