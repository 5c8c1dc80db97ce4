// SPDX-License-Identifier: Apache-2.0
// The FIFO in RTL against stream<T> of the native model, cycle for cycle: it is what makes the two engines one. Of many
// widths and depths, in one model.
#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "Vmany_fifos.h"
#include "hls/base/stream.hpp"
#include "many_fifos.hpp"  // written by CMake: kFifos

namespace sockwire {
namespace {

typedef ap_uint<128> Data;

constexpr std::uint32_t kSeed = 20261127;

Data low_bits(const Data& data, unsigned width) {
  return width == 128 ? data : Data(data.value() & ((static_cast<detail::uint128_t>(1) << width) - 1));
}

class ManyFifos {
 public:
  ManyFifos() {
    for (const Fifo& fifo : kFifos) native_.push_back(std::make_unique<stream<Data>>(fifo.depth));
    was_full.resize(native_.size());
    popped.resize(native_.size());
    model_.rst_ni = 1;
    model_.eval();
    model_.rst_ni = 0;
    clock();
    model_.rst_ni = 1;
    model_.eval();
  }

  std::size_t size() const { return native_.size(); }

  /// Each offers and takes with its own probabilities, in eighths.
  void cycle(const std::vector<unsigned>& push_eighths, const std::vector<unsigned>& pop_eighths) {
    const Data data = random_data();
    for (std::size_t i = 0; i < size(); ++i) {
      compare(i);
      const bool push = random_() % 8 < push_eighths[i];
      const bool pop = random_() % 8 < pop_eighths[i];
      was_full[i] = was_full[i] || native_[i]->full();
      set(model_.s_valid_i, i, push);
      set(model_.m_ready_i, i, pop);
      if (push && !native_[i]->full()) native_[i]->push(low_bits(data, kFifos[i].width));
      if (pop && !native_[i]->empty()) {
        native_[i]->pop();
        ++popped[i];
      }
      native_[i]->tick();
    }
    for (int word = 0; word < 4; ++word)
      model_.s_data_i[word] = static_cast<std::uint32_t>(data.range(32 * word + 31, 32 * word));
    clock();
  }

  std::vector<bool> was_full;
  std::vector<unsigned> popped;

 private:
  void clock() {
    model_.clk_i = 1;
    model_.eval();
    model_.clk_i = 0;
    model_.eval();
  }

  Data random_data() {
    Data data;
    for (int word = 0; word < 4; ++word) data.range(32 * word + 31, 32 * word) = random_();
    return data;
  }

  template <typename Port>
  static void set(Port& port, std::size_t bit, bool value) {
    port = static_cast<Port>((port & ~(Port{1} << bit)) | (Port{value} << bit));
  }

  Data shown(std::size_t i) const {
    Data data;
    for (int word = 0; word < 4; ++word)
      data.range(32 * word + 31, 32 * word) = model_.m_data_o[4 * i + static_cast<std::size_t>(word)];
    return data;
  }

  void compare(std::size_t i) const {
    ASSERT_EQ((model_.s_ready_o >> i) & 1, !native_[i]->full()) << name(i);
    ASSERT_EQ((model_.m_valid_o >> i) & 1, !native_[i]->empty()) << name(i);
    if (!native_[i]->empty()) {
      ASSERT_TRUE(shown(i).value() == native_[i]->front().value()) << name(i);
    }
  }

 public:
  static std::string name(std::size_t i) {
    return std::to_string(kFifos[i].width) + " bits, depth " + std::to_string(kFifos[i].depth) + ", style " +
           std::to_string(kFifos[i].style);
  }

 private:
  std::mt19937 random_{kSeed};
  std::vector<std::unique_ptr<stream<Data>>> native_;
  Vmany_fifos model_;
};

// In stretches, each FIFO at its own pace: filling, draining, hardly anything, both at once.
TEST(StreamFifo, IsTheNativeStreamInEveryCycle) {
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  ManyFifos fifos;
  std::mt19937 random(kSeed + 1);
  std::vector<unsigned> push(fifos.size());
  std::vector<unsigned> pop(fifos.size());
  for (int cycle = 0; cycle < 60'000 && !HasFatalFailure(); ++cycle) {
    SCOPED_TRACE(testing::Message() << "cycle " << cycle);
    for (std::size_t i = 0; i < fifos.size(); ++i) {
      // Long enough for the deep ones to fill in one stretch and run empty in another.
      if (cycle % static_cast<int>(8 + 3 * kFifos[i].depth / 2) != 0) continue;
      push[i] = random() % 9;
      pop[i] = cycle == 0 ? 0 : random() % 9;
      if (cycle == 0) push[i] = 8;
    }
    fifos.cycle(push, pop);
  }
  for (std::size_t i = 0; i < fifos.size(); ++i) {
    EXPECT_TRUE(fifos.was_full[i]) << ManyFifos::name(i);
    EXPECT_GT(fifos.popped[i], 5000u) << ManyFifos::name(i);
  }
}

// A FIFO must not cost throughput: with both sides always willing, one value passes each cycle.
TEST(StreamFifo, PassesAValueEveryCycleUnlessItHasOnePlace) {
  ManyFifos fifos;
  const std::vector<unsigned> always(fifos.size(), 8);
  for (int cycle = 0; cycle < 100; ++cycle) fifos.cycle(always, always);
  for (std::size_t i = 0; i < fifos.size(); ++i)
    EXPECT_EQ(fifos.popped[i], kFifos[i].depth == 1 ? 50u : 99u) << ManyFifos::name(i);
}

}  // namespace
}  // namespace sockwire
