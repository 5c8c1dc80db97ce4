// SPDX-License-Identifier: Apache-2.0
// A TAP device: frames to and from Linux's own network stack.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "host/base/result.hpp"

namespace sockwire::sim {

class TapDevice {
 public:
  /// Makes a device, by default the first free of fpga0, fpga1, …, in the network namespace that this process is in,
  /// with every offload off, so that frames carry real checksums. It is down until configured, and gone when this
  /// object is. The error is one line for people that says what to do.
  static Result<std::unique_ptr<TapDevice>, std::string> open(const std::string& name = "fpga%d");
  /// Owns one that somebody else has made and opened.
  static Result<std::unique_ptr<TapDevice>, std::string> adopt(int descriptor);
  ~TapDevice();
  TapDevice(const TapDevice&) = delete;
  TapDevice& operator=(const TapDevice&) = delete;

  const std::string& name() const { return name_; }
  int number() const { return number_; }  ///< 2 for fpga2
  int descriptor() const { return descriptor_; }

  /// A frame that Linux sends, without FCS and perhaps shorter than 60 octets; empty if none waits. Valid until the
  /// next call.
  std::span<const std::uint8_t> receive();

  /// Gives Linux a frame without FCS. False if it was not taken.
  bool send(std::span<const std::uint8_t> frame);

 private:
  TapDevice(int descriptor, std::string name);

  int descriptor_;
  std::string name_;
  int number_;
  std::array<std::uint8_t, 2048> buffer_{};
};

/// Sets the MAC address of a device that is down, and, where the machine allows it, the length of its transmit queue. A
/// short one is better: a simulated card is a hundred times slower than its line, and what waits before it only makes
/// round trips longer.
Result<void, std::string> configure_tap(const TapDevice& device, const std::array<std::uint8_t, 6>& mac,
                                        int transmit_queue_frames);

}  // namespace sockwire::sim
