// SPDX-License-Identifier: Apache-2.0
#include "host/transport/link/serial_transport.hpp"

#include <array>

namespace sockwire::transport {

namespace {

/// What poll_line() may give: a delimiter, and a frame.
constexpr std::size_t kLineBytes = link_frame::kLineBytesMax + 1;

}  // namespace

SerialTransport::SerialTransport(ByteLink& bytes, const LinkConfig& config, std::uint8_t session_seed)
    : bytes_(bytes),
      endpoint_(config, [&bytes](std::uint32_t baud) { return bytes.nearest_baud(baud); }),
      session_seed_(session_seed),
      ahead_(config.ahead) {}

bool SerialTransport::pump(TimePoint now) {
  bytes_.poll();
  bool news = follow_byte_link(now);
  const auto messages = endpoint_.counters().message_bytes_in;
  const auto phy = endpoint_.phy();
  take_in(now);
  if (endpoint_.next_deadline() <= now) endpoint_.on_timeout(now);
  hand_out(now);
  news |= follow_endpoint(now);
  news |= endpoint_.counters().message_bytes_in != messages || endpoint_.phy() != phy;
  // Room that came and went within one call was none that the host has heard of.
  if (refused_ && endpoint_.can_send()) {
    refused_ = false;
    news = true;
  }
  return news;
}

/// A cable that was pulled, or is there anew.
bool SerialTransport::follow_byte_link(TimePoint now) {
  if (bytes_.lost()) {
    endpoint_.stop();
    const bool news = attached_;
    attached_ = false;
    return news;
  }
  if (byte_session_ == bytes_.session() && endpoint_.phase() != LinkPhase::kDown) return false;
  byte_session_ = bytes_.session();
  const bool news = attached_;
  attached_ = false;
  endpoint_.start(now, session_seed_);
  return news;
}

/// A session that has begun, or was forgotten by the card.
bool SerialTransport::follow_endpoint(TimePoint now) {
  if (endpoint_.phase() == LinkPhase::kDown && !bytes_.lost()) {
    endpoint_.start(now, session_seed_);
    const bool news = attached_;
    attached_ = false;
    return news;
  }
  if (attached_ || !endpoint_.up()) return false;
  attached_ = true;
  ++session_;
  return true;
}

void SerialTransport::take_in(TimePoint now) {
  std::array<std::uint8_t, 4096> bytes;
  for (std::size_t count = bytes_.read(bytes); count != 0; count = bytes_.read(bytes)) {
    endpoint_.on_bytes(now, std::span(bytes).first(count));
  }
}

void SerialTransport::hand_out(TimePoint now) {
  hand_out_at_ = kNever;
  if (bytes_.lost()) return;
  if (baud_ != endpoint_.baud()) {
    // Nothing of ours is on the wire: the endpoint changes its rate only when what it asked has been answered.
    baud_ = endpoint_.baud();
    static_cast<void>(bytes_.set_baud(baud_));
  }
  if (!bytes_.baud_settled()) return;
  while (bytes_.room() >= kLineBytes) {
    if (line_free_ > now + ahead_) {
      hand_out_at_ = line_free_ - ahead_;
      return;
    }
    const auto line = endpoint_.poll_line(now);
    if (line.empty()) return;
    static_cast<void>(bytes_.write(line));
    const auto bits = static_cast<std::int64_t>(line.size() * kUartBitsPerByte);
    line_free_ = std::max(line_free_, now) + Duration(bits * 1'000'000'000 / baud_);
  }
}

}  // namespace sockwire::transport
