// SPDX-License-Identifier: Apache-2.0
// Two Linux stacks, each in a network namespace of its own behind a TAP, joined by this process: frames pass after a
// delay, and one of them is lost.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "host/base/ipv4_address.hpp"
#include "sim/net/tap.hpp"
#include "tests/bench/tcp/lost_segment.hpp"

namespace sockwire::bench {

inline constexpr Ipv4Address kLinuxClient{10, 19, 0, 1};
inline constexpr Ipv4Address kLinuxServer{10, 19, 0, 2};

/// A program inside one of the namespaces: returns lines for the one who made it.
using Side = std::function<std::string()>;

class TwoNamespaces {
 public:
  /// Makes both, and starts `client` and `server` in them, each in a process of its own. Moves this process into a
  /// namespace, for good. An empty text, or why it cannot be.
  /// Precondition: the process has one thread.
  std::string start(const Side& client, const Side& server);

  /// Carries frames until both sides have ended. False if they have not within so many seconds.
  bool carry(LostSegment& lost, std::uint64_t one_way_ns, double limit_s);

  const std::string& said_by_client() const { return ends_[0].said; }
  const std::string& said_by_server() const { return ends_[1].said; }

  ~TwoNamespaces();

 private:
  struct Frame {
    std::uint64_t release_ns;
    std::vector<std::uint8_t> bytes;
  };
  struct End {
    std::unique_ptr<sim::TapDevice> tap;
    pid_t pid = -1;
    int pipe = -1;
    bool ended = false;
    std::string said;
    std::deque<Frame> waiting;  ///< For this end.
  };

  std::string make(End& end, Ipv4Address local, Ipv4Address peer, std::uint8_t mac, const Side& side);
  void take(End& from, End& to, LostSegment& lost, std::uint64_t one_way_ns);
  static void give(End& end);
  static void listen(End& end);
  void wait() const;

  std::array<End, 2> ends_;
};

/// The machine's monotonic clock, in nanoseconds: the same in all processes.
std::uint64_t monotonic_ns();

}  // namespace sockwire::bench
