// SPDX-License-Identifier: Apache-2.0
// What is kept of a connection on which nothing happens: a quarter of what an active one takes, and no buffers.
#pragma once

#include <cstdint>
#include <memory>

#include "host/base/time.hpp"
#include "host/tcp/info.hpp"
#include "host/tcp/keepalive.hpp"
#include "host/tcp/receiver.hpp"
#include "host/tcp/sender.hpp"
#include "host/tcp/state.hpp"
#include "host/tcp/timers.hpp"

namespace sockwire::tcp {

struct RestingConnection {
  Sender::AtRest sender;
  Receiver::AtRest receiver;
  KeepaliveConfig keepalive;
  Duration user_timeout{0};
  TimePoint heard;  ///< When the peer was heard last.
  TimePoint ts_recent_since;
  TimePoint deadline = kNever;  ///< Of the only timer that is set.
  std::uint64_t segments_in = 0;
  std::uint64_t pure_acks_out = 0;
  std::uint64_t refreshes_out = 0;
  std::unique_ptr<Counters> counters;  ///< Null: all are zero.
  std::uint32_t keepalive_probes = 0;
  std::uint32_t ts_recent = 0;
  std::uint32_t timestamp_offset = 0;
  std::uint32_t quick_acks = 0;
  std::uint8_t dscp = 0;
  State state = State::kEstablished;
  Timer timer = Timer::kKeepalive;  ///< That `deadline` is of.
  bool timestamps : 1 = false;
  bool ecn_agreed : 1 = false;
  bool ecn_echo : 1 = false;
  bool nobody_reads : 1 = false;
  bool want_writable : 1 = false;
};

}  // namespace sockwire::tcp
