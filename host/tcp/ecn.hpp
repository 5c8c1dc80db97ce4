// SPDX-License-Identifier: Apache-2.0
// Explicit congestion notification (RFC 3168 section 6.1): what the handshake agrees on, and the receiver's echo.
#pragma once

#include <cstdint>

#include "hls/wire/tcp.hpp"

namespace sockwire::tcp {

/// The two bits in an IP header (RFC 3168 5).
enum class EcnCodepoint : std::uint8_t { kNotEct = 0, kEct1 = 1, kEct0 = 2, kCongestionExperienced = 3 };

/// Whether a connection uses it.
enum class EcnMode : std::uint8_t {
  kOff,
  kAccept,  ///< If the peer asks for it.
  kOffer,   ///< Ask for it, too.
};

class Ecn {
 public:
  explicit Ecn(EcnMode mode) : mode_(mode) {}

  /// RFC 3168 6.1.1.1: a SYN that seems lost is sent again without, lest it be the reason.
  bool offers(bool retransmission) const { return mode_ == EcnMode::kOffer && !retransmission; }
  /// The peer's SYN, ours having offered it or not: an ECN-setup SYN has both flags, an ECN-setup SYN-ACK ECE alone.
  void on_syn(std::uint8_t flags, bool we_offered) {
    const bool ece = (flags & wire::kTcpEce) != 0;
    const bool cwr = (flags & wire::kTcpCwr) != 0;
    const bool answer = (flags & wire::kTcpAckFlag) != 0;
    agreed_ = answer ? we_offered && ece && !cwr : mode_ != EcnMode::kOff && ece && cwr;
  }
  /// What on_syn() and on_data() had come to.
  void resume(bool agreed, bool echo) {
    agreed_ = agreed;
    echo_ = echo;
  }
  bool agreed() const { return agreed_; }

  /// Data came. Returns whether what we echo has changed, so that the peer should be told at once.
  bool on_data(EcnCodepoint codepoint, std::uint8_t flags) {
    if (!agreed_) return false;
    const bool before = echo_;
    // 6.1.3: CE of the same segment wins over its CWR.
    if ((flags & wire::kTcpCwr) != 0) echo_ = false;
    if (codepoint == EcnCodepoint::kCongestionExperienced) echo_ = true;
    return echo_ != before;
  }
  /// All that we acknowledge carries ECE.
  bool echo() const { return echo_; }

 private:
  EcnMode mode_;
  bool agreed_ = false;
  bool echo_ = false;
};

}  // namespace sockwire::tcp
