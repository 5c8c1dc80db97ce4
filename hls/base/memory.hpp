// SPDX-License-Identifier: Apache-2.0
// The memories of a kernel. They are passed beside the state, because a step's writes are staged (see stream.hpp) and
// copying a whole array every cycle would cost the native model dearly.
#pragma once

#if defined(__VITIS_HLS__)

#include "hls/base/vitis_memory.hpp"

#else

#if !defined(__HLSC__)
#include <cassert>
#include <cstddef>
#include <memory>
#include <type_traits>
#endif

#include "hls/base/ap_uint.hpp"

namespace sockwire {

#if defined(__HLSC__)

extern "C" {
void hlsc_mem_read(const void* memory, std::uint64_t index, void* value);
void hlsc_mem_write(const void* memory, std::uint64_t index, const void* value);
void hlsc_bram_request(const void* memory, std::uint64_t index);
void hlsc_bram_data(const void* memory, void* value);
void hlsc_bram_write(const void* memory, std::uint64_t index, const void* value);
}

namespace detail {

/// What a memory holds at power-up: hlsc reads it where the memory is a member of a design.
template <typename T, int kEntries, typename Contents>
struct Entries {
  T value[kEntries];
  constexpr Entries() : value{} {
    for (int i = 0; i < kEntries; ++i) value[i] = Contents::at(i);
  }
};
template <typename T, int kEntries>
struct Entries<T, kEntries, void> {
  T value[kEntries];
};

}  // namespace detail

template <typename T, int kEntries, typename Contents = void>
class mem {
 public:
  T read(std::uint64_t index) const {
    T value;
    hlsc_mem_read(this, index, &value);
    return value;
  }
  void write(std::uint64_t index, const T& value) { hlsc_mem_write(this, index, &value); }

 private:
  detail::Entries<T, kEntries, Contents> entries_;
};

template <typename T, int kEntries, typename Contents = void>
class bram {
 public:
  void request(std::uint64_t index) { hlsc_bram_request(this, index); }
  T data() const {
    T value;
    hlsc_bram_data(this, &value);
    return value;
  }
  void write(std::uint64_t index, const T& value) { hlsc_bram_write(this, index, &value); }

 private:
  detail::Entries<T, kEntries, Contents> entries_;
};

#else

namespace detail {

/// The words of a memory, and the write that a step has staged. A memory belongs to one kernel, so a step that fires
/// can write at its end already: nobody else could see it earlier than the next cycle.
template <typename T, int kEntries, typename Contents>
class StagedArray {
 public:
  StagedArray() : words_(new T[kEntries]()) {
    if constexpr (!std::is_void<Contents>::value) {
      for (int i = 0; i < kEntries; ++i) words_[i] = Contents::at(i);
    }
  }

  const T& at(std::uint64_t index) const {
    assert(index < kEntries);
    return words_[index];
  }
  void stage(std::uint64_t index, const T& value) {
    assert(!staged_ && "a step writes a memory at most once");
    assert(index < kEntries);
    index_ = index;
    value_ = value;
    staged_ = true;
  }
  bool staged() const { return staged_; }
  void finish(bool fire) {
    if (staged_ && fire) words_[index_] = value_;
    staged_ = false;
  }

 private:
  std::unique_ptr<T[]> words_;
  T value_{};
  std::uint64_t index_ = 0;
  bool staged_ = false;
};

}  // namespace detail

/// A small memory with asynchronous reads (registers or LUTRAM in RTL). Any number of reads a step, each of which sees
/// the contents at the start of the cycle; at most one write a step. kEntries is a power of two; an index is below
/// kEntries. All entries are T{} at power-up, or Contents::at(index), which is a static constexpr function.
template <typename T, int kEntries, typename Contents = void>
class mem {
 public:
  T read(std::uint64_t index) const { return array_.at(index & (kEntries - 1)); }
  void write(std::uint64_t index, const T& value) { array_.stage(index & (kEntries - 1), value); }

  bool blocked() const { return false; }
  bool effect() const { return array_.staged(); }
  bool matters() const { return false; }
  bool changed() const { return false; }
  void finish(bool fire) { array_.finish(fire); }
  void tick() {}

 private:
  static_assert((kEntries & (kEntries - 1)) == 0, "a memory has a power of two entries");
  detail::StagedArray<T, kEntries, Contents> array_;
};

/// Block RAM with one read and one write port, read latency one *step*: `data()` gives what the last fired step that
/// called `request(i)` asked for, and holds it until another does. A read and a write of the same entry in one step
/// gives the old value. At most one request and one write a step. Contents are undefined until written, where the model
/// has zeros, unless they are given by Contents::at(index).
template <typename T, int kEntries, typename Contents = void>
class bram {
 public:
  void request(std::uint64_t index) {
    assert(!request_pending_ && "a step reads a block RAM at most once");
    request_index_ = index & (kEntries - 1);
    request_pending_ = true;
  }
  T data() const { return data_; }
  void write(std::uint64_t index, const T& value) { array_.stage(index & (kEntries - 1), value); }

  bool blocked() const { return false; }
  /// To ask again for what it shows is none, unless something was written since.
  bool effect() const { return array_.staged() || (request_pending_ && !(shown_ && request_index_ == shown_index_)); }
  bool matters() const { return false; }
  bool changed() const { return false; }
  void finish(bool fire) {
    if (fire && request_pending_) {
      data_ = array_.at(request_index_);
      shown_index_ = request_index_;
      shown_ = true;
    }
    if (fire && array_.staged()) shown_ = false;
    request_pending_ = false;
    array_.finish(fire);
  }
  void tick() {}

 private:
  static_assert((kEntries & (kEntries - 1)) == 0, "a memory has a power of two entries");
  detail::StagedArray<T, kEntries, Contents> array_;
  T data_{};
  std::uint64_t request_index_ = 0;
  std::uint64_t shown_index_ = 0;
  bool request_pending_ = false;
  bool shown_ = false;  // data_ is the entry shown_index_ as it is now
};

/// kBanks block RAMs side by side, each with its own addresses: byte lanes that are written and read at any alignment.
template <typename T, int kEntries, int kBanks>
struct banked {
  bram<T, kEntries> bank[kBanks];

  bool blocked() const { return false; }
  bool effect() const {
    for (int i = 0; i < kBanks; ++i) {
      if (bank[i].effect()) return true;
    }
    return false;
  }
  bool matters() const { return false; }
  bool changed() const { return false; }
  void finish(bool fire) {
    for (int i = 0; i < kBanks; ++i) bank[i].finish(fire);
  }
  void tick() {}
};

#endif

#if defined(__HLSC__)
template <typename T, int kEntries, int kBanks>
struct banked {
  bram<T, kEntries> bank[kBanks];
};
#endif

}  // namespace sockwire

#endif
