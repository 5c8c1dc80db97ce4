// SPDX-License-Identifier: Apache-2.0
// The host's end of the serial link, sans-IO: bytes of a UART on one side, whole messages of the card contract on the
// other. It begins sessions, finds the rate that both ends can do, sends again what was lost, and keeps the link alive.
//
//   kDown --start()--> kSyncing --SYNC--> kAskingRate --RATE--> kProbing --any frame--> kUp
//                          |                   ^                    |                    |
//                          +---- 1 Mbaud ------|--------------------|-----------------> kUp
//                                              |                    | silence            | silence
//                                              +---- STATUS ---- kSeeking <--------------+
//                                                                   | LOST, or no answer for seek_time
//                                                                   v
//                                                                 kDown: the card has forgotten the session, or is gone
//
// The caller's loop: on_bytes(); on_timeout() at next_deadline(); while there is room for link_frame::kLineBytesMax + 1
// bytes, poll_line(); and the UART has baud() once what was polled before a change has left.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "host/base/time.hpp"
#include "host/transport/link/receive_window.hpp"
#include "host/transport/link/send_window.hpp"

namespace sockwire::transport {

/// How fast the link may be, and how long the endpoint waits. A card that is simulated slower than it would run needs
/// longer times. The program has an option for the rate alone: the times follow from what the card's bitstream has
/// (hls/link/link_frame.hpp) and from the chip's buffer, as the assertions below say.
struct LinkConfig {
  std::uint32_t baud_max = 12'000'000;
  Duration answer = std::chrono::milliseconds(50);  ///< SYNC, RATE or PING is said again
  unsigned attempts = 6;                            ///< so often, before the rate is given up
  /// PING if this end has said nothing for so long, whatever it hears: a card that hears nothing for kLinkDeadNs goes
  /// back to 1 Mbaud.
  Duration keep_alive = std::chrono::milliseconds(250);
  /// The link is taken for dead if it was silent for so long: longer than kLinkDeadNs, so that the card is back at
  /// 1 Mbaud when this end goes there.
  Duration dead = std::chrono::milliseconds(1500);
  Duration seek_time = std::chrono::seconds(5);  ///< how long it is looked for at 1 Mbaud
  /// So much may wait on its way to the UART's wire: enough to bridge what a busy host sleeps, and what an
  /// acknowledgement waits at least while payload goes out.
  Duration ahead = std::chrono::milliseconds(3);
  Duration retry =
      std::chrono::milliseconds(30);  ///< an unanswered frame is sent again: this, and what is on the wires
};

static_assert(LinkConfig{}.dead > Duration(kLinkDeadNs), "the card is back at 1 Mbaud first");
static_assert(LinkConfig{}.keep_alive + LinkConfig{}.answer < Duration(kLinkDeadNs),
              "a card at rest is not taken for dead");
static_assert(LinkConfig{}.seek_time > Duration(kLinkDeadNs), "a card that comes back late is found");
static_assert(LinkConfig{}.ahead.count() * 12'000'000 / kUartBitsPerByte <= 4096LL * 1'000'000'000,
              "what waits finds room in an FT2232H: more would stand in this machine, where ACKs wait behind it");

struct LinkCounters {
  std::uint64_t frames_out = 0;
  std::uint64_t frames_in = 0;          ///< Good ones.
  std::uint64_t frames_bad = 0;         ///< Came damaged: CRC, length, stuffing.
  std::uint64_t frames_again = 0;       ///< DATA sent again.
  std::uint64_t frames_repeated = 0;    ///< DATA that came again.
  std::uint64_t frames_stale = 0;       ///< Of another session.
  std::uint64_t bytes_out = 0;          ///< On the wire: all of them.
  std::uint64_t message_bytes_out = 0;  ///< Of messages, the first time.
  std::uint64_t message_bytes_in = 0;
  std::uint64_t sessions = 0;
  std::uint64_t rate_changes = 0;
  std::uint64_t deaths = 0;  ///< Silences that were too long.
};

enum class LinkPhase : std::uint8_t { kDown, kSyncing, kAskingRate, kProbing, kUp, kSeeking };

class LinkEndpoint {
 public:
  /// can_baud: what the UART would run at if asked for a rate, 0 if it cannot come near (ByteLink::nearest_baud).
  LinkEndpoint(const LinkConfig& config, std::function<std::uint32_t(std::uint32_t)> can_baud);

  // --- life ---------------------------------------------------------------------------------------------------------
  /// Begins a session: whatever was under way is forgotten on both sides. `session_seed`: any number, for the first
  /// session of a process, so that a card that was left in mid-session is not taken for this one's.
  void start(TimePoint now, std::uint8_t session_seed);
  LinkPhase phase() const { return phase_; }
  bool up() const { return phase_ == LinkPhase::kUp; }
  /// The cable is gone: kDown.
  void stop();

  // --- the UART -----------------------------------------------------------------------------------------------------
  void on_bytes(TimePoint now, std::span<const std::uint8_t> bytes);
  /// The next frame as it goes out, or an empty span. Valid until the next call.
  std::span<const std::uint8_t> poll_line(TimePoint now);
  std::uint32_t baud() const { return baud_; }
  void on_timeout(TimePoint now);
  TimePoint next_deadline() const;

  // --- messages -----------------------------------------------------------------------------------------------------
  /// Takes a command message: while it is up and less than a frame waits.
  bool can_send() const;
  void send(std::span<const std::uint8_t> message);
  /// The next whole event message, or an empty span. Valid until the next call of a member that is not const.
  std::span<const std::uint8_t> poll_message() { return receive_.poll_message(); }

  const LinkCounters& counters() const { return counters_; }
  /// Clocks of the card per microsecond, as it said; 0 before.
  unsigned card_clock_mhz() const { return clock_mhz_; }
  /// What the card's PHY says of its link, as the card said last in this session; nothing if it has not yet.
  const std::optional<PhyStatus>& phy() const { return phy_; }

 private:
  void enter(TimePoint now, LinkPhase phase);
  void on_line(TimePoint now, std::span<const std::uint8_t> line);
  void on_frame(TimePoint now, const LinkFrame& frame);
  void on_answer(TimePoint now, const LinkFrame& frame);
  void judge_rate(TimePoint now, bool good);
  /// The best rate below `below` that both ends can do, as clocks of the card a bit.
  unsigned divisor_below(std::uint32_t below) const;
  void ask_rate_or_up(TimePoint now);
  bool compose(TimePoint now);
  void compose_control(LinkType type, std::uint8_t number);
  void compose_data(const SendWindow::Outgoing& frame);
  Duration wire_time() const;

  LinkConfig config_;
  std::function<std::uint32_t(std::uint32_t)> can_baud_;
  LinkPhase phase_ = LinkPhase::kDown;
  std::uint8_t session_ = 0;
  std::uint32_t baud_ = kLinkStartBaud;
  std::uint32_t baud_ceiling_;  ///< rates from here on have failed
  unsigned clock_mhz_ = 0;
  std::optional<PhyStatus> phy_;
  unsigned divisor_ = 0;  ///< that was asked for
  unsigned attempts_ = 0;
  bool control_due_ = false;  ///< SYNC, RATE or PING is to be said
  bool status_due_ = false;
  TimePoint phase_began_{};
  TimePoint heard_{};    ///< a good frame came
  TimePoint said_{};     ///< any frame
  TimePoint moved_{};    ///< a frame of ours was sent, or found to have come
  unsigned judged_ = 0;  ///< frames since the rate was judged last
  unsigned judged_bad_ = 0;

  SendWindow send_;
  ReceiveWindow receive_;
  Held said_held_;
  std::vector<std::uint8_t> queue_;  ///< bytes of commands that wait for a frame
  std::vector<std::uint8_t> in_;     ///< since the last delimiter
  std::vector<std::uint8_t> line_;
  std::vector<std::uint8_t> scratch_;
  LinkCounters counters_;
};

}  // namespace sockwire::transport
