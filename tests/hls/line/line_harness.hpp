// SPDX-License-Identifier: Apache-2.0
// What is asked of every line code, over its two ends as sim/dut/line_port.hpp has them:
//
//   lockstep        the native and the Verilated port agree in every clock
//   round_trip      what goes in comes out, byte for byte
//   symbol_errors   no single wrong symbol inside a frame makes other data out of it
//   lock_symbols    how long a receiver takes to know its line
//
// `Code` is one of sim/dut/line_port.hpp. A test or a figure of a new code is a call of each with that type.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/hls/line/joined_ports.hpp"

namespace sockwire::test {

// ---- lockstep -------------------------------------------------------------------------------------------------------

struct LockstepResult {
  std::uint64_t clocks = 0;
  std::uint64_t frames_received = 0;  ///< starts of a carrier at the MAC
  std::uint64_t linked_clocks = 0;
  std::uint64_t counted[kLineCounters] = {};
  std::string difference;  ///< empty: none
};

/// Two ports with the same inputs: random frames from the MAC; from the line what the port itself sends, as it is, at
/// another alignment, garbled now and then or all the time, or nothing.
template <typename Code>
class Lockstep {
 public:
  Lockstep(std::uint32_t seed, std::unique_ptr<Port<Code>> first, std::unique_ptr<Port<Code>> second)
      : random_(seed), first_(std::move(first)), second_(std::move(second)) {
    first_->shorten_timers();
    second_->shorten_timers();
  }

  LockstepResult run(std::uint64_t clocks) {
    while (result_.clocks < clocks && compare()) {
      if (left_in_regime_-- == 0) new_regime();
      const auto& outputs = first_->outputs();
      note(outputs);
      const typename Port<Code>::Inputs inputs = choose(outputs);
      first_->step(inputs);
      second_->step(inputs);
      ++result_.clocks;
    }
    return result_;
  }

 private:
  bool compare() {
    const auto& a = first_->outputs();
    const auto& b = second_->outputs();
    const char* what = nullptr;
    if (a.tx_enable != b.tx_enable) what = "tx_enable";
    if (!same(a.line_tx, b.line_tx)) what = "line_tx";
    if (!same(a.mac_rx, b.mac_rx)) what = "mac_rx";
    if (a.rx_enable != b.rx_enable) what = "rx_enable";
    if (!same(a.status, b.status)) what = "status";
    if (a.counted != b.counted) what = "counters";
    if (what == nullptr) return true;
    result_.difference = std::string(what) + " differs in clock " + std::to_string(result_.clocks);
    return false;
  }

  void note(const typename Port<Code>::Outputs& outputs) {
    result_.linked_clocks += outputs.status.link;
    for (int i = 0; i < kLineCounters; ++i) result_.counted[i] += outputs.counted[i];
    if (!outputs.rx_enable) return;
    const bool carrier = !same(outputs.mac_rx, Line<Code::kBytes>{});
    result_.frames_received += carrier && !carrier_;
    carrier_ = carrier;
  }

  // Each lasts long enough for a link to come up in the good ones.
  void new_regime() {
    const unsigned what = random_() % 8;
    silent_ = what == 0;
    garble_one_in_ = what == 1 ? 1 + random_() % 4 : what == 2 || what == 3 ? 20u << random_() % 10 : 0;
    if (what == 4) alignment_ = static_cast<int>(random_() % JoinOf<Code>::kAlignments);
    frames_ = random_() % 4 != 0;
    left_in_regime_ = (256u << random_() % 4) * (silent_ || garble_one_in_ == 1 ? 1u : 16u);
  }

  typename Port<Code>::Inputs choose(const typename Port<Code>::Outputs& outputs) {
    typename Port<Code>::Inputs inputs;
    if (frames_ && source_.empty()) {
      source_.frame(random_frame_with_fcs(random_, random_() % 8 == 0 ? 1514 : 100),
                    static_cast<int>(random_() % 2 == 0 ? 12 : random_() % 200));
    }
    inputs.mac_tx = source_.drive(outputs.tx_enable);
    // What no MAC would send: errors inside frames, carriers of any length.
    if (random_() % 512 == 0) upset(inputs.mac_tx);
    typename Code::RxSymbol symbol = join_.carry(outputs.line_tx, alignment_);
    if (silent_) symbol = {};
    if (garble_one_in_ != 0 && random_() % garble_one_in_ == 0) symbol = garbled(symbol, random_);
    inputs.line_rx = symbol;
    return inputs;
  }

  void upset(Line<1>& line) {
    line.error = random_() % 2 != 0;
    line.valid = random_() % 2 != 0;
    if (random_() % 2 != 0) line.data = random_();
  }
  void upset(Line<8>& line) {
    static constexpr std::uint8_t kCharacters[] = {0x07, 0xFB, 0xFD, 0xFE, 0x9C, 0x00};
    const int lane = static_cast<int>(random_() % 8);
    line.control[lane] = random_() % 4 != 0;
    line.data.range(8 * lane + 7, 8 * lane) = kCharacters[random_() % 6];
  }

  std::mt19937 random_;
  std::unique_ptr<Port<Code>> first_;
  std::unique_ptr<Port<Code>> second_;
  LockstepResult result_;
  FrameSource<Code::kBytes> source_;
  JoinOf<Code> join_;
  bool carrier_ = false;
  bool silent_ = false;
  bool frames_ = true;
  int alignment_ = 0;
  unsigned garble_one_in_ = 0;
  unsigned left_in_regime_ = 8192;
};

template <typename Code>
LockstepResult lockstep(std::uint32_t seed, std::uint64_t clocks) {
  return Lockstep<Code>(seed, sim::make_native_line_port<Code>(), sim::make_verilated_line_port<Code>()).run(clocks);
}

// ---- round trip -----------------------------------------------------------------------------------------------------

struct RoundTripResult {
  std::uint64_t bytes = 0;  ///< of frames, FCS included, that came out as they went in
  std::uint64_t frames = 0;
  std::string difference;  ///< empty: none
};

/// Random frames with random gaps of 12 octets and more until `bytes` have come through, or one has not.
template <typename Code>
class RoundTrip {
 public:
  explicit RoundTrip(std::uint32_t seed) : random_(seed) {}

  RoundTripResult run(std::uint64_t bytes) {
    if (!ports_.link_up()) result_.difference = "no link";
    std::uint64_t quiet = 0;  // clocks since the last frame came
    while (result_.difference.empty() && (result_.bytes < bytes || !sent_.empty())) {
      if (source_.empty() && result_.bytes < bytes) send();
      const auto& outputs = ports_.far().outputs();
      if (outputs.rx_enable) reader_.step(outputs.mac_rx);
      quiet = receive() ? 0 : quiet + 1;
      if (quiet > std::uint64_t{4000} * Code::kClocksPerCycle) result_.difference = "frames are missing";
      ports_.step(source_, [](typename Code::RxSymbol&) {});
    }
    return result_;
  }

 private:
  void send() {
    sent_.push_back(random_frame_with_fcs(random_, 1514));
    source_.frame(sent_.back(), static_cast<int>(random_() % 4 == 0 ? 12 + random_() % 100 : 12));
  }

  bool receive() {
    if (reader_.frames.empty() || reader_.frames.front().end == 0) return false;
    const Seen& seen = reader_.frames.front();
    if (sent_.empty() || seen.error || seen.bytes != sent_.front()) {
      result_.difference = "frame " + std::to_string(result_.frames) + " differs";
      return true;
    }
    result_.bytes += seen.bytes.size();
    ++result_.frames;
    sent_.pop_front();
    reader_.frames.erase(reader_.frames.begin());
    return true;
  }

  std::mt19937 random_;
  JoinedPorts<Code> ports_;
  FrameSource<Code::kBytes> source_;
  LineReader<Code::kBytes> reader_;
  std::deque<Bytes> sent_;
  RoundTripResult result_;
};

template <typename Code>
RoundTripResult round_trip(std::uint32_t seed, std::uint64_t bytes) {
  return RoundTrip<Code>(seed).run(bytes);
}

// ---- single symbol errors -------------------------------------------------------------------------------------------

struct SymbolErrorResult {
  std::uint64_t tried = 0;
  std::uint64_t undetected = 0;     ///< delivered as good, with other data
  std::uint64_t harmless = 0;       ///< delivered with the data that was sent
  std::uint64_t not_recovered = 0;  ///< the good frame after it did not come
  int symbols = 0;                  ///< from the SFD to the end delimiter, both included
  std::string failure;              ///< empty: none
};

/// A frame of 64 octets again and again, each time with another wrong symbol in it, and a good frame after each.
template <typename Code>
class SymbolErrors {
 public:
  using MakePort = std::function<std::unique_ptr<Port<Code>>()>;

  /// make_far: the receiving end.
  explicit SymbolErrors(std::uint32_t seed, MakePort make_far = sim::make_native_line_port<Code>)
      : ports_(sim::make_native_line_port<Code>(), make_far()) {
    std::mt19937 random(seed);
    frame_ = random_frame(random, 60);
    good_ = random_frame(random, 60);
  }

  /// Every `stride`th of the errors; 1 tries all.
  SymbolErrorResult run(int stride) {
    const std::optional<int> begin = first_symbol();
    if (!begin || !ports_.link_up()) {
      result_.failure = "no link";
      return result_;
    }
    constexpr int kClocks = Code::kClocksPerCycle;
    // Width 1: the SFD is the eighth octet, the FCS ends with octet 72, then the delimiter and where it may fall by
    // alignment. Width 8: the beat with the SFD, eight of data, the end.
    const int from = *begin + (Code::kBytes == 1 ? 6 * kClocks : 0);
    const int to = *begin + (Code::kBytes == 1 ? 75 * kClocks : 10);
    result_.symbols = to - from;
    attempt(from, -1);  // tells how many alternatives each symbol has
    int which = 0;
    for (int at = from; at < to; ++at) {
      const int count = counts_[static_cast<std::size_t>(at)];
      for (; which < count; which += stride) attempt(at, which);
      which -= count;
    }
    return result_;
  }

 private:
  static constexpr int kIdle = Patience<Code>::kRecoveryBytes;

  void queue(const Bytes& frame) { source_.frame(with_fcs(frame), kIdle); }

  /// Clocks from where the MAC's first line is queued to the first symbol that is not as in idle: of two ports that do
  /// the same, one begins a frame.
  std::optional<int> first_symbol() {
    JoinedPorts<Code> idle;
    JoinedPorts<Code> busy;
    if (!idle.link_up() || !busy.link_up()) return std::nullopt;
    FrameSource<Code::kBytes> nothing;
    FrameSource<Code::kBytes> one;
    one.frame(with_fcs(frame_), kIdle);
    const auto as_it_is = [](typename Code::RxSymbol&) {};
    for (int clock = 0; clock < 100 * Code::kClocksPerCycle; ++clock) {
      if (!same(idle.near().outputs().line_tx, busy.near().outputs().line_tx)) return clock;
      idle.step(nothing, as_it_is);
      busy.step(one, as_it_is);
    }
    return std::nullopt;
  }

  /// One period: the frame with alternative `which` of its symbol `at` clocks after the period's start, and the good
  /// frame. With -1 nothing is wrong, and the symbols' alternatives are counted.
  void attempt(int at, int which) {
    queue(frame_);
    queue(good_);
    const std::size_t clocks = source_.size() * Code::kClocksPerCycle;
    counts_.resize(clocks);
    bool tried = false;
    for (std::size_t clock = 0; clock < clocks; ++clock) {
      ports_.step(source_, [&](typename Code::RxSymbol& symbol) {
        if (which < 0) counts_[clock] = alternatives(symbol);
        if (which < 0 || clock != static_cast<std::size_t>(at)) return;
        tried = which < alternatives(symbol);
        if (tried) symbol = alternative(symbol, which);
      });
      const auto& outputs = ports_.far().outputs();
      mac_.enable.drive(outputs.rx_enable);
      mac_.step(outputs.mac_rx);
    }
    if (tried) judge();
    mac_.good.clear();
  }

  void judge() {
    ++result_.tried;
    bool recovered = false;
    for (const Bytes& bytes : mac_.good) {
      if (bytes == frame_) {
        ++result_.harmless;
      } else if (bytes == good_) {
        recovered = true;
      } else {
        ++result_.undetected;
      }
    }
    result_.not_recovered += !recovered;
  }

  Bytes frame_;
  Bytes good_;
  JoinedPorts<Code> ports_;
  FrameSource<Code::kBytes> source_;
  RxBench<Code::kBytes> mac_;
  std::vector<int> counts_;
  SymbolErrorResult result_;
};

template <typename Code>
SymbolErrorResult symbol_errors(std::uint32_t seed, int stride) {
  return SymbolErrors<Code>(seed).run(stride);
}

// ---- lock -----------------------------------------------------------------------------------------------------------

struct LockResult {
  std::uint64_t symbols = 0;  ///< the most that it took
  int tries = 0;
  int failures = 0;  ///< not within `limit`
};

/// Receivers that see idle for the first time, at each alignment, at `phases` times of the transmitter each: symbols
/// until LineStatus says locked.
template <typename Code>
LockResult lock_symbols(std::uint32_t seed, int phases, std::uint64_t limit) {
  LockResult result;
  std::mt19937 random(seed);
  const auto sender = sim::make_native_line_port<Code>();
  sender->shorten_timers();
  for (int alignment = 0; alignment < JoinOf<Code>::kAlignments; ++alignment) {
    for (int phase = 0; phase < phases; ++phase) {
      JoinOf<Code> join;
      const std::size_t wait = random() % 1000;
      for (std::size_t i = 0; i < wait; ++i) {
        join.carry(sender->outputs().line_tx, alignment);
        sender->step({});
      }
      const auto receiver = sim::make_native_line_port<Code>();
      receiver->shorten_timers();
      std::uint64_t symbols = 0;
      while (!receiver->outputs().status.locked && symbols < limit) {
        typename Port<Code>::Inputs inputs;
        inputs.line_rx = join.carry(sender->outputs().line_tx, alignment);
        receiver->step(inputs);
        sender->step({});
        ++symbols;
      }
      ++result.tries;
      result.failures += !receiver->outputs().status.locked;
      result.symbols = std::max(result.symbols, symbols);
    }
  }
  return result;
}

}  // namespace sockwire::test
