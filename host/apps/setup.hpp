// SPDX-License-Identifier: Apache-2.0
// Everything that a subcommand needs, put together from its options: a card, a wire, whatever is at its far end, and a
// host with sockets on this one.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "host/apps/options.hpp"
#include "host/base/result.hpp"
#include "host/card/driver.hpp"
#include "host/socket/host.hpp"
#include "sim/cosim/coded_line.hpp"
#include "sim/net/tap_peer.hpp"
#include "sim/phy/impairments.hpp"

namespace sockwire::apps {

/// What the card, the wire and the clock say at one moment.
struct Measures {
  std::uint64_t cycles = 0;          ///< that the card was clocked
  std::uint64_t skipped_cycles = 0;  ///< loop: idle ones that were left out
  std::uint64_t cycle_ps = 0;        ///< what one stands for at the line rate
  TimePoint now{};                   ///< loop: virtual time; tap: since the start
  sim::WireCounters to_far;          ///< octets; nothing on a coded line between two cards
  sim::WireCounters from_far;
  std::optional<sim::TapCounters> tap;
  std::optional<sim::LineReport> line;  ///< of a coded line
  std::array<std::uint64_t, card::kCounterCount> card{};
  card::DriverCounters driver;
};

/// Where --wave puts what is on a coded line: beside the card's own waveform, if there is one. Empty: nowhere.
std::string line_wave_path(const Options& options);

class Setup {
 public:
  /// Builds it and shakes hands with the card. With WireKind::kTap the process must be in a lab already (join_lab() or
  /// enter_new_lab()). The error is one line for people.
  static Result<std::unique_ptr<Setup>, std::string> make(const Options& options);
  virtual ~Setup() = default;

  virtual Host& host() = 0;
  /// The host at the far end of --wire loop, else nullptr.
  virtual Host* far_host() = 0;
  virtual Loop& loop() = 0;
  virtual const Options& options() const = 0;

  /// A new non-blocking socket of host() with buffers that suit the wire: behind a TAP the simulated card is so much
  /// slower than the wall's clock that a full-sized window would only queue in Linux.
  SocketResult<int> new_socket();

  /// Reads the card's counters and gathers everything else.
  virtual Measures measure() = 0;
  /// As measure(), with the card's counters as they were read last: for a look from outside, which may not wait.
  virtual Measures glance() = 0;

  /// Who is told, in a few words, when the card on a cable is lost, and when it is back. Empty: nobody.
  virtual void on_card_change(const std::function<void(const std::string&)>& /*tell*/) {}

  /// Why the card on a cable is not there now, as one line for people; empty while it is.
  virtual std::string missing_card() const { return {}; }

  /// Writes out captures. The error is one line for people.
  virtual Result<void, std::string> finish() = 0;
};

}  // namespace sockwire::apps
