// SPDX-License-Identifier: Apache-2.0
// The scripted peer of the conformance tests: a connection brought to any state, and what these tests share.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <ostream>
#include <string>

#include "tests/host/tcp/lone.hpp"

namespace sockwire::tcp {

inline void PrintTo(State state, std::ostream* out) { *out << to_string(state); }

}  // namespace sockwire::tcp

namespace sockwire::tcp::test {

inline constexpr SeqNum kOurs = Lone::kIss + 1;     ///< Our first byte.
inline constexpr SeqNum kTheirs = Lone::kPeer + 1;  ///< The peer's first byte.
inline constexpr std::uint32_t kMss = 1460;

inline std::string text(std::size_t bytes) { return std::string(bytes, 'x'); }

/// RFC 9293 3.3.2: the states in which both SYNs are known, SYN-RECEIVED left out.
inline constexpr std::array kSynchronized{State::kEstablished, State::kFinWait1, State::kFinWait2, State::kCloseWait,
                                          State::kClosing,     State::kLastAck,  State::kTimeWait};

/// Brings a fresh connection to `state`; the application has only shut its side where the state needs that. `out` and
/// `events` are empty afterwards.
inline void reach(Lone& lone, State state) {
  if (state == State::kSynSent) {
    lone.connect();
  } else if (state == State::kSynReceived) {
    lone.accept();
  } else {
    lone.establish();
  }
  const bool peer_first = state == State::kCloseWait || state == State::kLastAck;
  if (peer_first) lone.receive(kTheirs, kOurs, wire::kTcpFin);
  if (state == State::kFinWait1 || state == State::kFinWait2 || state == State::kClosing || state == State::kLastAck ||
      state == State::kTimeWait) {
    lone->shutdown_write(lone.now);
    lone.pump();
  }
  if (state == State::kFinWait2 || state == State::kTimeWait) lone.receive(kTheirs, kOurs + 1);
  if (state == State::kClosing) lone.receive(kTheirs, kOurs, wire::kTcpFin);
  if (state == State::kTimeWait) lone.receive(kTheirs, kOurs + 1, wire::kTcpFin);
  ASSERT_EQ(lone->state(), state);
  lone.take();
  lone.take_events();
}

/// The bytes of all that was sent since the last take().
inline std::uint32_t payload_bytes(const std::vector<Transmit>& transmits) {
  std::uint32_t sum = 0;
  for (const Transmit& transmit : transmits) sum += transmit.payload_bytes;
  return sum;
}

}  // namespace sockwire::tcp::test
