// SPDX-License-Identifier: Apache-2.0
// The memories of a kernel under Vitis HLS, for memory.hpp, which says what they mean. They are static in a top
// (hls/top/vitis_tops.cpp), which binds `words` to LUTRAM or block RAM and calls commit() at the end of every step: so
// reads see the contents at the start of the step here, too.
#pragma once

#include <cstdint>

#include "hls/base/ap_uint.hpp"

namespace sockwire {

namespace detail {

/// A step's write, until its end.
template <typename T>
struct StagedWrite {
  bool pending = false;
  std::uint64_t index = 0;
  T value;
};

}  // namespace detail

template <typename T, int kEntries>
class mem {
  static_assert((kEntries & (kEntries - 1)) == 0, "a memory has a power of two entries");

 public:
  T read(std::uint64_t index) const { return words[index & (kEntries - 1)]; }
  void write(std::uint64_t index, const T& value) {
    write_.pending = true;
    write_.index = index & (kEntries - 1);
    write_.value = value;
  }

  void commit() {
    if (write_.pending) words[write_.index] = write_.value;
    write_.pending = false;
  }

  T words[kEntries];  // public for the pragmas of the top

 private:
  detail::StagedWrite<T> write_;
};

template <typename T, int kEntries>
class bram {
  static_assert((kEntries & (kEntries - 1)) == 0, "a memory has a power of two entries");

 public:
  void request(std::uint64_t index) {
    request_pending_ = true;
    request_index_ = index & (kEntries - 1);
  }
  T data() const { return data_; }
  void write(std::uint64_t index, const T& value) {
    write_.pending = true;
    write_.index = index & (kEntries - 1);
    write_.value = value;
  }

  void commit() {
    if (request_pending_) data_ = words[request_index_];
    if (write_.pending) words[write_.index] = write_.value;
    request_pending_ = false;
    write_.pending = false;
  }

  T words[kEntries];  // public for the pragmas of the top

 private:
  detail::StagedWrite<T> write_;
  T data_;
  std::uint64_t request_index_ = 0;
  bool request_pending_ = false;
};

template <typename T, int kEntries, int kBanks>
struct banked {
  bram<T, kEntries> bank[kBanks];

  void commit() {
    for (int i = 0; i < kBanks; ++i) bank[i].commit();
  }
};

}  // namespace sockwire
