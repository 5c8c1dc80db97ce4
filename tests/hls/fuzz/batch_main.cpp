// SPDX-License-Identifier: Apache-2.0
// The program that a batch is linked into: runs all its kernels, and writes for each what came of it.
//
//   NAME ok FIRED
//   NAME mismatch WHAT
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/hls/fuzz/comparison.hpp"
#include "tests/hls/fuzz/model.hpp"
#include "tests/hls/fuzz/native.hpp"

namespace sockwire::fuzz {

void NativePort::put(const Words&) { throw std::logic_error(name + " takes no values"); }
Words NativePort::take() { throw std::logic_error(name + " gives no values"); }
Words NativePort::look() const { throw std::logic_error(name + " shows no values"); }

namespace {

/// FNV-1a: a kernel sees the same values in whichever batch it is.
std::uint64_t seed_of(const std::string& name) {
  std::uint64_t hash = 14695981039346656037u;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return hash;
}

void run(int cycles) {
  const std::vector<std::unique_ptr<NativeKernel>> kernels = native_kernels();
  std::vector<std::unique_ptr<Comparison>> comparisons;
  for (std::size_t i = 0; i < kernels.size(); ++i) {
    const Side side{model_inputs(static_cast<int>(i)), model_outputs(static_cast<int>(i))};
    const std::uint64_t seed = seed_of(kernels[i]->name);
    comparisons.push_back(kernels[i]->by_streams ? compare_streams(*kernels[i], side, seed, cycles)
                                                 : compare_cycles(*kernels[i], side, seed));
  }
  model_evaluate(false, true);
  for (const bool clock : {false, true, false, true}) model_evaluate(clock, false);
  model_evaluate(false, false);
  model_evaluate(false, true);
  for (int cycle = 0; cycle < cycles; ++cycle) {
    for (auto& each : comparisons)
      if (each->mismatch().empty()) each->offer(cycle);
    model_evaluate(false, true);
    for (auto& each : comparisons)
      if (each->mismatch().empty()) each->settle(cycle);
    model_evaluate(true, true);
  }
  for (std::size_t i = 0; i < kernels.size(); ++i) {
    Comparison& each = *comparisons[i];
    if (each.mismatch().empty()) each.finish();
    if (each.mismatch().empty())
      std::printf("%s ok %d\n", kernels[i]->name.c_str(), each.fired());
    else
      std::printf("%s mismatch %s\n", kernels[i]->name.c_str(), each.mismatch().c_str());
  }
}

}  // namespace
}  // namespace sockwire::fuzz

int main(int count, char** values) {
  if (count != 2) {
    std::fprintf(stderr, "usage: %s CYCLES\n", values[0]);
    return 2;
  }
  sockwire::fuzz::run(std::atoi(values[1]));
  return 0;
}
