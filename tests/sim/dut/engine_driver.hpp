// SPDX-License-Identifier: Apache-2.0
// An engine with a host's and a wire's hands on it, at the level of messages and frames; card time is the line's.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "sim/dut/engine.hpp"
#include "tests/sim/dut/line_frames.hpp"
#include "tests/sim/dut/messages.hpp"

namespace sockwire::sim {

template <int kBytes>
class EngineDriver {
 public:
  struct Event {
    Message bytes;
    std::uint64_t first_cycle = 0;  ///< in which its first beat could be taken

    unsigned type() const { return bytes.at(card::event::kType); }
    Message body() const { return Message(bytes.begin() + card::kHeaderBytes, bytes.end()); }
    std::uint64_t time_ns() const { return get_le(bytes, card::event::kTime, card::event::kTimeBytes); }
  };

  explicit EngineDriver(std::unique_ptr<Engine<kBytes>> engine) : engine_(std::move(engine)) {}

  void send(const Message& message) {
    for (const Beat<kBytes>& beat : beats_of<kBytes>(message)) commands_.push_back(beat);
  }

  /// HELLO of epoch 1, own address 02:00:00:00:00:01, the events of it thrown away.
  void start() {
    CommandHeader hello;
    hello.epoch = epoch;
    hello.arg = card::layout_hash();
    send(command(hello));
    write_register(card::Register::kMacLow, 0x00000002);
    write_register(card::Register::kMacHigh, 0x0100);
    run_until_idle(10000);
    events.clear();
  }

  void write_register(card::Register address, std::uint32_t value) {
    CommandHeader header;
    header.type = card::Command::kWriteRegister;
    header.epoch = epoch;
    header.seq = static_cast<std::uint32_t>(address);
    header.arg = value;
    send(command(header));
  }

  std::uint32_t counter(card::Counter which) {
    CommandHeader header;
    header.type = card::Command::kReadRegister;
    header.epoch = epoch;
    header.seq = static_cast<std::uint32_t>(card::Register::kCounterBase) + static_cast<std::uint32_t>(which);
    header.tag = 0xBEEF;
    send(command(header));
    const std::size_t before = events.size();
    run_until_idle(100000);
    for (std::size_t i = before; i < events.size(); ++i) {
      if (events[i].type() != static_cast<unsigned>(card::Event::kRegister)) continue;
      const Message body = events[i].body();
      if (get_le(body, card::register_value::kTag, 2) == 0xBEEF) {
        return static_cast<std::uint32_t>(get_le(body, card::register_value::kValue, 4));
      }
    }
    return ~0u;
  }

  void step() {
    const EngineOutputs<kBytes>& outputs = engine_->outputs();
    EngineInputs<kBytes> inputs;
    inputs.now_ns = cycle * cycle_ps<kBytes>() / 1000;
    inputs.command_valid = !commands_.empty();
    if (inputs.command_valid) {
      inputs.command = commands_.front();
      if (outputs.command_ready) {
        commands_.pop_front();
        last_command_cycle = cycle;
      }
    }
    if (outputs.event_valid) take_event(outputs.event);
    line_tx.take(outputs.line_tx, cycle);
    inputs.line_rx = loop ? outputs.line_tx : line_rx.next();
    const bool rx_was_busy = rx_busy_;
    rx_busy_ = loop || !line_rx.empty();
    if (rx_was_busy && !rx_busy_) last_rx_cycle = cycle;
    engine_->step(inputs);
    ++cycle;
  }

  /// False if it did not become idle in so many cycles.
  bool run_until_idle(std::uint64_t most) {
    for (std::uint64_t i = 0; i < most; ++i) {
      step();
      if (engine_->outputs().idle && commands_.empty() && line_rx.empty() && ++quiet_ > 8) {
        quiet_ = 0;
        return true;
      }
    }
    return false;
  }

  const EngineOutputs<kBytes>& outputs() const { return engine_->outputs(); }
  bool commands_pending() const { return !commands_.empty(); }

  static constexpr unsigned epoch = 1;
  LineWriter<kBytes> line_rx;
  LineReader line_tx;
  std::vector<Event> events;
  std::uint64_t cycle = 0;
  std::uint64_t last_command_cycle = 0;  ///< in which the last beat of a command was taken
  std::uint64_t last_rx_cycle = 0;       ///< in which line_rx ran out
  bool loop = false;                     ///< line_tx is line_rx

 private:
  void take_event(const Beat<kBytes>& beat) {
    if (event_.bytes.empty()) event_.first_cycle = cycle;
    if (!append_beat(event_.bytes, beat)) return;
    events.push_back(event_);
    event_ = Event{};
  }

  std::unique_ptr<Engine<kBytes>> engine_;
  std::deque<Beat<kBytes>> commands_;
  Event event_;
  bool rx_busy_ = false;
  int quiet_ = 0;
};

}  // namespace sockwire::sim
