// SPDX-License-Identifier: Apache-2.0
// One kernel, native and in the model, under random valid and ready. Two ways to compare:
//
//   cycles   both see the same valid and ready; what leaves the module is equal in every cycle. The native side follows
//            the stages that hlsc made (PortLatency).
//   streams  each has a schedule of its own; each stream carries the same values in the same order, and so do the
//            changes of a wire and the strobes of a pulse. For kernels that no schedule changes.
#pragma once

#include <memory>
#include <string>

#include "tests/hls/fuzz/native.hpp"

namespace sockwire::fuzz {

struct Side {
  std::uint32_t* inputs;
  const std::uint32_t* outputs;
};

class Comparison {
 public:
  virtual ~Comparison() = default;
  /// Sets the model's inputs for the cycle.
  virtual void offer(int cycle) = 0;
  /// Compares what the model shows, and does the native cycle.
  virtual void settle(int cycle) = 0;
  /// After the last cycle.
  virtual void finish() {}

  /// Empty while all is equal; then the first difference.
  const std::string& mismatch() const { return mismatch_; }
  int fired() const { return fired_; }

 protected:
  void differ(const std::string& what) {
    if (mismatch_.empty()) mismatch_ = what;
  }
  int fired_ = 0;

 private:
  std::string mismatch_;
};

std::unique_ptr<Comparison> compare_cycles(NativeKernel& kernel, Side side, std::uint64_t seed);
std::unique_ptr<Comparison> compare_streams(NativeKernel& kernel, Side side, std::uint64_t seed, int cycles);

}  // namespace sockwire::fuzz
