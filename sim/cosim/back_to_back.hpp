// SPDX-License-Identifier: Apache-2.0
// Two hosts with a card each, and a cable between the cards: one process, one virtual time, no privilege.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "host/socket/card_port.hpp"
#include "host/socket/host.hpp"
#include "sim/cosim/cosim_card.hpp"
#include "sim/cosim/cosim_world.hpp"
#include "sim/phy/cable.hpp"

namespace sockwire::sim {

struct BackToBackOptions {
  Impairments a_to_b;
  Impairments b_to_a;
  std::uint64_t seed = 1;
  /// Makes the engine of end 0 or 1.
  std::array<std::uint32_t, 2> boot_ids{1, 2};
  std::size_t max_sockets = 1024;  ///< Of each host.
};

template <int kBytes>
class BackToBack {
 public:
  using MakeEngine = std::function<std::unique_ptr<Engine<kBytes>>(int end, std::uint32_t boot_id)>;

  BackToBack(const MakeEngine& make_engine, const BackToBackOptions& options = {})
      : cable_(options.a_to_b, options.b_to_a, options.seed), world_(ClockKind::kVirtual), loop_(world_) {
    for (int end = 0; end < 2; ++end) {
      const auto index = static_cast<std::size_t>(end);
      ends_[index] =
          std::make_unique<End>(make_engine(end, options.boot_ids[index]), end == 0 ? cable_.a() : cable_.b(),
                                stack_config(end, options.seed), loop_, options.max_sockets);
      world_.add(ends_[index]->card);
    }
  }
  BackToBack(const BackToBack&) = delete;
  BackToBack& operator=(const BackToBack&) = delete;

  /// Shakes hands with both cards. An empty text means that all is well, else it says what is not.
  std::string start() {
    for (auto& end : ends_) end->port.start(loop_.now(), 1);
    const auto ready = [this] { return ends_[0]->port.ready() && ends_[1]->port.ready(); };
    if (loop_.run_until(ready, loop_.now() + std::chrono::seconds(10))) return {};
    for (const auto& end : ends_) {
      if (end->port.failure()) return *end->port.failure();
    }
    return "a card does not answer";
  }

  static Ipv4Address address(int end) { return Ipv4Address(0x0A000001u + static_cast<std::uint32_t>(end)); }

  Host& host(int end) { return ends_.at(static_cast<std::size_t>(end))->host; }
  CardPort& port(int end) { return ends_.at(static_cast<std::size_t>(end))->port; }
  CosimCard<kBytes>& card(int end) { return ends_.at(static_cast<std::size_t>(end))->card; }
  Loop& loop() { return loop_; }
  CosimWorld<kBytes>& world() { return world_; }
  Cable<kBytes>& cable() { return cable_; }

 private:
  struct End {
    End(std::unique_ptr<Engine<kBytes>> engine, LinePeer<kBytes>& line, const stack::Config& config, Loop& loop,
        std::size_t max_sockets)
        : card(std::move(engine), line), port(card, config.mac), host(config, port, loop, max_sockets) {}
    CosimCard<kBytes> card;
    CardPort port;
    Host host;
  };

  static stack::Config stack_config(int end, std::uint64_t seed) {
    stack::Config config;
    config.mac = MacAddress({0x02, 0, 0, 0, 0, static_cast<std::uint8_t>(1 + end)});
    config.ipv4 = {address(end), 24};
    for (std::size_t i = 0; i < config.secret.size(); ++i) {
      config.secret[i] = static_cast<std::uint8_t>((seed >> (8 * (i % 8))) + i + static_cast<std::size_t>(end));
    }
    return config;
  }

  Cable<kBytes> cable_;
  CosimWorld<kBytes> world_;
  Loop loop_;
  std::array<std::unique_ptr<End>, 2> ends_;
};

}  // namespace sockwire::sim
