// SPDX-License-Identifier: Apache-2.0
// A host whose wire is calls and whose clock is the caller's: bare IP packets go in and out through a native card.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "host/api/instance.hpp"
#include "host/base/result.hpp"
#include "host/socket/card_port.hpp"
#include "host/socket/loop.hpp"
#include "sim/cosim/cosim_card.hpp"
#include "sim/cosim/packet_line.hpp"

namespace sockwire::api {

class VirtualInstance final : public sockwire_instance, private World {
 public:
  /// nullptr: the options make no sense.
  static std::unique_ptr<VirtualInstance> open(const sockwire_virtual_options& options);
  ~VirtualInstance() override;

  /// See sockwire_join(). Precondition: no call on either is under way.
  bool join(VirtualInstance& other, std::uint64_t delay_ns);

  Host& host() override { return *host_; }
  void settle() override;

  std::uint64_t now_ns() const { return now_ns_; }
  void advance_to(std::uint64_t time_ns);
  std::uint64_t next_deadline_ns() const;

  /// Returns false if that is no packet, or too long.
  bool arrive(std::uint64_t time_ns, std::span<const std::uint8_t> packet);
  std::optional<sim::DepartedPacket> take_departed() { return line_.take_departed(); }
  /// Lets time pass until a packet has left, at most until `until_ns`.
  std::optional<sim::DepartedPacket> wait_departed(std::uint64_t until_ns);

 private:
  static constexpr int kBytes = 8;

  VirtualInstance(const sockwire_virtual_options& options, const stack::Config& config);

  // World: what a call that has to wait does.
  TimePoint now() const override { return TimePoint(Duration(static_cast<std::int64_t>(now_ns_))); }
  bool advance(TimePoint deadline) override;

  /// Lets the card work, at most until `until_ns`. Returns whether there is something for the host.
  bool run_card(std::uint64_t until_ns);
  /// Carries out all that can happen now here; what has left goes out.
  void work();
  /// The same of both ends of the cable.
  void work_at_both_ends();
  /// Returns whether something arrives at the peer at this moment.
  bool hand_out();
  void set_now(std::uint64_t time_ns);
  std::uint64_t own_deadline_ns() const;
  /// Lets another thread have its turn.
  void wait_for_others();

  sockwire_virtual_options options_;
  std::uint64_t now_ns_ = 0;
  std::uint64_t fraction_ps_ = 0;  ///< Of now_ns_.
  std::uint64_t cycle_ps_ = 0;     ///< 0: the card takes no time.
  bool starting_ = true;           ///< The card is being shaken hands with, which takes no time.
  bool in_callback_ = false;
  VirtualInstance* peer_ = nullptr;  ///< At the other end of the cable.
  std::uint64_t cable_ns_ = 0;
  sim::PacketLine<kBytes> line_;
  sim::CosimCard<kBytes> card_;
  CardPort port_;
  Loop loop_;
  std::unique_ptr<Host> host_;
  std::condition_variable_any changed_;
  /// What threads that wait were told last: packets that have left, and when something happens next.
  std::pair<std::uint64_t, std::uint64_t> told_;
};

}  // namespace sockwire::api
