// SPDX-License-Identifier: Apache-2.0
// A link between a driver and its card that has every message written down.
#pragma once

#include "host/socket/loop.hpp"
#include "host/transport/transport.hpp"
#include "sim/journey/recorder.hpp"

namespace sockwire::journey {

class LinkRecorder final : public transport::Transport {
 public:
  /// All outlive it.
  LinkRecorder(transport::Transport& link, const World& world, Recorder& recorder, End end)
      : link_(link), world_(world), recorder_(recorder), end_(end) {}

  bool can_send() override { return link_.can_send(); }
  void send(std::span<const std::uint8_t> command) override {
    recorder_.on_message(end_, true, now_ns(), command);
    link_.send(command);
  }
  std::span<const std::uint8_t> poll_event() override {
    const auto event = link_.poll_event();
    if (!event.empty()) recorder_.on_message(end_, false, now_ns(), event);
    return event;
  }
  bool lost() const override { return link_.lost(); }

 private:
  std::uint64_t now_ns() const { return static_cast<std::uint64_t>(world_.now().time_since_epoch().count()); }

  transport::Transport& link_;
  const World& world_;
  Recorder& recorder_;
  End end_;
};

}  // namespace sockwire::journey
