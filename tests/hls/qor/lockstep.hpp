// SPDX-License-Identifier: Apache-2.0
// A kernel run natively and as a module of qor_kernels.sv in the same cycles under random valid and ready. What leaves
// the module must be equal in every cycle: handshakes, data, wires and pulses.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "hls/base/process.hpp"
#include "hls/base/stream.hpp"
#include "tests/hls/qor/packed_ports.hpp"

namespace sockwire::qor {

// The slots of qor_kernels.sv.
constexpr int kInputs = 4;
constexpr int kInputWidth = 80;
constexpr int kOutputs = 2;
constexpr int kOutputWidth = 104;
constexpr int kWireWidth = 128;
constexpr int kSignalWidth = 16;

/// A Verilated qor_kernels: its vectors as Verilator keeps them, in 32-bit words from the least significant.
struct Model {
  virtual ~Model() = default;
  virtual void eval(bool clock, bool reset_n) = 0;

  std::uint32_t* s_data = nullptr;
  std::uint32_t* s_valid = nullptr;
  std::uint32_t* s_ready = nullptr;
  std::uint32_t* m_data = nullptr;
  std::uint32_t* m_valid = nullptr;
  std::uint32_t* m_ready = nullptr;
  std::uint32_t* wires = nullptr;
  std::uint32_t* signals = nullptr;
};

inline bool get_bit(const std::uint32_t* words, int at) { return ((words[at / 32] >> (at % 32)) & 1) != 0; }

inline void set_bit(std::uint32_t* words, int at, bool value) {
  const std::uint32_t mask = 1u << (at % 32);
  words[at / 32] = value ? words[at / 32] | mask : words[at / 32] & ~mask;
}

inline void set_bits(std::uint32_t* words, int low, const Bits& bits) {
  for (int i = 0; i < bits.size(); ++i) set_bit(words, low + i, bits.bit(i));
}

inline std::string text(const Bits& bits) {
  std::string text;
  for (int i = bits.size() - 1; i >= 0; --i) text += bits.bit(i) ? '1' : '0';
  return text;
}

inline std::string text(const std::uint32_t* words, int low, int size) {
  std::string text;
  for (int i = size - 1; i >= 0; --i) text += get_bit(words, low + i) ? '1' : '0';
  return text;
}

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t bits(int count) { return count == 0 ? 0 : engine_() >> (64 - count); }
  std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }
  bool one_in(std::uint64_t count) { return below(count) == 0; }
  /// In phases, so that starving and stalling are seen for long stretches too.
  bool chance(int cycle, int which) {
    const int phase = (cycle / phase_cycles + which * 3) % 5;
    return bits(8) < (phase == 0 ? 256u : phase == 1 ? 128u : phase == 2 ? 30u : phase == 3 ? 200u : 4u);
  }

  int phase_cycles = 512;

 private:
  std::mt19937_64 engine_;
};

/// One port of the kernel on both sides. A cycle calls these in order, with the native step before settle().
class Port {
 public:
  virtual ~Port() = default;
  virtual void drive(int cycle) = 0;
  virtual void compare() = 0;
  virtual void settle() = 0;
};

template <typename T>
class InputStream : public Port {
 public:
  /// `make` fills in the next value, or says that there is none now.
  using Make = std::function<bool(T&)>;

  InputStream(Model& model, Random& random, int slot, Make make)
      : model_(model), random_(random), slot_(slot), make_(std::move(make)) {}

  stream<T>& native() { return native_; }

  void drive(int cycle) override {
    T value;
    before_ = native_.size();
    if (random_.chance(cycle, slot_ % kInputs) && !native_.full() && make_(value)) {
      native_.push(value);
      ++before_;
    }
    set_bit(model_.s_valid, slot_, !native_.empty());
    if (!native_.empty()) set_bits(model_.s_data, slot_ * kInputWidth, packed(native_.front()));
  }
  void compare() override { ready_ = get_bit(model_.s_ready, slot_); }
  void settle() override {
    tick(native_);
    EXPECT_EQ(ready_, native_.size() < before_) << "ready of input " << slot_ % kInputs;
  }

 private:
  Model& model_;
  Random& random_;
  int slot_;
  Make make_;
  stream<T> native_{3};
  std::size_t before_ = 0;
  bool ready_ = false;
};

template <typename T>
class OutputStream : public Port {
 public:
  OutputStream(Model& model, Random& random, int slot) : model_(model), random_(random), slot_(slot) {}

  stream<T>& native() { return native_; }
  int count() const { return count_; }

  void drive(int cycle) override {
    take_ = random_.chance(cycle, slot_ % kOutputs + kInputs);
    set_bit(model_.m_ready, slot_, take_);
  }
  void compare() override {
    const bool valid = get_bit(model_.m_valid, slot_);
    EXPECT_EQ(valid, !native_.empty()) << "valid of output " << slot_ % kOutputs;
    if (!valid || native_.empty()) return;
    const Bits expected = packed(native_.front());
    EXPECT_EQ(text(model_.m_data, slot_ * kOutputWidth, expected.size()), text(expected))
        << "data of output " << slot_ % kOutputs;
  }
  void settle() override {
    if (take_ && !native_.empty()) {
      native_.pop();
      ++count_;
    }
    tick(native_);
  }

 private:
  Model& model_;
  Random& random_;
  int slot_;
  stream<T> native_{2};
  bool take_ = false;
  int count_ = 0;
};

template <typename T>
class InputWire : public Port {
 public:
  /// `next` gives the value of each cycle.
  InputWire(Model& model, int low, std::function<T()> next) : model_(model), low_(low), next_(std::move(next)) {}

  wire<T>& native() { return native_; }

  void drive(int) override {
    native_.drive(next_());
    set_bits(model_.wires, low_, packed(native_.read()));
  }
  void compare() override {}
  void settle() override { tick(native_); }

 private:
  Model& model_;
  int low_;
  std::function<T()> next_;
  wire<T> native_;
};

/// Native: a wire that the kernel writes, or a pulse.
template <typename Native>
class Signal : public Port {
 public:
  Signal(Model& model, int low) : model_(model), low_(low) {}

  Native& native() { return native_; }

  void drive(int) override {}
  void compare() override {
    const Bits expected = packed(native_.read());
    EXPECT_EQ(text(model_.signals, low_, expected.size()), text(expected)) << "signal at " << low_ % kSignalWidth;
  }
  void settle() override { tick(native_); }

 private:
  Model& model_;
  int low_;
  Native native_;
};

/// Kernel number `number` of qor_kernels.sv and its ports.
class Bench {
 public:
  static constexpr std::uint64_t kSeed = 20261129;

  Bench(Model& model, int number) : random(kSeed), model_(model), number_(number) {}

  template <typename T>
  stream<T>& input(int slot, typename InputStream<T>::Make make) {
    return add<InputStream<T>>(model_, random, number_ * kInputs + slot, std::move(make)).native();
  }
  template <typename T>
  stream<T>& output(int slot) {
    return add<OutputStream<T>>(model_, random, number_ * kOutputs + slot).native();
  }
  template <typename T>
  wire<T>& input_wire(int low, std::function<T()> next) {
    return add<InputWire<T>>(model_, number_ * kWireWidth + low, std::move(next)).native();
  }
  template <typename T>
  wire<T>& output_wire(int low) {
    return add<Signal<wire<T>>>(model_, number_ * kSignalWidth + low).native();
  }
  template <int kBits>
  pulse<kBits>& output_pulse(int low) {
    return add<Signal<pulse<kBits>>>(model_, number_ * kSignalWidth + low).native();
  }

  /// `step` runs the native kernel once and says whether it fired.
  void run(int cycles, const std::function<bool()>& step) {
    SCOPED_TRACE("seed " + std::to_string(kSeed));
    int fired = 0;
    model_.eval(false, false);
    model_.eval(true, false);
    for (int cycle = 0; cycle < cycles && !testing::Test::HasFailure(); ++cycle) {
      SCOPED_TRACE("cycle " + std::to_string(cycle));
      for (const auto& port : ports_) port->drive(cycle);
      model_.eval(false, true);
      for (const auto& port : ports_) port->compare();
      fired += step() ? 1 : 0;
      for (const auto& port : ports_) port->settle();
      model_.eval(true, true);
    }
    EXPECT_GT(fired, cycles / 20) << "a kernel that hardly ever fires shows nothing";
  }

  Random random;

 private:
  template <typename P, typename... Arguments>
  P& add(Arguments&&... arguments) {
    auto port = std::make_unique<P>(std::forward<Arguments>(arguments)...);
    P& reference = *port;
    ports_.push_back(std::move(port));
    return reference;
  }

  Model& model_;
  int number_;
  std::vector<std::unique_ptr<Port>> ports_;
};

/// A stream of random frames, byte by byte in beats; what lies behind a last beat's bytes is random too.
template <int kBytes>
typename InputStream<Beat<kBytes>>::Make random_frames(Random& random, unsigned bytes_max) {
  return [&random, bytes_max, left = 0u](Beat<kBytes>& beat) mutable {
    if (left == 0) left = 1 + static_cast<unsigned>(random.below(random.one_in(2) ? 2 * kBytes : bytes_max));
    const unsigned bytes = left < kBytes ? left : kBytes;
    beat.data = random.one_in(4) ? ~std::uint64_t(0) : random.bits(64);
    beat.keep = (1u << bytes) - 1;
    left -= bytes;
    beat.last = left == 0;
    return true;
  };
}

}  // namespace sockwire::qor
