// SPDX-License-Identifier: Apache-2.0
// A host on the wire: its socket table, its stack and its port. The calls are those of BSD, with results for errors.
//
// Blocking calls run the loop until they can return; so may the calls of others in the same loop, through tasks. All on
// one thread. A descriptor is the index of a row in the socket table, the lowest that is free.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/base/time.hpp"
#include "host/socket/error.hpp"
#include "host/socket/loop.hpp"
#include "host/socket/port.hpp"
#include "host/socket/socket_table.hpp"
#include "host/stack/stack.hpp"

namespace sockwire {

/// What poll() asks about a descriptor, and what it answers.
struct PollRequest {
  int descriptor = -1;
  bool want_readable = false;
  bool want_writable = false;
  bool readable = false;  ///< recv() or accept() would not block.
  bool want_completion = false;
  bool completion = false;   ///< poll_completion() has something.
  bool writable = false;     ///< send() would take something, or connect() has ended.
  bool peer_closed = false;  ///< The peer sends no more, or we have shut reading.
  bool hung_up = false;      ///< Both directions are over, or there never was a connection.
  bool failed = false;       ///< error() tells why.
  /// Counts what has come: a number other than the last one means that there was something new.
  std::uint64_t activity = 0;
};

/// How one send() differs from what the socket is set to.
struct SendOptions {
  bool dont_wait = false;
  bool more = false;  ///< More will follow at once: a segment that is not full may wait for it (MSG_MORE).
};

/// How one recv() differs from what the socket is set to.
struct ReceiveOptions {
  bool dont_wait = false;
  bool peek = false;      ///< What was read can be read again.
  bool wait_all = false;  ///< Of streams: waits until the buffer is full (or the end, an error, the time-out).
};

/// TCP or UDP.
enum class SocketType : std::uint8_t { kStream, kDatagram };

/// A datagram that was received.
struct ReceivedDatagram {
  std::size_t bytes = 0;        ///< That were copied out.
  std::size_t whole_bytes = 0;  ///< That it had: what found no room is lost (MSG_TRUNC).
  Endpoint from;
  Endpoint to;  ///< Ours, or the group's.
};

/// What resolve() found.
struct Resolved {
  std::vector<IpAddress> addresses;  ///< At least one; IPv4 before IPv6.
  std::string canonical;             ///< The name that has them, at the end of a chain of aliases.
  std::optional<Duration> ttl;       ///< Nothing for what does not come from a name server.
};

enum class Shutdown : std::uint8_t { kRead, kWrite, kBoth };

/// An answer to ping().
struct PingReply {
  IpAddress from;
  std::uint16_t sequence = 0;
  std::uint8_t ttl = 0;
  std::size_t bytes = 0;  ///< ICMP header and data.
  Duration rtt{};         ///< From the last bit out to the last bit in, as the port has stamped them.
};

class Host final : private PortEvents, private PayloadSource {
 public:
  Host(const stack::Config& config, Port& port, Loop& loop, std::size_t max_sockets = 1024);
  ~Host() override;
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  // --- sockets ------------------------------------------------------------------------------------------------------
  /// A new socket: reserves a row and names it. wildcard: its address until it is bound: "::" for both IP versions,
  /// 0.0.0.0 for IPv4 alone.
  SocketResult<int> socket(SocketType type = SocketType::kStream, const IpAddress& wildcard = {});
  /// local.address may be unspecified; local.port 0 leaves the choice to connect().
  SocketResult<void> bind(int descriptor, const Endpoint& local);
  SocketResult<void> listen(int descriptor, int backlog);
  SocketResult<int> accept(int descriptor);
  /// Blocking: returns when the connection is there or has failed. Non-blocking: fails with kInProgress; poll() says
  /// writable when it has ended, error() how.
  SocketResult<void> connect(int descriptor, const Endpoint& remote);
  /// Blocking: returns when all is in the send buffer; less than that only if the connection or the time ran out, and
  /// the next call then says why. Non-blocking: takes what fits, at least one byte.
  SocketResult<std::size_t> send(int descriptor, std::span<const std::uint8_t> data, const SendOptions& options = {});
  /// Zero copy (host_zero_copy.cpp): all of `data` is sent from where it is, and must stay as it is until
  /// poll_completion() returns its token. Blocking: waits until so much may be lent. kWouldBlock: too much is lent;
  /// kNoBuffers: too many completions were not taken; kTooLong: more than SendBuffer::kLentBytesMax at once.
  SocketResult<void> send_zero_copy(int descriptor, std::span<const std::uint8_t> data, std::uint64_t token,
                                    const SendOptions& options = {});
  /// The next token, in the order of the sends, each once: the peer has acknowledged the data, or the connection is
  /// over. close() and abort() return all that is lent at once, by copying what is still needed, and no token comes
  /// after them.
  SocketResult<std::optional<std::uint64_t>> poll_completion(int descriptor);
  /// Waits (if blocking) until there is something; 0 is the end of the stream.
  SocketResult<std::size_t> recv(int descriptor, std::span<std::uint8_t> out, const ReceiveOptions& options = {});
  /// Of datagram sockets: one datagram to somebody; binds to a port of our choice if there is none yet. Blocking: waits
  /// for room in the send queue. send() is this to the peer of connect().
  SocketResult<std::size_t> sendto(int descriptor, std::span<const std::uint8_t> data, const Endpoint& to,
                                   const SendOptions& options = {});
  /// Of datagram sockets: waits (if blocking) for the next datagram; fails with what an ICMP error said about what was
  /// sent before, once. recv() is this without the address; of a stream socket this is recv().
  SocketResult<ReceivedDatagram> recvfrom(int descriptor, std::span<std::uint8_t> out,
                                          const ReceiveOptions& options = {});
  SocketResult<void> shutdown(int descriptor, Shutdown how);
  /// The descriptor is free at once; the connection finishes on its own (see drain()), unless set_linger() says else.
  SocketResult<void> close(int descriptor);
  /// Sends RST and closes.
  SocketResult<void> abort(int descriptor);
  /// Fills in the answers; returns how many descriptors have one. timeout: nullopt waits for ever.
  SocketResult<int> poll(std::span<PollRequest> requests, std::optional<Duration> timeout);
  /// Waits until ready(), which may make any call that does not wait; `what` is for the message if that never comes.
  /// Running out of time is no failure.
  SocketResult<void> wait_until(std::optional<Duration> timeout, const std::string& what,
                                const std::function<bool()>& ready);

  // --- options ------------------------------------------------------------------------------------------------------
  SocketResult<void> set_nonblocking(int descriptor, bool nonblocking);
  SocketResult<void> set_nodelay(int descriptor, bool nodelay);
  /// TCP_CORK: no segment goes that is not full, until this is taken back or 200 ms have passed.
  SocketResult<void> set_cork(int descriptor, bool cork);
  /// The Diffserv field of a stream's packets, 0 to 63 (RFC 2474 3; the upper bits of IP_TOS).
  SocketResult<void> set_dscp(int descriptor, std::uint8_t dscp);
  /// TCP_QUICKACK: so many segments from now on are acknowledged at once.
  SocketResult<void> set_quick_acks(int descriptor, unsigned segments);
  /// SO_LINGER: close() waits so long until the peer has acknowledged everything; zero: it resets the connection.
  SocketResult<void> set_linger(int descriptor, std::optional<Duration> linger);
  /// A blocking accept or recv (receive), connect or send (send) that gets nothing done for this long fails with
  /// kExpired. nullopt: never.
  SocketResult<void> set_timeouts(int descriptor, std::optional<Duration> receive, std::optional<Duration> send);
  SocketResult<void> set_timeout(int descriptor, std::optional<Duration> both) {
    return set_timeouts(descriptor, both, both);
  }
  /// Before connect() or listen().
  SocketResult<void> set_buffers(int descriptor, std::size_t send_bytes, std::size_t receive_bytes);
  /// All of TCP's settings. Of a connection only what can change while it lives does: nodelay, keepalive, user_timeout.
  SocketResult<void> set_config(int descriptor, const tcp::Config& config);
  /// Whether a datagram socket may send to broadcast addresses (SO_BROADCAST).
  SocketResult<void> set_broadcast(int descriptor, bool allowed);
  /// TTL or hop limit of a datagram socket's packets to multicast groups (IP_MULTICAST_TTL); 1 at first.
  SocketResult<void> set_multicast_ttl(int descriptor, std::uint8_t ttl);
  /// A datagram socket's membership in a multicast group (IP_ADD_MEMBERSHIP, IPV6_JOIN_GROUP), until it leaves or is
  /// closed. kAddressInUse: it is a member; kAddressNotLocal: it is none; kInvalid: no multicast address.
  SocketResult<void> join_group(int descriptor, const IpAddress& group);
  SocketResult<void> leave_group(int descriptor, const IpAddress& group);
  SocketResult<bool> nonblocking(int descriptor) const;
  SocketResult<bool> nodelay(int descriptor) const;
  SocketResult<tcp::Config> config(int descriptor) const;
  /// The row, for those who ask for what it is set to.
  SocketResult<const SocketState*> state(int descriptor) const { return row(descriptor); }
  SocketResult<Endpoint> getsockname(int descriptor) const;
  SocketResult<Endpoint> getpeername(int descriptor) const;
  /// SO_ERROR: what ended the connection, once; nothing if nothing did.
  SocketResult<std::optional<SocketError>> error(int descriptor);
  /// Bytes that recv() would give now (FIONREAD); of a datagram socket, those of the next datagram.
  SocketResult<std::size_t> readable_bytes(int descriptor) const;
  /// Bytes sent and not yet acknowledged, or datagrams that wait for the card (SIOCOUTQ).
  SocketResult<std::size_t> unacknowledged_bytes(int descriptor) const;

  /// TCP_INFO; nothing if there is no connection.
  SocketResult<std::optional<tcp::Info>> tcp_info(int descriptor) const;

  /// What a datagram socket has counted.
  SocketResult<stack::UdpCounts> udp_counts(int descriptor) const;

  // --- seeing -------------------------------------------------------------------------------------------------------
  /// The rows of `ss -tin`: open sockets, and connections that finish without one.
  std::vector<SocketRow> list() const;
  const stack::Counters& counters() const { return stack_.counters(); }
  const stack::Stack& stack() const { return stack_; }

  // --- names and addresses (host_names.cpp) -------------------------------------------------------------------------
  /// Looks a name up; addresses are their own answer. Waits at most `timeout`.
  SocketResult<Resolved> resolve(const std::string& name, stack::dns::Families families, Duration timeout);
  /// The same without waiting: begins, tells the answer when it is there, gives up.
  stack::dns::LookupId start_resolve(const std::string& name, stack::dns::Families families = {});
  std::optional<SocketResult<Resolved>> poll_resolve(stack::dns::LookupId id);
  void cancel_resolve(stack::dns::LookupId id);
  /// Asks a DHCP server for this host's address, and goes on renewing it. dhcp_lease() tells when it is there.
  SocketResult<void> start_dhcp(const stack::dhcp::ClientConfig& config);
  std::optional<stack::dhcp::Lease> dhcp_lease() const { return stack_.dhcp().lease(); }
  /// Gives the address back.
  void release_dhcp();

  // --- other --------------------------------------------------------------------------------------------------------
  /// One ICMP echo request; waits for the answer.
  SocketResult<PingReply> ping(const IpAddress& to, std::uint16_t sequence, std::size_t data_bytes, Duration timeout);
  /// Waits until every connection that was closed has told its peer all (or has failed); TIME-WAIT is not waited for.
  /// Returns false if time ran out.
  bool drain(Duration timeout);

  Loop& loop() { return loop_; }
  TimePoint now() const { return loop_.now(); }

  // --- for Loop -----------------------------------------------------------------------------------------------------
  /// Carries everything between port and stack that can be carried now. Returns whether anything was.
  bool service();
  TimePoint next_deadline() const;

 private:
  void on_frame(const stack::ReceivedFrame& frame) override;
  void on_sent(const stack::DepartureKey& key, TimePoint departed) override;
  void on_card_lost() override;
  std::size_t copy_payload(stack::ConnectionId connection, SeqNum seq, std::span<std::uint8_t> out) const override;

  void take_events();
  bool transmit_all(TimePoint now);
  /// Carries what the application's call has brought about to the port.
  bool push(TimePoint now);
  /// Runs the loop until ready() or the socket's time-out.
  SocketResult<void> wait(const std::optional<Duration>& timeout, const std::string& what,
                          const std::function<bool()>& ready);
  SocketResult<SocketState*> row(int descriptor);
  SocketResult<const SocketState*> row(int descriptor) const;
  bool fill(PollRequest& request) const;
  void fill_connection(PollRequest& request, const SocketState& state, const tcp::Connection& connection) const;
  void announce_more(SocketState& state, bool more);
  std::size_t take(stack::ConnectionId id, std::span<std::uint8_t> out, bool peek);
  /// Lets go of an attempt to connect that has failed, so that the socket can try again.
  void forget_connection(int descriptor, SocketState& state);

  // host_datagram.cpp
  SocketResult<void> bind_datagram(SocketState& state, const Endpoint& local);
  SocketResult<void> configure_datagram(int descriptor, const std::function<void(stack::UdpConfig&)>& change);
  SocketResult<void> connect_datagram(SocketState& state, const Endpoint& remote);
  SocketResult<std::size_t> send_datagram(int descriptor, std::span<const std::uint8_t> data,
                                          const std::optional<Endpoint>& to, const SendOptions& options);
  void fill_datagram(PollRequest& request, const SocketState& state) const;
  void list_datagram(SocketRow& out, const SocketState& state) const;

  Port& port_;
  Loop& loop_;
  stack::Stack stack_;
  SocketTable table_;
  std::vector<stack::EchoEvent> echoes_;
  bool groups_accepted_ = false;
  TimePoint room_looked_at_{};
  struct Lookup {
    std::string name;
    std::optional<stack::dns::LookupResult> result;
  };
  std::map<stack::dns::LookupId, Lookup> names_;  ///< That somebody waits for.
};

}  // namespace sockwire
