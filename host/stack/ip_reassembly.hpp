// SPDX-License-Identifier: Apache-2.0
// Datagrams that come in fragments, of both IP versions (RFC 791 3.2, RFC 815, RFC 8200 4.5), bounded in memory and
// time. Fragments that overlap are an attack, and end their datagram (RFC 5722; RFC 8200 4.5); so here for IPv4, too.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <vector>

#include "host/base/time.hpp"
#include "host/stack/counters.hpp"
#include "host/stack/ip_packet.hpp"

namespace sockwire::stack {

struct ReassemblyLimits {
  std::size_t max_bytes = std::size_t{256} * 1024;  ///< Of all fragments that wait, bookkeeping included.
  std::size_t max_datagrams = 64;
  std::size_t max_fragments = 64;                ///< Of one datagram.
  Duration lifetime = std::chrono::seconds(60);  ///< RFC 1122 3.3.2 asks for 60 to 120 s, RFC 8200 4.5 for 60 s.
};

class IpReassembly {
 public:
  /// counters outlives it.
  explicit IpReassembly(Counters& counters, const ReassemblyLimits& limits = {})
      : counters_(counters), limits_(limits) {}

  /// Takes a fragment. Returns the datagram when it is complete, a view that is valid until the next call; its header
  /// is that of the first fragment.
  std::optional<IpPacket> add(TimePoint now, const IpPacket& fragment);

  void on_timeout(TimePoint now);
  TimePoint next_deadline() const { return datagrams_.empty() ? kNever : datagrams_.front().deadline; }
  /// The first fragment of a datagram that has not become complete in time, for "time exceeded" (RFC 1122 3.3.2,
  /// RFC 8200 4.5); a view that is valid until the next call.
  [[nodiscard]] std::optional<IpPacket> poll_expired();

  std::size_t bytes() const { return bytes_; }
  std::size_t datagrams() const { return datagrams_.size(); }

 private:
  struct Datagram {
    IpPacket first;  ///< Addresses, protocol, id; of the first fragment once it is there. Its views are not used.
    TimePoint deadline;
    std::vector<std::uint8_t> header;
    std::map<std::uint32_t, std::vector<std::uint8_t>> pieces;  ///< By offset.
    std::uint32_t payload_bytes = 0;                            ///< There.
    std::optional<std::uint32_t> total_bytes;                   ///< Known from the last fragment.
    std::size_t cost = 0;
    bool refused = false;  ///< Fragments overlapped: what still comes of it is dropped, too.
  };
  using Datagrams = std::list<Datagram>;  ///< The oldest first.

  Datagrams::iterator find_or_add(TimePoint now, const IpPacket& fragment);
  bool fits(const Datagram& datagram, const IpPacket& fragment) const;
  static bool is_duplicate(const Datagram& datagram, const IpPacket& fragment);
  void refuse(Datagram& datagram);
  void make_room(Datagrams::iterator keep, std::size_t cost);
  void erase(Datagrams::iterator datagram);
  IpPacket complete(Datagrams::iterator datagram);

  Counters& counters_;
  ReassemblyLimits limits_;
  Datagrams datagrams_;
  std::size_t bytes_ = 0;
  std::vector<std::uint8_t> whole_;
  std::deque<Datagram> expired_;
};

}  // namespace sockwire::stack
