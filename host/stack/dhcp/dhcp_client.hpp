// SPDX-License-Identifier: Apache-2.0
// A DHCPv4 client (RFC 2131 4.4), sans-IO: messages and time go in; messages, events and a deadline come out.
//
//             DISCOVER            OFFER / REQUEST             ACK                       checked
//   INIT ----------------> SELECTING -------> REQUESTING -------------> CHECKING -------------------> BOUND <--+
//    ^                                             |                       | in use: DECLINE            |  T1   | ACK
//    |                                             | NAK, no answer        |                            v      |
//    +---------------------------------------------+-----------------------+                        RENEWING --+
//    |                                                                                                  | T2   |
//    |                                  NAK, lease over                                                 v      |
//    +----------------------------------------------------------------------------------------- REBINDING ---+
//
//   INIT-REBOOT: reboot() asks for an address of before, in REBOOTING; its ACK leads to CHECKING, all else to INIT.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/base/ipv4_address.hpp"
#include "host/base/mac_address.hpp"
#include "host/base/time.hpp"
#include "host/stack/counters.hpp"
#include "host/stack/dhcp/dhcp_message.hpp"
#include "host/stack/keyed_random.hpp"

namespace sockwire::stack::dhcp {

struct ClientConfig {
  MacAddress mac;
  std::string host_name;  ///< Told to the server; empty: not told.
  tcp::SipHashKey secret{};
  /// A random wait before the first message (RFC 2131 4.4.1: so that hosts that are switched on together do not speak
  /// together). Zero, for a person who waits: none.
  Duration min_start_delay = std::chrono::seconds(1);
  Duration max_start_delay = std::chrono::seconds(10);
  /// RFC 2131 4.1: 4, 8, 16, 32, 64 s, each give or take a random second.
  Duration first_interval = std::chrono::seconds(4);
  Duration max_interval = std::chrono::seconds(64);
  Duration interval_fuzz = std::chrono::seconds(1);
  /// RFC 2131 3.1 (5): REQUESTs without an answer before it begins anew: about a minute.
  unsigned max_requests = 4;
  unsigned max_reboot_requests = 2;
  Duration min_renewal_interval = std::chrono::seconds(60);  ///< RFC 2131 4.4.5.
  Duration decline_wait = std::chrono::seconds(10);          ///< At least, RFC 2131 3.1 (5).
};

enum class ClientState : std::uint8_t {
  kStopped,
  kInit,
  kSelecting,
  kRequesting,
  kRebooting,
  kChecking,
  kBound,
  kRenewing,
  kRebinding
};
const char* to_string(ClientState state);

/// From port 68 to port 67.
struct ClientTransmit {
  Ipv4Address destination;  ///< Of the server, or 255.255.255.255.
  std::vector<std::uint8_t> payload;
};

struct ClientEvent {
  enum class Kind : std::uint8_t {
    kCheck,    ///< Somebody is to look whether `lease`'s address is in use (RFC 5227), and to call on_checked().
    kBound,    ///< The lease is there.
    kRenewed,  ///< It goes on; other things than its end may have changed.
    kLost,     ///< Its address may not be used any more.
  };
  Kind kind;
  Lease lease;
};

class Client {
 public:
  /// counters: outlives the client.
  Client(const ClientConfig& config, Counters& counters);

  /// From INIT.
  void start(TimePoint now);
  /// From INIT-REBOOT: asks for the address that it had.
  void reboot(TimePoint now, Ipv4Address address);
  /// Gives the lease back (RFC 2131 4.4.6), and stops.
  void release(TimePoint now);

  /// What came to port 68 from port 67.
  void on_message(TimePoint now, std::span<const std::uint8_t> bytes);
  /// The answer to kCheck.
  void on_checked(TimePoint now, bool in_use);
  /// Another station claims the bound address (RFC 5227 2.4): it is declined.
  void on_conflict(TimePoint now);
  void on_timeout(TimePoint now);
  TimePoint next_deadline() const { return deadline_; }

  [[nodiscard]] std::optional<ClientTransmit> poll_transmit();
  [[nodiscard]] std::optional<ClientEvent> poll_event();

  ClientState state() const { return state_; }
  /// In BOUND, RENEWING and REBINDING.
  const std::optional<Lease>& lease() const { return lease_; }
  TimePoint lease_ends() const { return lease_ends_; }
  /// What the last NAK said, for people.
  const std::string& refusal() const { return refusal_; }

 private:
  void begin(TimePoint now, ClientState state);
  /// Back to INIT, with a wait that grows as long as nothing comes of it.
  void restart(TimePoint now, Duration at_least = Duration::zero());
  void lose(TimePoint now);
  void decline(TimePoint now, const Lease& lease);
  void on_offer(TimePoint now, const ServerMessage& message);
  void on_ack(TimePoint now, const ServerMessage& message);
  void on_nak(TimePoint now, const ServerMessage& message);
  void bind(TimePoint now, const Lease& lease, ClientEvent::Kind kind);
  bool awaits_answer_from(Ipv4Address server) const;

  void send_discover(TimePoint now);
  void send_request(TimePoint now);
  void send(ClientMessage message, Ipv4Address destination);
  Duration interval();
  std::uint16_t seconds_since_begin(TimePoint now) const;
  void wait_for_renewal(TimePoint now, TimePoint until);

  ClientConfig config_;
  Counters& counters_;
  KeyedRandom random_;
  ClientState state_ = ClientState::kStopped;
  TimePoint deadline_ = kNever;
  TimePoint began_;
  TimePoint requested_;  ///< When the REQUEST left that the ACK answers: the lease counts from there (4.4.1).
  std::uint32_t xid_ = 0;
  unsigned sent_ = 0;      ///< Messages of this state.
  unsigned failures_ = 0;  ///< Attempts that came to nothing.
  Ipv4Address previous_;   ///< REBOOTING: the address of before.
  Lease candidate_;        ///< SELECTING to CHECKING.
  std::optional<Lease> lease_;
  TimePoint t1_ = kNever;
  TimePoint t2_ = kNever;
  TimePoint lease_ends_ = kNever;
  std::string refusal_;
  std::deque<ClientTransmit> output_;
  std::deque<ClientEvent> events_;
};

}  // namespace sockwire::stack::dhcp
