// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <deque>

#include "tests/hls/fuzz/comparison.hpp"
#include "tests/hls/fuzz/signals.hpp"

namespace sockwire::fuzz {
namespace {

constexpr int kQuiet = 64;  // a kernel that has not fired for so many cycles waits for ever

class Streams final : public Comparison {
 public:
  Streams(NativeKernel& kernel, Side side, std::uint64_t seed, int cycles)
      : kernel_(kernel), side_(side), cycles_(cycles), native_random_(seed + 1), model_random_(seed + 2) {
    for (std::size_t i = 0; i < kernel.ports.size(); ++i)
      lines_.push_back({Feed(seed + 100 + i, cycles / 3), Feed(seed + 100 + i, cycles / 3), {}, {}, {}, {}, 0});
  }

  void offer(int cycle) override {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      NativePort& port = *kernel_.ports[i];
      Line& line = lines_[i];
      if (port.direction == Direction::kWireIn && cycle == 0) {
        const Words value = random_words(line.native_feed.random, port.width);
        port.put(value);
        if (port.at.present) set_bits(side_.inputs, port.at.input, value, port.width);
      }
      if (!port.at.present) continue;
      if (port.direction == Direction::kIn) {
        if (line.offered.empty() && line.model_feed.left > 0 && open(model_random_, cycle, i)) {
          line.offered = line.model_feed.next(port.width);
          set_bits(side_.inputs, port.at.input, line.offered, port.width);
        }
        set_bit(side_.inputs, port.at.input + port.width, !line.offered.empty());
      } else if (port.direction == Direction::kOut) {
        set_bit(side_.inputs, port.at.input, open(model_random_, cycle, i));
      }
    }
  }

  void settle(int cycle) override {
    for (std::size_t i = 0; i < lines_.size(); ++i) see_model(*kernel_.ports[i], lines_[i]);
    for (std::size_t i = 0; i < lines_.size(); ++i) see_native(*kernel_.ports[i], lines_[i]);
    if (kernel_.step()) {
      ++fired_;
      last_fired_ = cycle;
    }
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      NativePort& port = *kernel_.ports[i];
      Line& line = lines_[i];
      if (port.direction == Direction::kOut && port.held() != 0 && open(native_random_, cycle, i))
        line.native.push_back(port.take());
      if (port.direction == Direction::kIn && line.native_feed.left > 0 && !port.full() &&
          open(native_random_, cycle, i))
        port.put(line.native_feed.next(port.width));
      port.tick();
      match(port, line);
    }
  }

  void finish() override {
    const bool endless = last_fired_ + kQuiet > cycles_;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const Line& line = lines_[i];
      // A kernel that never waits is compared as far as the slower side got, which must be far.
      const std::size_t missing = line.native.size();
      const std::size_t spare = line.model.size();
      if (endless ? missing > line.equal + kQuiet : missing + spare != 0)
        differ(kernel_.ports[i]->name + ": after " + std::to_string(line.equal) + " equal values " +
               std::to_string(missing) + " more natively, " + std::to_string(spare) + " more in the model");
    }
  }

 private:
  /// The values of one input, the same for both sides.
  struct Feed {
    Feed(std::uint64_t seed, int count) : random(seed), left(count) {}
    Words next(int width) {
      --left;
      return random_words(random, width);
    }
    Random random;
    int left;
  };

  struct Line {
    Feed native_feed;
    Feed model_feed;
    Words offered;  // to the model; empty: nothing
    std::deque<Words> native;
    std::deque<Words> model;
    Words shown[2];  // by a wire: natively, in the model
    std::size_t equal;
  };

  /// In the last third nobody waits, so that everything gets through.
  bool open(Random& random, int cycle, std::size_t which) const {
    return chance(random, cycle, which) || 3 * cycle > 2 * cycles_;
  }

  void see_model(const NativePort& port, Line& line) {
    if (!port.at.present) return;
    const auto value = [&] { return bits(side_.outputs, port.at.output, port.width); };
    switch (port.direction) {
      case Direction::kIn:
        if (bit(side_.outputs, port.at.output)) line.offered.clear();
        break;
      case Direction::kOut:
        if (bit(side_.outputs, port.at.output + port.width) && bit(side_.inputs, port.at.input))
          line.model.push_back(value());
        break;
      case Direction::kWireOut:
      case Direction::kPulse:
        see_signal(port, value(), line.shown[1], line.model);
        break;
      default:
        break;
    }
  }

  static void see_native(const NativePort& port, Line& line) {
    if (port.direction == Direction::kWireOut || port.direction == Direction::kPulse)
      see_signal(port, port.look(), line.shown[0], line.native);
  }

  static void see_signal(const NativePort& port, const Words& value, Words& shown, std::deque<Words>& seen) {
    const bool is_zero = std::all_of(value.begin(), value.end(), [](std::uint32_t word) { return word == 0; });
    const bool is_pulse = port.direction == Direction::kPulse;
    if (is_pulse ? !is_zero : value != shown && !shown.empty()) seen.push_back(value);
    shown = value;
  }

  void match(const NativePort& port, Line& line) {
    while (!line.native.empty() && !line.model.empty()) {
      if (line.native.front() != line.model.front())
        return differ(port.name + ": value " + std::to_string(line.equal) + " is " + text_of(line.model.front()) +
                      " in the model and " + text_of(line.native.front()) + " natively");
      line.native.pop_front();
      line.model.pop_front();
      ++line.equal;
    }
  }

  NativeKernel& kernel_;
  Side side_;
  int cycles_;
  Random native_random_;
  Random model_random_;
  std::vector<Line> lines_;
  int last_fired_ = 0;
};

}  // namespace

std::unique_ptr<Comparison> compare_streams(NativeKernel& kernel, Side side, std::uint64_t seed, int cycles) {
  return std::make_unique<Streams>(kernel, side, seed, cycles);
}

}  // namespace sockwire::fuzz
