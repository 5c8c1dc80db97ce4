// SPDX-License-Identifier: Apache-2.0
// The driver of the card contract (hls/card/layout.hpp), sans-IO: event messages go in, command messages come out, and
// time is an argument. It hides slots, rings, credits and epochs: what it offers is connections whose ranges of bytes
// are sent, frames in the priority lane, registers and counters.
//
// The caller's loop, after any call that is not const:
//   for each event message:       driver.on_event(now, message), then poll_notice() until it is empty;
//   while the link has room:      if (driver.poll_command(now, message)) hand `message` to the link;
//                                 then poll_notice() until it is empty (a SEND may turn out to be unnecessary);
//   at next_deadline():           driver.on_timeout(now).
//
// Payload stays with the host. When the link has room for some of it, the driver asks PayloadSource for exactly those
// bytes; so a connection must keep what it gave to send() until it is acknowledged, and nothing longer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "hls/card/layout.hpp"
#include "host/base/result.hpp"
#include "host/base/time.hpp"
#include "host/card/message_bytes.hpp"

namespace sockwire::card {

/// A connection as the driver knows it. Numbers are used again some time after close().
using ConnectionId = std::uint32_t;
inline constexpr ConnectionId kNoConnection = 0xFFFFFFFF;

/// Where the payload of a SEND comes from.
class PayloadSource {
 public:
  virtual ~PayloadSource() = default;
  /// Puts a connection's byte at seq + i to out[i], which is the only copy on the way from the application's memory if
  /// that is where the bytes are. Of a range whose front was acknowledged meanwhile, out's front is left as it is;
  /// returns how many bytes there were.
  virtual std::size_t copy_payload(ConnectionId connection, std::uint32_t seq, std::span<std::uint8_t> out) = 0;
};

/// What is stamped into each of a connection's segments as it leaves.
struct SoftState {
  std::uint32_t rcv_nxt = 0;
  std::uint16_t window = 0;  ///< As it stands in the header.
  std::uint32_t tsecr = 0;   ///< Of the RFC 7323 timestamp option, if the template has one.

  friend bool operator==(const SoftState&, const SoftState&) = default;
};

/// One super-segment (or one segment, or a FIN alone). Field meanings are those of card::send.
struct SendRequest {
  std::uint32_t tag = 0;    ///< The caller's; comes back in Sent.
  std::uint32_t seq = 0;    ///< Of the first payload byte.
  std::uint32_t bytes = 0;  ///< Of payload, 0 to kSendBytesMax. With 0, one segment without payload leaves.
  std::uint16_t mss = 0;    ///< Payload bytes of one segment, at least 1 if there is payload.
  /// Everything before the payload, in wire order. Length, checksum, and (if `stamp`) ack, window and tsecr fields are
  /// filled in by the card; the TCP flags are all that any of the segments carries. 14 to kTemplateBytesMax bytes.
  std::span<const std::uint8_t> header_template;
  std::uint8_t l3_offset = 14;
  std::uint8_t l4_offset = 34;
  std::uint8_t tsecr_offset = 0;  ///< In the template, 0 for none.
  std::uint16_t pseudo_sum = 0;   ///< One's-complement sum of the pseudo header without its length, as a number.
  std::uint16_t ip_id = 0;
  std::uint8_t first_flags = 0;  ///< TCP flags of the template that only the first segment keeps.
  std::uint8_t last_flags = 0;   ///< TCP flags of the template that only the last segment keeps.
  bool ipv6 = false;
  bool udp = false;
  bool stamp = true;
  std::uint32_t pacing_gap_ns = 0;
};

/// One frame for the priority lane. Field meanings are those of card::frame.
struct FrameRequest {
  std::span<const std::uint8_t> bytes;  ///< Without FCS, in wire order; copied. At most kFrameBytesMax.
  std::uint8_t l3_offset = 14;
  std::uint8_t l4_offset = 34;
  std::uint8_t checksum_offset = 0;  ///< Of the L4 checksum field, from the frame's start.
  std::uint16_t pseudo_sum = 0;      ///< Of the whole pseudo header, length included, as a number.
  bool insert_l3 = false;            ///< IPv4 header checksum.
  bool insert_l4 = false;
  bool udp_zero = false;  ///< A sum of 0 is sent as 0xFFFF (RFC 768).
  /// Ask for a Sent notice with this connection and tag.
  bool report = false;
  ConnectionId connection = kNoConnection;
  std::uint32_t tag = 0;
  /// A pure ACK: takes an ACK credit if it has at most kAckFrameBytesMax bytes.
  bool ack = false;
  /// Of a pure ACK with a connection: it acknowledges more than, or opens the window over, the one before. If both that
  /// one and this one say so and that one still waits for credit in the host, this one takes its place. A duplicate
  /// ACK never says so: each of them counts (RFC 5681 3.2).
  bool supersedes = false;
};

/// What the priority lane did with a frame.
enum class FrameError : std::uint8_t {
  kQueueFull,  ///< No credit, and the host's queue is full: drop it (it is counted) or try again after the next notice.
  kTooLong,    ///< More than kFrameBytesMax bytes, or none.
};
const char* message_of(FrameError error);

/// Settings of the MAC. They survive the loss of the card.
struct MacSettings {
  std::array<std::uint8_t, 6> address{};
  bool promiscuous = false;
  bool all_multicast = false;
  bool broadcast = true;
  bool pause = true;
};

/// What the card said of itself in HELLO.
struct CardInfo {
  std::uint32_t boot_id = 0;
  std::uint32_t layout_hash = 0;
  std::uint32_t send_buffer_bytes = 0;
  std::uint32_t payload_window_bytes = 0;
  unsigned bytes_per_beat = 0;
  unsigned slots = 0;
  unsigned queue_depth = 0;
  unsigned control_credits = 0;
  unsigned ack_credits = 0;
  std::uint8_t capabilities = 0;  ///< Capability bits.
  unsigned frame_bytes = 0;
};

/// The handshake is done: the driver takes what it is given to the card.
struct Ready {};

/// The card cannot be used, and why, in a sentence that says what to do. Only start() leads out of it.
struct Failed {
  std::string message;
};

/// A SEND has left entirely, or a FRAME with `report` has. Of one connection they come in the order of the calls.
struct Sent {
  ConnectionId connection = kNoConnection;
  std::uint32_t tag = 0;      ///< The caller's.
  std::uint32_t seq_end = 0;  ///< SEND: after its last byte.
  TimePoint time{};           ///< Of the last bit.
  /// It did not leave as asked: all of it was released before, or the card was lost after it had been handed over.
  bool skipped = false;
};

/// A frame came in.
struct Received {
  std::span<const std::uint8_t> frame;  ///< Without FCS; borrowed from the message given to on_event().
  TimePoint time{};                     ///< Of the last bit.
  std::uint8_t status = 0;              ///< ReceiveStatus bits.
  std::uint8_t l4_offset = 0;           ///< 0 if unknown.
  std::uint8_t payload_offset = 0;      ///< 0 if unknown.
  /// So many TCP segments that continued one another; `frame` is the first with the payload of all, as if it had been
  /// cut later, and `time` is the first one's.
  unsigned segments = 1;
};

/// The answer to read_register().
struct RegisterValue {
  std::uint16_t address = 0;
  std::uint32_t value = 0;
};

/// The answer to read_counters(): counters() holds a new snapshot.
struct CountersRead {};

using Notice = std::variant<Ready, Failed, Sent, Received, RegisterValue, CountersRead>;

/// What the driver counts, next to the card's own counters.
struct DriverCounters {
  std::uint64_t events = 0;
  std::uint64_t events_other_epoch = 0;  ///< Dropped.
  std::uint64_t events_malformed = 0;    ///< Dropped: too short, lengths that do not fit.
  std::uint64_t events_unknown = 0;      ///< Dropped: type.
  std::uint64_t events_unexpected = 0;   ///< SENT or REGISTER that nothing asked for.
  std::uint64_t commands = 0;
  std::uint64_t writes = 0;
  std::uint64_t write_bytes = 0;
  std::uint64_t rewrites = 0;       ///< Ranges that had to be written again to be sent again.
  std::uint64_t rewrite_bytes = 0;  ///< Part of write_bytes.
  std::uint64_t sends = 0;
  std::uint64_t sends_skipped = 0;  ///< Released before they were handed to the card.
  std::uint64_t frames = 0;
  std::uint64_t acks_superseded = 0;
  std::uint64_t frames_refused = 0;  ///< The host's queue was full.
  std::uint64_t updates = 0;
  std::uint64_t releases = 0;
  std::uint64_t slots_opened = 0;
  std::uint64_t slots_taken = 0;         ///< An idle connection lost its slot to another.
  std::uint64_t segments_coalesced = 0;  ///< Received as part of an event with others.
  std::uint64_t card_losses = 0;
  std::uint64_t payload_missing_bytes = 0;  ///< Acknowledged while their turn to be written came: zeros went instead.
};

/// How long the driver waits and how much it holds.
struct DriverConfig {
  Duration hello_timeout = std::chrono::seconds(1);  ///< Until HELLO is repeated.
  unsigned hello_attempts = 5;
  std::size_t control_queue_frames = 32;  ///< Frames that wait in the host for credit.
  std::size_t ack_queue_frames = 64;
  /// A WRITE's largest body, so that an ACK waits no longer than that: 0 for 256 beats, or 2048 bytes if that is more.
  /// That holds for a link that takes a command when it can pass it on. Behind one that takes many commands ahead, such
  /// as a ring in memory, an ACK waits for all payload that the card lets be under way (CardInfo::payload_window_bytes)
  /// whatever this is: there so much at once costs no time, and the fewest instructions.
  std::size_t write_bytes = 0;
  /// A connection that had nothing to send for this long no longer counts when the send buffer is divided.
  Duration slot_idle = std::chrono::milliseconds(50);
  /// The card's clock is not the one that `now` comes from (time_map.hpp).
  bool own_clock = false;
};

class Driver {
 public:
  /// source: asked for payload during poll_command(); outlives the driver.
  explicit Driver(PayloadSource& source, const DriverConfig& config = {});
  ~Driver();
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  // --- life ---------------------------------------------------------------------------------------------------------
  /// Begins (or, after the loss of a card, begins again with) the HELLO handshake in `epoch`: any number but the last
  /// ones (each repetition of HELLO takes the next). Connections, what they have not sent, and MAC settings are kept.
  /// SENDs that the card had but did not report are queued again; frames that it had are reported as skipped.
  void start(TimePoint now, std::uint8_t epoch);
  bool ready() const;
  /// The link says that the card is gone. Nothing is handed out until start().
  void on_card_lost(TimePoint now);
  /// Precondition: has been ready().
  const CardInfo& info() const;

  // --- the link -----------------------------------------------------------------------------------------------------
  /// One whole event message: header and body.
  void on_event(TimePoint now, std::span<const std::uint8_t> message);
  /// Puts the most urgent command message into `message` (its old content is lost). False if there is none for now.
  [[nodiscard]] bool poll_command(TimePoint now, Message& message);
  [[nodiscard]] std::optional<Notice> poll_notice();
  void on_timeout(TimePoint now);
  TimePoint next_deadline() const;

  // --- connections --------------------------------------------------------------------------------------------------
  /// A connection needs no card resource until it sends.
  ConnectionId open_connection();
  /// Forgets it: what has not left is released, no further notice of it comes. Its id must not be used any more.
  void close_connection(TimePoint now, ConnectionId connection);
  /// Payload bytes that the next send() may have; 0 while enough is queued (wait for a Sent). At most half of the
  /// connection's ring, so that the card sends one super-segment while the next one is written.
  std::size_t send_room(ConnectionId connection) const;
  /// Queues a super-segment; its template is copied. Order within a connection is kept. Accepted at any time, whatever
  /// send_room() says; a longer one than the ring takes is cut at multiples of its MSS and reported once.
  /// Precondition: header_template.size(), bytes and mss in range.
  void send(TimePoint now, ConnectionId connection, const SendRequest& request);
  /// The soft state from now on, for all segments of the connection that have not left.
  void update(ConnectionId connection, const SoftState& state);
  /// Everything before snd_una is acknowledged: what is queued below it need not leave any more.
  void release(TimePoint now, ConnectionId connection, std::uint32_t snd_una);
  /// There is a SEND that was not reported with Sent.
  bool has_unsent(ConnectionId connection) const;

  // --- frames -------------------------------------------------------------------------------------------------------
  Result<void, FrameError> frame(TimePoint now, const FrameRequest& request);
  /// Whether a further frame that is no ACK would be taken.
  bool frame_room() const;

  // --- registers ----------------------------------------------------------------------------------------------------
  /// Kept, and written to the card whenever it has become ready.
  void configure_mac(const MacSettings& settings);
  /// Answered by a RegisterValue notice, in the order of the calls.
  void read_register(std::uint16_t address);
  void write_register(std::uint16_t address, std::uint32_t value);
  /// Reads every counter of the card; answered by CountersRead. Further calls until then are part of it.
  void read_counters();
  /// The last snapshot, by card::Counter. Widened to 64 bits: they do not wrap if read every few minutes, and go on
  /// over the loss of a card.
  const std::array<std::uint64_t, kCounterCount>& counters() const;
  const DriverCounters& driver_counters() const;

 private:
  struct Impl;
  /// For what may give poll_command() something to do.
  Impl& change();
  std::unique_ptr<Impl> impl_;
};

}  // namespace sockwire::card
