// SPDX-License-Identifier: Apache-2.0
// A stand-in for the hls_stream.h of AMD Vitis HLS, made from its documented semantics alone (UG1399, "HLS Stream
// Library"), as they are in C simulation: a stream has no bound unless a test gives it one, and a read of an empty one
// or a write of a full one, which would stall the hardware, is an error of the test.
#pragma once

#include <cassert>
#include <cstddef>
#include <deque>
#include <limits>

namespace hls {

template <typename T, int kDepth = 0>
class stream {
 public:
  stream() = default;
  explicit stream(const char*) {}
  stream(const stream&) = delete;
  stream& operator=(const stream&) = delete;

  T read() {
    assert(!values_.empty() && "a read of an empty stream would stall");
    const T value = values_.front();
    values_.pop_front();
    return value;
  }
  void read(T& value) { value = read(); }
  bool read_nb(T& value) {
    if (empty()) return false;
    value = read();
    return true;
  }
  void write(const T& value) {
    assert(!full() && "a write of a full stream would stall");
    values_.push_back(value);
  }
  bool write_nb(const T& value) {
    if (full()) return false;
    write(value);
    return true;
  }
  bool empty() const { return values_.empty(); }
  bool full() const { return values_.size() >= standin_bound; }
  std::size_t size() const { return values_.size(); }

  std::size_t standin_bound = std::numeric_limits<std::size_t>::max();  // the stand-in's own, for tests

 private:
  std::deque<T> values_;
};

}  // namespace hls
