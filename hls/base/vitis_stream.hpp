// SPDX-License-Identifier: Apache-2.0
// The ports of a kernel under Vitis HLS, for stream.hpp, which says what they mean. hls/top/vitis_tops.cpp calls a
// kernel once per invocation of its top, and makes these of the top's arguments.
//
// A step is not atomic there: one that lacks data or room waits where it is, with what it did before. What comes out of
// the streams is the same, for a kernel that reads its streams or asks empty() before it acts on other ports.
#pragma once

#include <hls_stream.h>

#include "hls/base/ap_uint.hpp"

namespace sockwire {

/// An ap_fifo port: the only kind with empty() and full().
template <typename T>
using stream = hls::stream<T>;

/// An input of this step, or, where it is static, a register: what the last step that wrote it wrote.
template <typename T>
class wire {
 public:
  wire() : value_() {}
  explicit wire(const T& value) : value_(value) {}

  T read() const { return value_; }
  void write(const T& value) { value_ = value; }

 private:
  T value_;
};

/// Event strobes of this step.
template <int kBits>
class pulse {
 public:
  pulse() : value_(0) {}

  void write(const ap_uint<kBits>& bits) { value_ = bits; }
  ap_uint<kBits> read() const { return value_; }

 private:
  ap_uint<kBits> value_;
};

}  // namespace sockwire
