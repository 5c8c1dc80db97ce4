// SPDX-License-Identifier: Apache-2.0
// What the two applications do and how bad the channel may be: the bounds of one exploration.
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace sockwire::tcp::model {

/// How an application ends its side, after its last byte.
enum class Ending {
  kClose,      ///< close() at any moment.
  kHalfClose,  ///< shutdown_write() at any moment; close() once the peer's stream has ended.
  kAfterPeer,  ///< close(), only once the peer's stream has ended.
};

struct Application {
  unsigned bytes = 0;
  Ending ending = Ending::kHalfClose;
  unsigned write_bytes = 1;  ///< Of each call, at most 64. Each call makes a segment (Nagle is off).
};

struct Scenario {
  std::string_view name;
  bool simultaneous = false;  ///< Both open actively; else side 1 listens.
  std::array<Application, 2> application;
  // Budgets for the whole run. Reordering costs nothing: any segment in flight may be the next.
  unsigned losses = 0;
  unsigned duplicates = 0;
  unsigned early_timers = 0;  ///< Timers that fire although a segment is in flight or an application could act.
  unsigned slow_reads = 0;    ///< Timers that fire although an application could read, and nothing else is going on.
  /// Side 1 goes on listening: an old SYN may begin a second connection, which must never be established.
  bool listener_stays = false;
  /// One application may be so slow that the other end has given up (FIN-WAIT-2): a reset is no fault.
  bool resets_allowed = false;
  /// Reading is a step of the application too; else it reads at once.
  bool reads_are_steps = false;
  /// Bytes of the receive buffers (at least 16).
  unsigned receive_buffer_bytes = 64;
};

/// Small enough for every run of the tests.
std::span<const Scenario> bounded_scenarios();
/// For a campaign.
std::span<const Scenario> deep_scenarios();

}  // namespace sockwire::tcp::model
