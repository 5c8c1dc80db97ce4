// SPDX-License-Identifier: Apache-2.0
// Frames on the engine's line, at both widths: for tests that drive and watch it directly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "hls/top/ports.hpp"

namespace sockwire::sim {

using Bytes = std::vector<std::uint8_t>;

/// IEEE 802.3 clause 3.2.9, bit by bit.
inline std::uint32_t frame_check_sequence(const Bytes& frame) {
  std::uint32_t crc = 0xFFFFFFFFu;
  for (std::uint8_t byte : frame) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) ? 0xEDB88320u : 0);
  }
  return ~crc;
}

inline Bytes with_fcs(Bytes frame) {
  const std::uint32_t fcs = frame_check_sequence(frame);
  for (int i = 0; i < 4; ++i) frame.push_back(static_cast<std::uint8_t>(fcs >> (8 * i)));
  return frame;
}

/// Appends a frame (with its FCS) and the gap after it, in byte times, to a line's cycles.
class LineWriter1 {
 public:
  void add(const Bytes& frame, int gap, int error_at = -1, bool dribble = false) {
    for (int i = 0; i < 8; ++i) push(i < 7 ? 0x55 : 0xD5, true, false, false);
    for (std::size_t i = 0; i < frame.size(); ++i) push(frame[i], true, static_cast<int>(i) == error_at, false);
    for (int i = 0; i < gap; ++i) push(0, false, false, dribble && i == 0);
  }
  bool empty() const { return cycles_.empty(); }
  Line<1> next() {
    Line<1> line;
    if (cycles_.empty()) return line;
    line = cycles_.front();
    cycles_.pop_front();
    return line;
  }

 private:
  void push(std::uint8_t data, bool valid, bool error, bool dribble) {
    Line<1> line;
    line.data = data;
    line.valid = valid;
    line.error = error;
    line.dribble = dribble;
    cycles_.push_back(line);
  }
  std::deque<Line<1>> cycles_;
};

/// XGMII (clause 46): start in lane 0 or 4, the gap rounded up to the next of these; `error_at` puts /E/ there.
class LineWriter8 {
 public:
  void add(const Bytes& frame, int gap, int error_at = -1, bool = false) {
    push(0xFB, true);
    for (int i = 0; i < 7; ++i) push(i < 6 ? 0x55 : 0xD5, false);
    for (std::size_t i = 0; i < frame.size(); ++i) {
      if (static_cast<int>(i) == error_at) {
        push(0xFE, true);
      } else {
        push(frame[i], false);
      }
    }
    push(0xFD, true);
    for (int i = 1; i < gap || lanes_.size() % 4 != 0; ++i) push(0x07, true);
  }
  bool empty() const { return lanes_.empty(); }
  Line<8> next() {
    Line<8> line;
    if (lanes_.empty()) return line;
    while (lanes_.size() < 8) push(0x07, true);
    std::uint64_t data = 0;
    unsigned control = 0;
    for (int lane = 0; lane < 8; ++lane) {
      data |= static_cast<std::uint64_t>(lanes_.front() & 0xFF) << (8 * lane);
      control |= static_cast<unsigned>(lanes_.front() >> 8) << lane;
      lanes_.pop_front();
    }
    line.data = data;
    line.control = control;
    return line;
  }

 private:
  void push(unsigned byte, bool control) { lanes_.push_back(byte | (control ? 0x100u : 0u)); }
  std::deque<unsigned> lanes_;
};

/// Collects frames from a line: what follows the SFD, with the FCS; and the gap before each, in byte times.
class LineReader {
 public:
  struct Frame {
    Bytes bytes;
    int gap = 0;
    std::uint64_t first_cycle = 0;  ///< of the preamble
    std::uint64_t last_cycle = 0;   ///< of the FCS
  };

  void take(const Line<1>& line, std::uint64_t cycle) { byte(static_cast<std::uint8_t>(line.data), line.valid, cycle); }
  void take(const Line<8>& line, std::uint64_t cycle) {
    for (int lane = 0; lane < 8; ++lane) {
      const std::uint8_t data = static_cast<std::uint8_t>(static_cast<std::uint64_t>(line.data) >> (8 * lane));
      const bool control = ((static_cast<unsigned>(line.control) >> lane) & 1) != 0;
      byte(control && data == 0xFB ? 0x55 : data, !control || data == 0xFB, cycle);
    }
  }
  /// Complete frames; the caller may take them away.
  std::vector<Frame> frames;

 private:
  void byte(std::uint8_t data, bool valid, std::uint64_t cycle) {
    if (!valid) {
      if (inside_) frames.push_back(frame_);
      if (inside_) frame_ = Frame{};
      inside_ = false;
      ++frame_.gap;
      return;
    }
    if (!inside_) {
      inside_ = true;
      data_ = false;
      frame_.first_cycle = cycle;
    }
    frame_.last_cycle = cycle;
    if (data_) frame_.bytes.push_back(data);
    data_ |= data == 0xD5;
  }

  Frame frame_;
  bool inside_ = false;
  bool data_ = false;
};

template <int kBytes>
struct LineWriterOf;
template <>
struct LineWriterOf<1> {
  using Type = LineWriter1;
};
template <>
struct LineWriterOf<8> {
  using Type = LineWriter8;
};
template <int kBytes>
using LineWriter = typename LineWriterOf<kBytes>::Type;

}  // namespace sockwire::sim
