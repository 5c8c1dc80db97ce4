// SPDX-License-Identifier: Apache-2.0
// A MAC in software for the far end of the wire and for captures: frames to cycles and back. It shares no code with the
// engine's MAC, and its FCS is zlib's, so that the two check each other.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/phy/line.hpp"
#include "sim/phy/wire.hpp"

namespace sockwire::sim {

/// The least frame without its FCS (IEEE 802.3 clause 4A.2.3.2.4); shorter ones are padded.
inline constexpr std::size_t kMinFrameBytes = 60;
/// The longest: 1514 and a VLAN tag (clause 3.2.7).
inline constexpr std::size_t kMaxFrameBytes = 1518;

/// What a receiver finds wrong with a burst of carrier.
enum class FrameFault : std::uint8_t {
  kNone,
  kNoStart,      ///< carrier without a start of frame delimiter
  kSymbolError,  ///< RX_ER, or a control character within the frame
  kRunt,         ///< less than 64 octets with the FCS
  kGiant,        ///< more than a tagged frame may have
  kAlignment,    ///< an odd nibble, and the FCS is wrong (clause 4.2.4.1.2)
  kFcs,
};
inline constexpr std::size_t kFrameFaults = 7;

const char* to_string(FrameFault fault);

/// A frame as it was found on the wire.
struct ReceivedFrame {
  std::uint64_t start_ns = 0;  ///< time of the cycle with the first carrier
  std::uint64_t end_ns = 0;    ///< time of the cycle with the last octet
  FrameFault fault = FrameFault::kNone;
  std::vector<std::uint8_t> bytes;  ///< from the destination address, without the FCS (with fewer than 4: as they are)
};

/// Cycles to frames.
template <int kBytes>
class FrameDecoder {
 public:
  /// One cycle. Returns true if a frame (or what should have been one) has ended: see frame().
  bool push(std::uint64_t now_ns, const Line<kBytes>& line) {
    if (!active_ && is_idle(line)) return false;
    return decode(now_ns, line);
  }

  /// The frame that ended last, valid until the next push().
  const ReceivedFrame& frame() const { return frame_; }

  /// Frames per fault; those without at index 0.
  const std::array<std::uint64_t, kFrameFaults>& counts() const { return counts_; }

 private:
  bool decode(std::uint64_t now_ns, const Line<kBytes>& line);
  void begin(std::uint64_t now_ns);
  void octet(std::uint8_t byte);
  bool finish(bool dribble);

  ReceivedFrame frame_;
  bool active_ = false;   ///< carrier
  bool started_ = false;  ///< past the start of frame delimiter
  bool error_ = false;
  std::uint8_t last_preamble_ = 0;
  std::array<std::uint64_t, kFrameFaults> counts_{};
};

/// Frames to cycles. At width 8 it keeps the deficit idle count (clause 46.3.1.4), so that bursts sent back to back
/// have gaps that average 12 octets.
template <int kBytes>
class FrameEncoder {
 public:
  /// Preamble, start of frame delimiter, the frame padded to 60 octets, its FCS, and at width 8 /T/. `frame` is without
  /// FCS; of any length, since tests make frames that are too long.
  Burst<kBytes> encode(std::span<const std::uint8_t> frame);

  /// As encode(), but `frame` goes out as it is: no padding, and these four octets as its FCS if any.
  Burst<kBytes> encode_raw(std::span<const std::uint8_t> frame, std::optional<std::uint32_t> fcs);

 private:
  int start_lane_ = 0;    ///< width 8: where the next frame may start
  int gap_before_ = 255;  ///< whole idle cycles before it
  int deficit_ = 0;       ///< octets that gaps were too short so far, 0 to 3
};

/// The FCS of a frame as it stands in the last four octets, lowest octet first on the wire.
std::uint32_t frame_check_sequence(std::span<const std::uint8_t> frame);

}  // namespace sockwire::sim
