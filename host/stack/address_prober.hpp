// SPDX-License-Identifier: Apache-2.0
// Whether anybody else has an address: asked before it is used, told when it is, and defended afterwards. Address
// conflict detection of IPv4 (RFC 5227) and duplicate address detection of IPv6 (RFC 4862 5.4) differ in their times
// only; how a question looks is arp.hpp's and ndp.hpp's.
//
//   start()              silence for long enough
//   --------> kProbing -------------------------> kAnnouncing --> kQuiet
//                |  conflict                         |  conflict      |
//                v                                   v                v
//            kDuplicate                     defended once in ten seconds (RFC 5227 2.4 (c)), kConflict;
//                                           another one in these ten seconds: kContested
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "host/base/ip_address.hpp"
#include "host/base/time.hpp"
#include "host/stack/jitter.hpp"

namespace sockwire::stack {

/// For whoever manages addresses (DHCP, SLAAC, the user).
struct AddressEvent {
  enum class Kind : std::uint8_t {
    kUsable,     ///< It was asked for and nobody has it.
    kDuplicate,  ///< Somebody has it: it was taken off the interface and never used.
    kConflict,   ///< Somebody uses it while we do. It is defended.
    kContested,  ///< And goes on in spite of that: who can have another address gives this one up (RFC 5227 2.4 (b)).
  };
  Kind kind = Kind::kUsable;
  IpAddress address;
};

class AddressProber {
 public:
  /// dad_transmits: how often an IPv6 address is asked for (RFC 4862 5.1). jitter outlives it.
  AddressProber(unsigned dad_transmits, Jitter& jitter) : dad_transmits_(dad_transmits), jitter_(jitter) {}

  /// Asks for the address; with nothing to ask (no transmits) it is usable at once.
  void start(TimePoint now, const IpAddress& address);
  /// The address is used without asking: announces and defends it. Whether `announce` is said is the caller's.
  void watch(TimePoint now, const IpAddress& address, bool announce);
  void forget(const IpAddress& address);
  /// Another station has the address, or asks for it at the same time.
  void on_conflict(TimePoint now, const IpAddress& address);
  void on_timeout(TimePoint now);
  TimePoint next_deadline() const;

  /// What is to be sent.
  struct Message {
    IpAddress address;
    bool announcement = false;  ///< Else a question.
  };
  [[nodiscard]] std::optional<Message> poll_message();
  [[nodiscard]] std::optional<AddressEvent> poll_event();

 private:
  enum class Phase : std::uint8_t { kProbing, kAnnouncing, kQuiet };
  struct Probed {
    IpAddress address;
    Phase phase = Phase::kProbing;
    unsigned sent = 0;  ///< Of the phase's messages.
    TimePoint next = kNever;
    TimePoint defended = TimePoint::min();
  };

  Probed* find(const IpAddress& address);
  void act(TimePoint now, Probed& probed);
  void become_usable(TimePoint now, Probed& probed);

  unsigned dad_transmits_;
  Jitter& jitter_;
  std::vector<Probed> probed_;  ///< As many as the interface has addresses.
  std::deque<Message> messages_;
  std::deque<AddressEvent> events_;
};

}  // namespace sockwire::stack
