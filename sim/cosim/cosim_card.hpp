// SPDX-License-Identifier: Apache-2.0
// A simulated card as a link: command messages become beats, beats become event messages.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

#include "host/transport/transport.hpp"
#include "sim/dut/engine.hpp"
#include "sim/phy/line_clock.hpp"
#include "sim/phy/line_peer.hpp"

namespace sockwire::sim {

/// An engine between a host's link and a line. Whoever owns it lets its time pass: see CosimWorld.
template <int kBytes>
class CosimCard final : public transport::Transport {
 public:
  /// line: outlives the card. clock_ppm: how much faster than the world's cycles the card's clock is.
  CosimCard(std::unique_ptr<Engine<kBytes>> engine, LinePeer<kBytes>& line, double clock_ppm = 0)
      : engine_(std::move(engine)), line_(line), clock_(clock_ppm) {}

  // --- for the host -------------------------------------------------------------------------------------------------
  /// One message at a time: the next one is asked for in the cycle in which the last beat has been taken, so that beats
  /// follow one another without a gap, and the choice of the message is as late as can be.
  bool can_send() override {
    if (!inputs_.command_valid) return true;
    wanted_ = true;
    return false;
  }
  void send(std::span<const std::uint8_t> command) override {
    assert(!inputs_.command_valid && !command.empty());
    command_.assign(command.begin(), command.end());
    command_.resize(command.size() + kBytes);  // so that the last beat can be copied whole
    command_bytes_ = command.size();
    position_ = 0;
    load_beat();
    ++commands_;
  }
  std::span<const std::uint8_t> poll_event() override {
    if (events_waiting_ == 0) return {};
    const std::vector<std::uint8_t>& message = events_[first_event_ % kEventsMax];
    ++first_event_;
    --events_waiting_;
    return message;
  }

  // --- for the world ------------------------------------------------------------------------------------------------
  /// One cycle of the world: most often one of the card's, too.
  void step(std::uint64_t now_ns) {
    for (int clocks = clock_.clocks(); clocks > 0; --clocks) step_clock(now_ns);
  }
  /// Something for the host: an event message, or the room that it waited for. Cleared by the call.
  bool take_news() {
    const bool news = news_;
    news_ = false;
    return news;
  }
  bool news() const { return news_; }
  /// Nothing happens on this side of the line until its peer or the deadline makes it. What is between two kernels for
  /// a cycle (a credit on its way to the event writer) is not seen by all of their `busy`: so it is looked at for
  /// longer.
  bool quiet() const { return idle_cycles_ >= kQuietCycles && !inputs_.command_valid && event_->empty(); }
  std::uint64_t deadline_ns() const { return engine_->outputs().deadline_ns; }
  /// Event messages that find room until the host takes some; at 0 the engine holds back its own.
  std::size_t event_room() const { return kEventsMax - 1 - events_waiting_; }
  LinePeer<kBytes>& line() { return line_; }
  Engine<kBytes>& engine() { return *engine_; }

  std::uint64_t commands() const { return commands_; }
  std::uint64_t events() const { return event_count_; }

 private:
  static constexpr std::size_t kEventsMax = 64;
  static constexpr unsigned kQuietCycles = 4;

  void step_clock(std::uint64_t now_ns) {
    const EngineOutputs<kBytes>& shown = engine_->outputs();
    inputs_.now_ns = now_ns;
    inputs_.event_ready = event_room() != 0;
    if (shown.event_valid && inputs_.event_ready) take_event_beat(shown.event);
    const bool taken = inputs_.command_valid && shown.command_ready;
    const LineInputs<kBytes> line = line_.exchange(now_ns, shown.line_tx);
    inputs_.line_rx = line.rx;
    inputs_.rx_enable = line.rx_enable;
    inputs_.tx_enable = line.tx_enable;
    engine_->step(inputs_);
    idle_cycles_ = shown.idle ? idle_cycles_ + 1 : 0;
    if (taken) {
      position_ += kBytes;
      load_beat();
    }
  }

  void load_beat() {
    inputs_.command_valid = position_ < command_bytes_;
    if (!inputs_.command_valid) {
      news_ |= wanted_;
      wanted_ = false;
      return;
    }
    if constexpr (kBytes == 1) {
      inputs_.command.data = command_[position_];
      inputs_.command.keep = 1;
    } else {
      std::uint64_t data = 0;
      std::memcpy(&data, command_.data() + position_, kBytes);
      inputs_.command.data = data;
      const std::size_t bytes = std::min<std::size_t>(kBytes, command_bytes_ - position_);
      inputs_.command.keep = (1u << bytes) - 1;
    }
    inputs_.command.last = position_ + kBytes >= command_bytes_;
  }

  void take_event_beat(const Beat<kBytes>& beat) {
    const std::uint64_t data = beat.data;
    if constexpr (kBytes == 1) {
      event_->push_back(static_cast<std::uint8_t>(data));
    } else {
      const std::size_t size = event_->size();
      event_->resize(size + kBytes);
      std::memcpy(event_->data() + size, &data, kBytes);
    }
    if (!beat.last) return;
    if constexpr (kBytes > 1) {
      int bytes = 0;
      while (bytes < kBytes && beat.keep[bytes]) ++bytes;
      event_->resize(event_->size() - static_cast<std::size_t>(kBytes - bytes));
    }
    ++events_waiting_;
    ++event_count_;
    news_ = true;
    event_ = &events_[(first_event_ + events_waiting_) % kEventsMax];
    event_->clear();
  }

  std::unique_ptr<Engine<kBytes>> engine_;
  LinePeer<kBytes>& line_;
  LineClock clock_;
  EngineInputs<kBytes> inputs_;

  std::vector<std::uint8_t> command_;
  std::size_t command_bytes_ = 0;
  std::size_t position_ = 0;
  bool wanted_ = false;  // can_send() had to say no.
  bool news_ = false;
  unsigned idle_cycles_ = 0;

  std::array<std::vector<std::uint8_t>, kEventsMax> events_;
  std::size_t first_event_ = 0;
  std::size_t events_waiting_ = 0;
  std::vector<std::uint8_t>* event_ = events_.data();  // The one that is coming in.
  std::uint64_t commands_ = 0;
  std::uint64_t event_count_ = 0;
};

}  // namespace sockwire::sim
