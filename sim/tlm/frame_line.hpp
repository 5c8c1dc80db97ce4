// SPDX-License-Identifier: Apache-2.0
// A line whose far end speaks whole frames: what the engine drives is decoded, what is to reach it is encoded.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "sim/phy/line_peer.hpp"
#include "sim/phy/soft_mac.hpp"
#include "sim/phy/wire.hpp"

namespace sockwire::sim {

template <int kBytes>
class FrameLine final : public LinePeer<kBytes> {
 public:
  /// departed: told of each frame that the engine has driven, in the cycle with its end.
  explicit FrameLine(std::function<void(const ReceivedFrame&)> departed) : departed_(std::move(departed)) {}

  /// Nothing waits for what is on the line now: the next frame would follow it without a needless gap.
  bool free() const { return to_engine_.queued_frames() == 0; }
  /// A frame without its FCS goes to the engine; short ones are padded.
  void begin(std::uint64_t now_ns, std::span<const std::uint8_t> frame) {
    to_engine_.push_burst(now_ns, encoder_.encode(frame));
  }

  LineInputs<kBytes> exchange(std::uint64_t now_ns, const Line<kBytes>& from_engine) override {
    if (decoder_.push(now_ns, from_engine)) departed_(decoder_.frame());
    return to_engine_.pull(now_ns);
  }
  std::uint64_t next_arrival_ns() const override { return to_engine_.next_arrival_ns(); }

 private:
  std::function<void(const ReceivedFrame&)> departed_;
  Wire<kBytes> to_engine_{{}, 1};
  FrameEncoder<kBytes> encoder_;
  FrameDecoder<kBytes> decoder_;
};

}  // namespace sockwire::sim
