// SPDX-License-Identifier: Apache-2.0
// Which one segment of a connection is lost, found by what stands in the frames: the same for our engine in virtual
// time and for Linux over TAP.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace sockwire::bench {

/// The client connects, sends kRecoveryBytes, waits until they are acknowledged, and closes; the server closes when it
/// has read the end.
enum class Lost : std::uint8_t { kNothing, kSyn, kSynAck, kFirst, kMiddle, kLast, kFin, kLastAck };
inline constexpr std::array kLosses{Lost::kSyn,  Lost::kSynAck, Lost::kFirst,  Lost::kMiddle,
                                    Lost::kLast, Lost::kFin,    Lost::kLastAck};

/// As in the figures' names.
const char* name_of(Lost lost);

inline constexpr std::uint64_t kRecoveryBytes = 100'000;
inline constexpr std::uint16_t kRecoveryPort = 5001;
inline constexpr std::uint64_t kRecoveryOneWayNs = 10'000'000;  ///< Half of the round trip.

/// The moments of one run, in seconds of its clock.
struct Moments {
  double connecting = 0;   ///< connect() is called.
  double connected = 0;    ///< The client is in ESTABLISHED.
  double sending = 0;      ///< send() is called for all.
  double delivered = 0;    ///< The server has read all.
  double closing = 0;      ///< shutdown() is called; everything is acknowledged.
  double client_done = 0;  ///< The client has read the end: it is in TIME-WAIT.
  double server_done = 0;  ///< The server is in CLOSED.

  /// How long that took which the loss delays: to be ESTABLISHED for SYN and SYN-ACK, delivery of all for data, the
  /// client's way to TIME-WAIT for FIN, the server's to CLOSED for the last ACK.
  double stage(Lost lost) const;
};

/// Looks at the frames of one connection in the order in which they are sent, and finds the one to lose.
class LostSegment {
 public:
  explicit LostSegment(Lost lost) : lost_(lost) {}

  /// Whether this frame (Ethernet, without FCS) is it. True once at most: what is sent again passes.
  bool is(std::span<const std::uint8_t> frame);

 private:
  bool wanted(std::span<const std::uint8_t> tcp, std::size_t payload_bytes, bool from_client);

  Lost lost_;
  bool found_ = false;
  std::uint32_t first_byte_ = 0;            ///< The client's sequence number of its first byte.
  std::optional<std::uint32_t> after_fin_;  ///< What acknowledges the server's FIN.
};

}  // namespace sockwire::bench
