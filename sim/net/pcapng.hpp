// SPDX-License-Identifier: Apache-2.0
// Captures in the pcapng format (draft-ietf-opsawg-pcapng), which libpcap can read but not write with directions and
// nanoseconds.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "host/base/result.hpp"
#include "sim/phy/cable.hpp"

namespace sockwire::sim {

enum class PacketDirection : std::uint8_t { kUnknown = 0, kInbound = 1, kOutbound = 2 };

class PcapngWriter {
 public:
  /// Creates the file. The error is one line for people.
  static Result<std::unique_ptr<PcapngWriter>, std::string> create(const std::string& path);
  ~PcapngWriter();
  PcapngWriter(const PcapngWriter&) = delete;
  PcapngWriter& operator=(const PcapngWriter&) = delete;

  /// A new Ethernet interface with nanosecond time stamps; returns its number.
  std::uint32_t add_interface(const std::string& name, const std::string& description);

  /// time_ns: since 1970, or since whenever the time line of the capture begins. An empty comment is left out.
  void write(std::uint32_t interface, std::uint64_t time_ns, std::span<const std::uint8_t> frame,
             PacketDirection direction, FrameFault fault = FrameFault::kNone, const std::string& comment = {});

  /// Writes out what is buffered. An error (a full disk) stays until it is asked for here.
  Result<void, std::string> flush();

  const std::string& path() const { return path_; }
  std::uint64_t packets() const { return packets_; }

 private:
  PcapngWriter(std::FILE* file, std::string path) : file_(file), path_(std::move(path)) {}
  void block(std::uint32_t type, std::span<const std::uint8_t> body);

  std::FILE* file_;
  std::string path_;
  std::uint32_t interfaces_ = 0;
  std::uint64_t packets_ = 0;
  int error_ = 0;  ///< errno of the first write that failed
  std::vector<std::uint8_t> body_;
  std::vector<std::uint8_t> block_;
};

/// Records the frames at an engine's port: outbound as it drives them, inbound as they reach it, broken ones marked.
class CaptureObserver final : public FrameObserver {
 public:
  /// offset_ns: added to the times of the wire.
  CaptureObserver(PcapngWriter& writer, std::uint32_t interface, std::uint64_t offset_ns)
      : writer_(writer), interface_(interface), offset_ns_(offset_ns) {}

  void on_frame(bool from_engine, const ReceivedFrame& frame) override;

 private:
  PcapngWriter& writer_;
  std::uint32_t interface_;
  std::uint64_t offset_ns_;
};

}  // namespace sockwire::sim
