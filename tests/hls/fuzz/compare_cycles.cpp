// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "tests/hls/fuzz/comparison.hpp"
#include "tests/hls/fuzz/signals.hpp"

namespace sockwire::fuzz {
namespace {

class Cycles final : public Comparison {
 public:
  Cycles(NativeKernel& kernel, Side side, std::uint64_t seed)
      : kernel_(kernel), side_(side), random_(seed), lines_(kernel.ports.size()) {}

  void offer(int cycle) override {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      NativePort& port = *kernel_.ports[i];
      Line& line = lines_[i];
      const Position at = port.at;
      if (port.direction == Direction::kIn) {
        const bool give = chance(random_, cycle, i) && !port.full();
        // What is put now is there from the next cycle on, for both.
        line.held_if_unread = port.held() + (give ? 1 : 0);
        if (at.present) set_bit(side_.inputs, at.input + port.width, port.held() != 0);
        if (at.present && port.held() != 0) set_bits(side_.inputs, at.input, port.look(), port.width);
        if (give) port.put(random_words(random_, port.width));
      } else if (port.direction == Direction::kOut) {
        line.ready = chance(random_, cycle, i);
        if (at.present) set_bit(side_.inputs, at.input, line.ready);
      } else if (port.direction == Direction::kWireIn) {
        if (cycle == 0 || random_.percent(7)) port.put(random_words(random_, port.width));
        if (at.present) set_bits(side_.inputs, at.input, port.look(), port.width);
      }
    }
  }

  void settle(int cycle) override {
    for (NativePort* port : kernel_.ports) look(*port, cycle);
    fired_ += kernel_.step() ? 1 : 0;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      NativePort& port = *kernel_.ports[i];
      if (port.direction == Direction::kOut && lines_[i].ready && port.held() != 0) port.take();
      port.tick();
      if (port.direction != Direction::kIn) continue;
      const bool read = port.held() < lines_[i].held_if_unread;
      const bool ready = port.at.present && bit(side_.outputs, port.at.output);
      if (ready != read) differ_at(cycle, port.name + " ready", ready ? "1" : "0", read ? "1" : "0");
    }
  }

 private:
  struct Line {
    std::size_t held_if_unread = 0;
    bool ready = false;
  };

  void differ_at(int cycle, const std::string& what, const std::string& model, const std::string& native) {
    differ("cycle " + std::to_string(cycle) + ": " + what + " is " + model + " in the model and " + native +
           " natively");
  }

  void look(const NativePort& port, int cycle) {
    const Position at = port.at;
    if (port.direction == Direction::kOut) {
      const bool held = port.held() != 0;
      const bool valid = at.present && bit(side_.outputs, at.output + port.width);
      if (valid != held) differ_at(cycle, port.name + " valid", valid ? "1" : "0", held ? "1" : "0");
      if (!valid || !held) return;
    } else if (port.direction != Direction::kWireOut && port.direction != Direction::kPulse) {
      return;
    }
    const Words native = port.look();
    // A wire that hlsc left out never changes.
    if (!at.present && cycle == 0) constant_[&port] = native;
    const Words model = at.present ? bits(side_.outputs, at.output, port.width) : constant_[&port];
    if (model != native) differ_at(cycle, port.name, text_of(model), text_of(native));
  }

  NativeKernel& kernel_;
  Side side_;
  Random random_;
  std::vector<Line> lines_;
  std::map<const NativePort*, Words> constant_;
};

}  // namespace

std::unique_ptr<Comparison> compare_cycles(NativeKernel& kernel, Side side, std::uint64_t seed) {
  return std::make_unique<Cycles>(kernel, side, seed);
}

}  // namespace sockwire::fuzz
