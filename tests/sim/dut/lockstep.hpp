// SPDX-License-Identifier: Apache-2.0
// The native engine and another one, the Verilated unless said otherwise, side by side: the same random inputs, every
// output compared in every cycle.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <utility>

#include "sim/dut/engine.hpp"
#include "tests/sim/dut/random_traffic.hpp"

namespace sockwire::sim {

struct LockstepResult {
  std::uint64_t cycles = 0;
  std::uint64_t command_beats = 0;
  std::uint64_t event_beats = 0;
  std::uint64_t line_beats = 0;  ///< cycles in which the transmit line was not idle
  std::map<unsigned, std::uint64_t> events;
  std::uint64_t idle_cycles = 0;
  std::string difference;  ///< empty: none

  std::uint64_t beats() const { return command_beats + event_beats + line_beats; }
};

template <int kBytes>
class Lockstep {
 public:
  explicit Lockstep(std::uint32_t seed) : Lockstep(seed, make_verilated_engine<kBytes>(seed)) {}
  Lockstep(std::uint32_t seed, std::unique_ptr<Engine<kBytes>> other)
      : random_(seed),
        host_(seed ^ 0x5EED0001u, card::send_buffer_bytes(kBytes)),
        peer_(seed ^ 0x5EED0002u),
        native_(make_native_engine<kBytes>(seed)),
        other_(std::move(other)) {}

  /// Runs until so many beats have been compared, or the two differ.
  LockstepResult run(std::uint64_t beats) {
    while (result_.beats() < beats && compare()) {
      const EngineOutputs<kBytes>& outputs = native_->outputs();
      if (result_.cycles % 4096 == 0) new_regime();
      const EngineInputs<kBytes> inputs = choose(outputs);
      note(inputs, outputs);
      native_->step(inputs);
      other_->step(inputs);
      ++result_.cycles;
    }
    return result_;
  }

 private:
  static bool same(const Beat<kBytes>& a, const Beat<kBytes>& b) {
    return a.data == b.data && a.keep == b.keep && a.last == b.last;
  }
  static bool same(const Line<1>& a, const Line<1>& b) {
    return a.data == b.data && a.valid == b.valid && a.error == b.error;
  }
  static bool same(const Line<8>& a, const Line<8>& b) { return a.data == b.data && a.control == b.control; }
  static bool idle_line(const Line<1>& line) { return !line.valid; }
  static bool idle_line(const Line<8>& line) { return line.control == 0xFF && line.data == Line<8>{}.data; }

  bool compare() {
    const EngineOutputs<kBytes>& a = native_->outputs();
    const EngineOutputs<kBytes>& b = other_->outputs();
    const char* what = nullptr;
    if (a.command_ready != b.command_ready) what = "command_ready";
    if (a.event_valid != b.event_valid) what = "event_valid";
    if (a.event_valid && b.event_valid && !same(a.event, b.event)) what = "event";
    if (!same(a.line_tx, b.line_tx)) what = "line_tx";
    if (a.idle != b.idle) what = "idle";
    if (a.deadline_ns != b.deadline_ns) what = "deadline_ns";
    if (what == nullptr) return true;
    std::ostringstream text;
    text << what << " differs in cycle " << result_.cycles;
    result_.difference = text.str();
    return false;
  }

  bool chance(unsigned eighths) { return random_() % 8 < eighths; }

  // Stalls come in long stretches too: a rate holds for 4096 cycles.
  void new_regime() {
    command_eighths_ = 1 + static_cast<unsigned>(random_() % 8);
    event_eighths_ = random_() % 6 == 0 ? 0 : 1 + static_cast<unsigned>(random_() % 8);
    peer_on_ = random_() % 4 != 0;
    host_on_ = random_() % 8 != 0;
    paced_ = random_() % 4 == 0;
  }

  EngineInputs<kBytes> choose(const EngineOutputs<kBytes>& outputs) {
    EngineInputs<kBytes> inputs;
    now_ns_ += random_() % 16;
    if (outputs.idle && outputs.deadline_ns != ~0ULL && outputs.deadline_ns > now_ns_) now_ns_ = outputs.deadline_ns;
    inputs.now_ns = now_ns_;
    if (commands_.empty() && host_on_) {
      for (const Beat<kBytes>& beat : beats_of<kBytes>(host_.next())) commands_.push_back(beat);
    }
    inputs.command_valid = !commands_.empty() && chance(command_eighths_);
    if (inputs.command_valid) inputs.command = commands_.front();
    if (inputs.command_valid && outputs.command_ready) commands_.pop_front();
    inputs.event_ready = chance(event_eighths_);
    inputs.tx_enable = !paced_ || chance(4);
    inputs.rx_enable = !paced_ || chance(4);
    if (peer_on_ && inputs.rx_enable) line_ = peer_.next();
    if (!peer_on_) line_ = Line<kBytes>{};
    inputs.line_rx = line_;
    return inputs;
  }

  void note(const EngineInputs<kBytes>& inputs, const EngineOutputs<kBytes>& outputs) {
    result_.command_beats += inputs.command_valid && outputs.command_ready;
    result_.line_beats += !idle_line(outputs.line_tx);
    result_.idle_cycles += outputs.idle;
    if (!outputs.event_valid || !inputs.event_ready) return;
    ++result_.event_beats;
    if (first_of_event_) ++result_.events[static_cast<unsigned>(outputs.event.data & 0xFF)];
    first_of_event_ = outputs.event.last;
  }

  std::mt19937 random_;
  RandomHost host_;
  RandomPeer<kBytes> peer_;
  std::unique_ptr<Engine<kBytes>> native_;
  std::unique_ptr<Engine<kBytes>> other_;
  LockstepResult result_;
  std::deque<Beat<kBytes>> commands_;
  Line<kBytes> line_{};
  std::uint64_t now_ns_ = 1000;
  unsigned command_eighths_ = 8;
  unsigned event_eighths_ = 8;
  bool peer_on_ = true;
  bool host_on_ = true;
  bool paced_ = false;
  bool first_of_event_ = true;
};

}  // namespace sockwire::sim
