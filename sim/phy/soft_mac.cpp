// SPDX-License-Identifier: Apache-2.0
#include "sim/phy/soft_mac.hpp"

#include <zlib.h>

namespace sockwire::sim {

namespace {

constexpr std::size_t kFcsBytes = 4;
constexpr std::size_t kPreambleBytes = 7;

void append_fcs(std::vector<std::uint8_t>& bytes, std::uint32_t fcs) {
  for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<std::uint8_t>(fcs >> (8 * i)));
}

std::uint8_t lane_data(const Line<8>& line, int lane) { return static_cast<std::uint8_t>(line.data >> (8 * lane)); }

/// Writes octet by octet into columns of eight lanes.
class ColumnWriter {
 public:
  explicit ColumnWriter(int first_lane) : lane_(first_lane) { lines_.reserve(200); }

  void put(std::uint8_t byte, bool control) {
    if (lines_.empty() || lane_ == 8) {
      if (!lines_.empty()) lane_ = 0;
      lines_.emplace_back();
    }
    Line<8>& line = lines_.back();
    line.data.range(8 * lane_ + 7, 8 * lane_) = byte;
    line.control[lane_] = control ? 1 : 0;
    ++lane_;
  }

  int next_lane() const { return lane_; }
  std::vector<Line<8>> take() { return std::move(lines_); }

 private:
  std::vector<Line<8>> lines_;
  int lane_;
};

}  // namespace

const char* to_string(FrameFault fault) {
  switch (fault) {
    case FrameFault::kNone:
      return "none";
    case FrameFault::kNoStart:
      return "no start of frame";
    case FrameFault::kSymbolError:
      return "symbol error";
    case FrameFault::kRunt:
      return "runt";
    case FrameFault::kGiant:
      return "giant";
    case FrameFault::kAlignment:
      return "alignment error";
    case FrameFault::kFcs:
      return "wrong FCS";
  }
  return "?";
}

std::uint32_t frame_check_sequence(std::span<const std::uint8_t> frame) {
  return static_cast<std::uint32_t>(crc32(0, frame.data(), static_cast<uInt>(frame.size())));
}

// ---- decoder --------------------------------------------------------------------------------------------------------

template <int kBytes>
void FrameDecoder<kBytes>::begin(std::uint64_t now_ns) {
  active_ = true;
  started_ = false;
  error_ = false;
  last_preamble_ = 0;
  frame_.start_ns = now_ns;
  frame_.bytes.clear();
}

template <int kBytes>
void FrameDecoder<kBytes>::octet(std::uint8_t byte) {
  if (started_) {
    // A carrier without end must not fill the memory; that it is a giant is known long before.
    if (frame_.bytes.size() < 65536) frame_.bytes.push_back(byte);
  } else {
    started_ = byte == kStartOfFrame && last_preamble_ == kPreambleByte;
    last_preamble_ = byte;
  }
}

template <int kBytes>
bool FrameDecoder<kBytes>::finish(bool dribble) {
  active_ = false;
  auto& bytes = frame_.bytes;
  bool fcs_right = false;
  if (bytes.size() >= kFcsBytes) {
    const auto data_bytes = bytes.size() - kFcsBytes;
    std::uint32_t fcs = 0;
    for (std::size_t i = 0; i < kFcsBytes; ++i) fcs |= static_cast<std::uint32_t>(bytes[data_bytes + i]) << (8 * i);
    fcs_right = fcs == frame_check_sequence(std::span(bytes).first(data_bytes));
    bytes.resize(data_bytes);
  }
  if (!started_) {
    frame_.fault = FrameFault::kNoStart;
  } else if (error_) {
    frame_.fault = FrameFault::kSymbolError;
  } else if (bytes.size() < kMinFrameBytes) {
    frame_.fault = FrameFault::kRunt;
  } else if (bytes.size() > kMaxFrameBytes) {
    frame_.fault = FrameFault::kGiant;
  } else if (!fcs_right) {
    frame_.fault = dribble ? FrameFault::kAlignment : FrameFault::kFcs;
  } else {
    frame_.fault = FrameFault::kNone;
  }
  ++counts_[static_cast<std::size_t>(frame_.fault)];
  return true;
}

template <>
bool FrameDecoder<1>::decode(std::uint64_t now_ns, const Line<1>& line) {
  if (!line.valid) return active_ && finish(line.dribble);
  if (!active_) begin(now_ns);
  error_ = error_ || line.error;
  octet(static_cast<std::uint8_t>(line.data));
  frame_.end_ns = now_ns;
  return false;
}

template <>
bool FrameDecoder<8>::decode(std::uint64_t now_ns, const Line<8>& line) {
  bool ended = false;
  for (int lane = 0; lane < 8; ++lane) {
    const auto byte = lane_data(line, lane);
    if (!line.control[lane]) {
      if (active_) {
        octet(byte);
        frame_.end_ns = now_ns;
      }
      continue;
    }
    if (!active_) {
      // /S/ stands for the first octet of the preamble and comes in lane 0 or 4 only (clause 46.3.1.3).
      if (byte == kXgmiiStart && lane % 4 == 0) {
        begin(now_ns);
        last_preamble_ = kPreambleByte;
      }
      continue;
    }
    if (byte == kXgmiiTerminate) {
      ended = finish(false);
      continue;
    }
    error_ = true;
    if (byte == kXgmiiError) {
      octet(byte);
      continue;
    }
    // Any other control character ends a frame that lost its /T/. If it is a start, that frame is given up: its own
    // column is not free for it.
    ended = finish(false);
  }
  return ended;
}

// ---- encoder --------------------------------------------------------------------------------------------------------

template <int kBytes>
Burst<kBytes> FrameEncoder<kBytes>::encode(std::span<const std::uint8_t> frame) {
  if (frame.size() >= kMinFrameBytes) return encode_raw(frame, frame_check_sequence(frame));
  std::array<std::uint8_t, kMinFrameBytes> padded{};
  std::copy(frame.begin(), frame.end(), padded.begin());
  return encode_raw(padded, frame_check_sequence(padded));
}

template <>
Burst<1> FrameEncoder<1>::encode_raw(std::span<const std::uint8_t> frame, std::optional<std::uint32_t> fcs) {
  std::vector<std::uint8_t> bytes(kPreambleBytes, kPreambleByte);
  bytes.push_back(kStartOfFrame);
  bytes.insert(bytes.end(), frame.begin(), frame.end());
  if (fcs) append_fcs(bytes, *fcs);
  Burst<1> burst;
  burst.gap_before = kGapCycles<1>;
  burst.lines.reserve(bytes.size());
  for (const auto byte : bytes) {
    Line<1> line;
    line.data = byte;
    line.valid = true;
    burst.lines.push_back(line);
  }
  return burst;
}

template <>
Burst<8> FrameEncoder<8>::encode_raw(std::span<const std::uint8_t> frame, std::optional<std::uint32_t> fcs) {
  ColumnWriter columns(start_lane_);
  columns.put(kXgmiiStart, true);
  for (std::size_t i = 1; i < kPreambleBytes; ++i) columns.put(kPreambleByte, false);
  columns.put(kStartOfFrame, false);
  for (const auto byte : frame) columns.put(byte, false);
  if (fcs) {
    for (int i = 0; i < 4; ++i) columns.put(static_cast<std::uint8_t>(*fcs >> (8 * i)), false);
  }
  columns.put(kXgmiiTerminate, true);
  Burst<8> burst;
  burst.gap_before = gap_before_;

  // Where the next /S/ goes: 12 octets after the frame, /T/ counted, moved to lane 0 or 4 by the deficit idle count.
  const int terminate_lane = columns.next_lane() - 1;
  int next_start = terminate_lane + 12;
  const int surplus = next_start % 4;
  if (surplus != 0) {
    if (deficit_ + surplus <= 3) {
      deficit_ += surplus;
      next_start -= surplus;
    } else {
      deficit_ -= 4 - surplus;
      next_start += 4 - surplus;
    }
  }
  start_lane_ = next_start % 8;
  gap_before_ = next_start / 8 - 1;
  burst.lines = columns.take();
  return burst;
}

template class FrameDecoder<1>;
template class FrameDecoder<8>;
template class FrameEncoder<1>;
template class FrameEncoder<8>;

}  // namespace sockwire::sim
