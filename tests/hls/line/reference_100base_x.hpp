// SPDX-License-Identifier: Apache-2.0
// 100BASE-TX bit by bit, written from the standard and not from the kernels: code-groups as the letters and digits of
// IEEE 802.3 table 24-1, the cipher as a shift register of eleven cells, MLT-3 as a list of four levels. It shares
// nothing with hls/line but the type of a level.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hls/line/line_code.hpp"

namespace sockwire::test::base_x {

/// IEEE 802.3 table 24-1, code-group bits 4 3 2 1 0 as printed. V: the invalid ones.
inline const std::map<std::string, char>& table_24_1() {
  static const std::map<std::string, char> table = {
      {"11110", '0'}, {"01001", '1'}, {"10100", '2'}, {"10101", '3'}, {"01010", '4'}, {"01011", '5'}, {"01110", '6'},
      {"01111", '7'}, {"10010", '8'}, {"10011", '9'}, {"10110", 'A'}, {"10111", 'B'}, {"11010", 'C'}, {"11011", 'D'},
      {"11100", 'E'}, {"11101", 'F'}, {"11111", 'I'}, {"11000", 'J'}, {"10001", 'K'}, {"01101", 'T'}, {"00111", 'R'},
      {"00100", 'H'}, {"00000", 'V'}, {"00001", 'V'}, {"00010", 'V'}, {"00011", 'V'}, {"00101", 'V'}, {"00110", 'V'},
      {"01000", 'V'}, {"01100", 'V'}, {"10000", 'V'}, {"11001", 'V'}};
  return table;
}

inline std::string group_of(char symbol) {
  for (const auto& [bits, letter] : table_24_1()) {
    if (letter == symbol) return bits;
  }
  return "?";
}

/// The symbols of a frame from its first preamble octet to the end of stream: J K 5 5 .. 5 D, data, T R.
inline std::string stream_of(const std::vector<std::uint8_t>& frame_with_fcs, int preamble_octets = 7) {
  static const char* kDigits = "0123456789ABCDEF";
  std::string symbols = "JK";
  for (int i = 1; i < preamble_octets; ++i) symbols += "55";
  symbols += "5D";
  for (const std::uint8_t octet : frame_with_fcs) {
    symbols += kDigits[octet % 16];
    symbols += kDigits[octet / 16];
  }
  return symbols + "TR";
}

/// x^11 + x^9 + 1: each new cell is the sum of the ninth and the eleventh before it.
class Cipher {
 public:
  /// Bit 0 of the seed is the newest cell.
  explicit Cipher(unsigned seed = 0x7FF) {
    for (std::size_t i = 0; i < 11; ++i) cells_.push_back(((seed >> i) & 1) != 0);
  }
  bool next() {
    const bool bit = cells_[8] ^ cells_[10];
    cells_.pop_back();
    cells_.push_front(bit);
    return bit;
  }

 private:
  std::deque<bool> cells_;
};

/// The levels of symbols, one after the other.
class Sender {
 public:
  explicit Sender(unsigned seed = 0x7FF) : cipher_(seed) {}

  void bits(const std::string& plain, std::vector<LineLevel>& levels) {
    static constexpr std::array<unsigned, 4> kCycle = {kLevelZero, kLevelPositive, kLevelZero, kLevelNegative};
    for (const char bit : plain) {
      if ((bit == '1') != cipher_.next()) at_ = (at_ + 1) % 4;
      levels.emplace_back(kCycle[at_]);
    }
  }
  void symbols(const std::string& text, std::vector<LineLevel>& levels) {
    for (const char symbol : text) bits(group_of(symbol), levels);
  }
  void idle(int groups, std::vector<LineLevel>& levels) {
    symbols(std::string(static_cast<std::size_t>(groups), 'I'), levels);
  }

 private:
  Cipher cipher_;
  std::size_t at_ = 0;
};

/// Levels to the letters of code-groups. The first of them must be idle: they set the cipher; and code-groups are found
/// by /J/K/ after idle.
class Receiver {
 public:
  /// The symbols of the streams so far, each from J on, ended by two I.
  const std::vector<std::string>& streams() const { return streams_; }

  void level(const LineLevel& level) {
    const bool coded = level != last_;
    last_ = level;
    if (!cipher_) {
      seed_ = ((seed_ << 1) | (coded ? 0U : 1U)) & 0x7FF;
      if (++seen_ == 12) cipher_.emplace(seed_);
      return;
    }
    plain_ += coded != cipher_->next() ? '1' : '0';
    if (!inside_) {
      if (plain_.size() > 10) plain_.erase(0, plain_.size() - 10);
      if (plain_ != group_of('J') + group_of('K')) return;
      inside_ = true;
      streams_.emplace_back();
    }
    while (inside_ && plain_.size() >= 5) {
      streams_.back() += table_24_1().at(plain_.substr(0, 5));
      plain_.erase(0, 5);
      const std::string& stream = streams_.back();
      if (stream.size() >= 2 && stream.substr(stream.size() - 2) == "II") inside_ = false;
    }
  }

 private:
  LineLevel last_ = kLevelZero;
  unsigned seed_ = 0;
  int seen_ = 0;
  std::optional<Cipher> cipher_;
  std::string plain_;
  bool inside_ = false;
  std::vector<std::string> streams_;
};

}  // namespace sockwire::test::base_x
