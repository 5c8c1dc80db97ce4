// SPDX-License-Identifier: Apache-2.0
// A kernel with one stream in and one out, run natively; bytes as beats.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "hls/base/process.hpp"
#include "hls/base/stream.hpp"
#include "tests/hls/mac/mac_bench.hpp"

namespace sockwire {

using test::Bytes;

inline Bytes random_bytes(std::mt19937& random, std::size_t count) {
  Bytes bytes(count);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

template <int kBytes>
std::vector<Beat<kBytes>> beats_of(const Bytes& bytes) {
  std::vector<Beat<kBytes>> beats;
  for (std::size_t at = 0; at < bytes.size(); at += kBytes) {
    beats.push_back(test::make_beat<kBytes, Beat<kBytes>>(bytes, at));
  }
  return beats;
}

/// A kernel with one stream in and one out.
template <typename State, typename In, typename Out>
class Pipe {
 public:
  using Kernel = void (*)(State&, stream<In>&, stream<Out>&);
  explicit Pipe(Kernel kernel) : kernel_(kernel) {}

  std::vector<Out> put(const std::vector<In>& inputs) {
    std::vector<Out> outputs;
    std::size_t at = 0;
    for (std::size_t idle = 0; idle < 4; ++idle) {
      if (at < inputs.size() && !in_.full()) {
        in_.push(inputs[at++]);
        idle = 0;
      }
      if (!out_.empty()) outputs.push_back(out_.pop());
      process_.step(kernel_, in_, out_);
      tick(in_, out_);
    }
    return outputs;
  }

 private:
  Kernel kernel_;
  Process<State> process_;
  stream<In> in_;
  stream<Out> out_;
};

}  // namespace sockwire
