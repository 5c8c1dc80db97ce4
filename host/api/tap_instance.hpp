// SPDX-License-Identifier: Apache-2.0
// A host whose card's line ends in a TAP device, in the machine's own time. A thread lets card and stack run; calls
// come from others.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <thread>

#include "host/api/instance.hpp"
#include "host/socket/card_port.hpp"
#include "host/socket/loop.hpp"
#include "sim/cosim/cosim_card.hpp"
#include "sim/cosim/wall_clock.hpp"
#include "sim/net/tap_peer.hpp"

namespace sockwire::api {

class TapInstance final : public sockwire_instance, private World {
 public:
  /// nullptr, and errno says why.
  static std::unique_ptr<TapInstance> open(const sockwire_tap_options& options);
  ~TapInstance() override;

  Host& host() override { return *host_; }
  void settle() override;

 private:
  static constexpr int kBytes = 8;

  TapInstance(const sockwire_tap_options& options, const stack::Config& config, std::unique_ptr<sim::TapDevice> tap,
              int wake);

  // World: a call that has to wait sleeps until the thread has got something done.
  TimePoint now() const override { return TimePoint(Duration(static_cast<std::int64_t>(clock_.now_ns()))); }
  bool advance(TimePoint deadline) override;

  /// The thread.
  void run();
  /// Some cycles of the card, and what follows from them. Returns whether there may be more to do at once.
  bool turn();
  void sleep(std::uint64_t until_ns);
  void wake();

  sim::WallClock clock_;
  sim::TapPeer<kBytes> line_;
  sim::CosimCard<kBytes> card_;
  CardPort port_;
  Loop loop_;
  std::unique_ptr<Host> host_;
  int wake_;  ///< An eventfd: there is something to do.
  bool stopping_ = false;
  std::condition_variable_any changed_;
  std::thread thread_;
};

}  // namespace sockwire::api
