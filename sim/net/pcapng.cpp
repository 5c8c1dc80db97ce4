// SPDX-License-Identifier: Apache-2.0
#include "sim/net/pcapng.hpp"

#include <cerrno>
#include <cstring>

namespace sockwire::sim {

namespace {

// Section 4 of the draft: block types and the options that are used here.
constexpr std::uint32_t kSectionHeader = 0x0A0D0D0A;
constexpr std::uint32_t kInterfaceDescription = 1;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint32_t kByteOrderMagic = 0x1A2B3C4D;
constexpr std::uint16_t kLinkTypeEthernet = 1;
constexpr std::uint16_t kOptEnd = 0;
constexpr std::uint16_t kOptComment = 1;
constexpr std::uint16_t kShbUserApplication = 4;
constexpr std::uint16_t kIfName = 2;
constexpr std::uint16_t kIfDescription = 3;
constexpr std::uint16_t kIfTsResolution = 9;
constexpr std::uint16_t kEpbFlags = 2;

// The file is little-endian; the byte order magic says so.
void put16(std::vector<std::uint8_t>& out, std::uint16_t value) {
  out.push_back(static_cast<std::uint8_t>(value));
  out.push_back(static_cast<std::uint8_t>(value >> 8));
}

void put32(std::vector<std::uint8_t>& out, std::uint32_t value) {
  put16(out, static_cast<std::uint16_t>(value));
  put16(out, static_cast<std::uint16_t>(value >> 16));
}

void put_padded(std::vector<std::uint8_t>& out, std::span<const std::uint8_t> bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
  while (out.size() % 4 != 0) out.push_back(0);
}

void put_option(std::vector<std::uint8_t>& out, std::uint16_t code, std::span<const std::uint8_t> value) {
  put16(out, code);
  put16(out, static_cast<std::uint16_t>(value.size()));
  put_padded(out, value);
}

void put_option(std::vector<std::uint8_t>& out, std::uint16_t code, const std::string& text) {
  put_option(out, code, std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

/// The link-layer error bits of epb_flags (section 4.3.1).
std::uint32_t error_flags(FrameFault fault) {
  switch (fault) {
    case FrameFault::kNone:
      return 0;
    case FrameFault::kFcs:
      return 1u << 24;
    case FrameFault::kGiant:
      return 1u << 25;
    case FrameFault::kRunt:
      return 1u << 26;
    case FrameFault::kAlignment:
      return 1u << 28;
    case FrameFault::kNoStart:
      return 1u << 29;
    case FrameFault::kSymbolError:
      return 1u << 31;
  }
  return 0;
}

}  // namespace

Result<std::unique_ptr<PcapngWriter>, std::string> PcapngWriter::create(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return Failure{"cannot write " + path + ": " + std::strerror(errno)};
  std::unique_ptr<PcapngWriter> writer(new PcapngWriter(file, path));
  auto& body = writer->body_;
  put32(body, kByteOrderMagic);
  put16(body, 1);  // version 1.0
  put16(body, 0);
  put32(body, 0xFFFFFFFF);  // the section's length is not given
  put32(body, 0xFFFFFFFF);
  put_option(body, kShbUserApplication, "sockwire");
  put_option(body, kOptEnd, std::span<const std::uint8_t>());
  writer->block(kSectionHeader, body);
  return writer;
}

PcapngWriter::~PcapngWriter() { std::fclose(file_); }

void PcapngWriter::block(std::uint32_t type, std::span<const std::uint8_t> body) {
  block_.clear();
  const auto total = static_cast<std::uint32_t>(body.size() + 12);
  put32(block_, type);
  put32(block_, total);
  block_.insert(block_.end(), body.begin(), body.end());
  put32(block_, total);
  if (std::fwrite(block_.data(), 1, block_.size(), file_) != block_.size() && error_ == 0) error_ = errno;
}

std::uint32_t PcapngWriter::add_interface(const std::string& name, const std::string& description) {
  body_.clear();
  put16(body_, kLinkTypeEthernet);
  put16(body_, 0);
  put32(body_, 0);  // no snapshot length: frames are whole
  put_option(body_, kIfName, name);
  put_option(body_, kIfDescription, description);
  const std::uint8_t nanoseconds = 9;  // 10^-9
  put_option(body_, kIfTsResolution, std::span(&nanoseconds, 1));
  put_option(body_, kOptEnd, std::span<const std::uint8_t>());
  block(kInterfaceDescription, body_);
  return interfaces_++;
}

void PcapngWriter::write(std::uint32_t interface, std::uint64_t time_ns, std::span<const std::uint8_t> frame,
                         PacketDirection direction, FrameFault fault, const std::string& comment) {
  body_.clear();
  put32(body_, interface);
  put32(body_, static_cast<std::uint32_t>(time_ns >> 32));
  put32(body_, static_cast<std::uint32_t>(time_ns));
  put32(body_, static_cast<std::uint32_t>(frame.size()));
  put32(body_, static_cast<std::uint32_t>(frame.size()));
  put_padded(body_, frame);
  std::vector<std::uint8_t> flags;
  put32(flags, static_cast<std::uint32_t>(direction) | error_flags(fault));
  put_option(body_, kEpbFlags, flags);
  if (!comment.empty()) put_option(body_, kOptComment, comment);
  put_option(body_, kOptEnd, std::span<const std::uint8_t>());
  block(kEnhancedPacket, body_);
  ++packets_;
}

Result<void, std::string> PcapngWriter::flush() {
  if (std::fflush(file_) != 0 && error_ == 0) error_ = errno;
  if (error_ != 0) return Failure{"cannot write " + path_ + ": " + std::strerror(error_)};
  return {};
}

void CaptureObserver::on_frame(bool from_engine, const ReceivedFrame& frame) {
  const std::string comment = frame.fault == FrameFault::kNone ? "" : to_string(frame.fault);
  writer_.write(interface_, offset_ns_ + frame.end_ns, frame.bytes,
                from_engine ? PacketDirection::kOutbound : PacketDirection::kInbound, frame.fault, comment);
}

}  // namespace sockwire::sim
