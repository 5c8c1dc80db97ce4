// SPDX-License-Identifier: Apache-2.0
// The card contract over a UART: a byte link, and the link endpoint that makes messages of its bytes.
#pragma once

#include <algorithm>

#include "hls/card/layout.hpp"
#include "host/base/time.hpp"
#include "host/transport/byte_link.hpp"
#include "host/transport/link/endpoint.hpp"
#include "host/transport/transport.hpp"

namespace sockwire::transport {

/// A card behind a serial link. It is lost while the link is not up; when the cable is back, or the card has begun
/// anew, a session is begun by itself, and lost() is false again: then the driver starts a new epoch.
class SerialTransport final : public Transport {
 public:
  /// bytes: outlives the transport. session_seed: any number, another one for each run of a program.
  SerialTransport(ByteLink& bytes, const LinkConfig& config, std::uint8_t session_seed);

  bool can_send() override {
    refused_ = !endpoint_.can_send();
    return !refused_;
  }
  void send(std::span<const std::uint8_t> command) override { endpoint_.send(command); }
  std::span<const std::uint8_t> poll_event() override { return endpoint_.poll_message(); }
  /// Also true before the first session.
  bool lost() const override { return !attached_; }
  std::uint32_t session() const override { return session_; }
  bool own_clock() const override { return true; }
  /// With its header, a frame of the link.
  std::uint32_t write_bytes() const override { return link_frame::kPayloadMax - card::kHeaderBytes; }
  std::uint32_t receive_bytes() const override { return kLinkReceiveBytes; }

  /// Moves what can be moved: what came in, what is due, what is to go out. Call it when the byte link's wait_fd() is
  /// readable, at next_deadline(), and when commands were sent. Returns whether there is news for the host: an event,
  /// room for a command, word from the PHY, or a card that was lost or is back.
  bool pump(TimePoint now);
  TimePoint next_deadline() const { return std::min(endpoint_.next_deadline(), hand_out_at_); }
  const LinkEndpoint& endpoint() const { return endpoint_; }
  /// What the card's PHY says of its link; nothing while the card is lost, or has not said it yet.
  std::optional<PhyStatus> phy() const { return lost() ? std::nullopt : endpoint_.phy(); }
  ByteLink& bytes() { return bytes_; }

 private:
  bool follow_byte_link(TimePoint now);
  bool follow_endpoint(TimePoint now);
  void take_in(TimePoint now);
  void hand_out(TimePoint now);

  ByteLink& bytes_;
  LinkEndpoint endpoint_;
  std::uint8_t session_seed_;
  std::uint32_t baud_ = 0;
  std::uint32_t byte_session_ = 0;  ///< of the cable
  std::uint32_t session_ = 0;       ///< of the card
  bool attached_ = false;
  bool refused_ = false;  ///< the last can_send() said no: the host waits for room
  Duration ahead_;
  TimePoint line_free_{};           ///< when what was handed out has left, if nothing delays it
  TimePoint hand_out_at_ = kNever;  ///< when more is to be, if something waits
};

}  // namespace sockwire::transport
