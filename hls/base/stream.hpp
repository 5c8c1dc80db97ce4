// SPDX-License-Identifier: Apache-2.0
// The ports of a kernel: streams, wires and pulses.
//
// A kernel is a function that is called once per clock:
//
//   template <int kBytes>
//   void mac_tx(MacTxState<kBytes>& state, stream<TxBeat<kBytes>>& frame, wire<MacConfig>& config, ...);
//
// One call is a *step*, and a step is atomic: if a stream that it reads is empty or a stream that it writes is full,
// the whole step has no effect, whatever the function did after it noticed. What can be read and where there is room is
// judged on the state at the start of the cycle:
//
//            start of cycle                 steps, in any order                  tick()
//   stream   [a b .]  visible=2, room   ->  reader pops a, writer pushes c   ->  [b c .]
//
// so the order in which the kernels of a cycle are called does not matter, and the same rule in RTL is a FIFO whose
// `full` is a register. hlsc maps a port's calls to intrinsics; the bodies here are the native meaning.
#pragma once

#if defined(__VITIS_HLS__)

#include "hls/base/vitis_stream.hpp"

#else

#if !defined(__HLSC__)
#include <cassert>
#include <cstddef>
#include <cstring>
#include <vector>
#endif

#include "hls/base/ap_uint.hpp"

namespace sockwire {

#if defined(__HLSC__)

// hlsc's intrinsics: the address names the port, `value` is passed by address and scalarised away.
extern "C" {
void hlsc_stream_read(const void* port, void* value);
void hlsc_stream_write(const void* port, const void* value);
bool hlsc_stream_empty(const void* port);
bool hlsc_stream_full(const void* port);
void hlsc_wire_read(const void* port, void* value);
void hlsc_wire_write(const void* port, const void* value);
void hlsc_pulse_write(const void* port, const void* value);
}

template <typename T>
class stream {
 public:
  constexpr stream() = default;
  explicit constexpr stream(unsigned depth) : depth_(depth) {}

  T read() {
    T value;
    hlsc_stream_read(this, &value);
    return value;
  }
  void write(const T& value) { hlsc_stream_write(this, &value); }
  bool empty() const { return hlsc_stream_empty(this); }
  bool full() const { return hlsc_stream_full(this); }

 private:
  T type_{};
  unsigned depth_ = 2;  // of the FIFO, where the stream is a net of a dataflow function
};

template <typename T>
class wire {
 public:
  T read() const {
    T value;
    hlsc_wire_read(this, &value);
    return value;
  }
  void write(const T& value) { hlsc_wire_write(this, &value); }

 private:
  T type_{};
};

template <int kBits>
class pulse {
 public:
  void write(const ap_uint<kBits>& bits) { hlsc_pulse_write(this, &bits); }

 private:
  ap_uint<kBits> type_{};
};

#else

/// When what a kernel writes to a port leaves it (hlsc --latency makes tables of these, a port after the other).
struct PortLatency {
  int stage = -1;         ///< of the pipeline, from 0; -1 where nothing leaves
  bool reserves = false;  ///< the kernel asks full(), which has to hold for what is on its way too
};

namespace detail {

/// A cycle of a pipeline whose stages up to the one that writes its streams may have to wait.
struct PipelineCycle {
  bool waits = false;
  int stream_stage = 0;
};

/// Values on their way through the stages of a pipeline.
///
///   stage        0        1        2
///            entering -> [0]  ->  [1] -> leaves
///
/// They stay where they are, and what enters takes the place of what leaves.
template <typename T>
class DelayLine {
 public:
  void resize(int stages) { line_.resize(static_cast<std::size_t>(stages)); }
  bool empty() const { return line_.empty(); }
  bool holds_next() const { return line_[oldest_].valid; }

  /// A cycle: a value enters if `valid`. Returns the one that leaves, or null.
  const T* shift(bool valid, const T& value, const PipelineCycle& cycle) {
    if (held_ == 0 && !valid) return nullptr;
    const std::size_t first = cycle.waits ? static_cast<std::size_t>(cycle.stream_stage) : 0;
    if (first >= line_.size()) return nullptr;
    const bool leaves = line_[oldest_].valid;
    if (leaves) leaving_ = line_[oldest_].value;
    held_ -= leaves ? 1 : 0;
    if (cycle.waits) {
      for (std::size_t i = line_.size() - 1; i > first; --i) at(i) = at(i - 1);
      at(first).valid = false;
    } else {
      line_[oldest_].valid = valid;
      if (valid) line_[oldest_].value = value;
      held_ += valid ? 1 : 0;
      oldest_ = oldest_ + 1 == line_.size() ? 0 : oldest_ + 1;
    }
    return leaves ? &leaving_ : nullptr;
  }

 private:
  struct Entry {
    bool valid = false;
    T value{};
  };

  /// By how many stages it has passed, the last first.
  Entry& at(std::size_t stage) {
    const std::size_t back = line_.size() - 1 - stage;
    return line_[(oldest_ + back) % line_.size()];
  }

  std::vector<Entry> line_;
  std::size_t oldest_ = 0;
  int held_ = 0;
  T leaving_{};
};

/// False only if the values are the same: they may differ in their padding alone.
template <typename T>
bool differ(const T& a, const T& b) {
  return std::memcmp(static_cast<const void*>(&a), static_cast<const void*>(&b), sizeof(T)) != 0;
}

}  // namespace detail

/// A bounded FIFO between two kernels (or a kernel and a test), with valid and ready on both sides in RTL.
/// Depth 2 is the register slice which an output has unless told otherwise, and which sustains a value every cycle;
/// depth 1, a value every second cycle, takes a third of that.
template <typename T>
class stream {
 public:
  stream() : stream(2) {}
  explicit stream(std::size_t depth) : ring_(depth), depth_(depth), full_at_(depth) { assert(depth >= 1); }

  /// For Process, which does so for each kernel that has a table: how what the writer writes gets here.
  void set_latency(const PortLatency& latency) {
    const std::size_t reserve = latency.reserves ? static_cast<std::size_t>(latency.stage) : 0;
    line_.resize(latency.stage);
    ring_.resize(depth_ + 2 * reserve);  // see rtl/stream/stream_reserve_fifo.sv
    full_at_ = depth_ + reserve;
  }

  // --- for kernels -----------------------------------------------------------------------------------------------
  /// Takes the oldest value. At most one read a step. A step that reads an empty stream has no effect.
  T read() {
    assert((pending_ & kPop) == 0 && "a step reads a stream at most once");
    if (count_ == 0) {
      pending_ |= kBlocked;
      return T{};
    }
    pending_ |= kPop;
    return ring_[head_].value;
  }
  /// Appends a value. At most one write a step. A step that writes a full stream has no effect.
  void write(const T& value) {
    assert((pending_ & kPush) == 0 && "a step writes a stream at most once");
    if (!line_.empty()) {
      pending_ |= kPush;
      late_ = value;
      return;
    }
    if (count_ == depth_) {
      pending_ |= kBlocked;
      return;
    }
    pending_ |= kPush;
    ring_[tail_].value = value;
  }
  /// For arbiters and edges only: results that depend on it depend on the schedule.
  bool empty() const { return count_ == 0; }
  bool full() const { return count_ >= full_at_; }

  // --- for the caller of kernels ---------------------------------------------------------------------------------
  bool blocked() const { return (pending_ & kBlocked) != 0; }
  // For Process::run: see there.
  bool effect() const { return (pending_ & (kPop | kPush)) != 0; }
  bool matters() const { return true; }
  bool changed() const { return changed_; }
  /// Ends one kernel's step: what it did takes effect at tick() if `fire`, else it never happened.
  void finish(bool fire) {
    if (pending_ == 0) return;
    if (fire) operations_ |= pending_;
    pending_ = 0;
  }
  /// Whether what comes in next finds no room, so that its writer has to wait.
  bool stalls() const { return !line_.empty() && line_.holds_next() && count_ == ring_.size(); }
  /// finish() of a writer that is a pipeline.
  void finish_in_pipeline(bool fire, const detail::PipelineCycle& cycle) {
    if (line_.empty()) return finish(fire);
    const T* arriving = line_.shift(fire && (pending_ & kPush) != 0, late_, cycle);
    pending_ = 0;
    if (arriving == nullptr) return;
    ring_[tail_].value = *arriving;
    operations_ |= kPush;
  }
  /// Ends the cycle.
  void tick() {
    changed_ = operations_ != 0;
    if (operations_ == 0) return;
    if ((operations_ & kPop) != 0) {
      head_ = next(head_);
      --count_;
    }
    if ((operations_ & kPush) != 0) {
      tail_ = next(tail_);
      ++count_;
    }
    operations_ = 0;
  }

  // --- for tests and models, between cycles ------------------------------------------------------------------------
  bool under_way() const { return count_ != 0; }
  std::size_t size() const { return count_; }
  std::size_t depth() const { return depth_; }
  const T& front() const { return ring_[head_].value; }
  /// As a neighbour in the same cycle would: takes effect at tick(). Precondition: !full() / !empty().
  void push(const T& value) {
    write(value);
    finish(true);
  }
  T pop() {
    T value = read();
    finish(true);
    return value;
  }

 private:
  enum : unsigned char { kPop = 1, kPush = 2, kBlocked = 4 };

  std::size_t next(std::size_t index) const { return index + 1 == ring_.size() ? 0 : index + 1; }

  struct Place {
    T value{};  // in a struct, since a std::vector<bool> has no references to give
  };

  std::vector<Place> ring_;
  detail::DelayLine<T> line_;
  T late_{};  // enters the line
  std::size_t depth_;
  std::size_t full_at_;
  std::size_t head_ = 0;
  std::size_t tail_ = 0;
  std::size_t count_ = 0;
  unsigned char pending_ = 0;     // what this step did
  unsigned char operations_ = 0;  // what this cycle's steps did
  bool changed_ = true;
};

/// A signal without handshake: the reader sees, every cycle, what the writer's last fired step wrote (a register).
template <typename T>
class wire {
 public:
  wire() = default;
  explicit wire(const T& reset) : value_(reset), next_(reset) {}

  T read() const {
    was_read_ = true;
    return value_;
  }
  void write(const T& value) {
    pending_ = value;
    write_pending_ = true;
  }

  bool blocked() const { return false; }
  bool effect() const { return write_pending_ && detail::differ(pending_, next_); }
  bool matters() const { return was_read_; }
  bool changed() const { return changed_; }
  void finish(bool fire) {
    was_read_ = false;
    if (!write_pending_) return;
    if (fire) {
      next_ = pending_;
      written_ = true;
    }
    write_pending_ = false;
  }
  void set_latency(const PortLatency& latency) { line_.resize(latency.stage); }
  void finish_in_pipeline(bool fire, const detail::PipelineCycle& cycle) {
    if (line_.empty()) return finish(fire);
    const T* arriving = line_.shift(fire && write_pending_, pending_, cycle);
    was_read_ = false;
    write_pending_ = false;
    if (arriving == nullptr) return;
    next_ = *arriving;
    written_ = true;
  }
  void tick() {
    changed_ = false;
    if (!written_) return;
    changed_ = detail::differ(value_, next_);
    value_ = next_;
    written_ = false;
  }

  // --- for tests and models, between cycles ------------------------------------------------------------------------
  const T& value() const { return value_; }
  bool under_way() const { return false; }
  /// Drives a wire that no kernel writes for the coming cycle, at once.
  void drive(const T& value) {
    changed_ = changed_ || detail::differ(value_, value);
    value_ = next_ = value;
  }

 private:
  T value_{};
  T next_{};
  T pending_{};
  detail::DelayLine<T> line_;
  mutable bool was_read_ = false;
  bool write_pending_ = false;
  bool written_ = false;
  bool changed_ = true;
};

/// Event strobes, one per bit: a register that is zero unless the last cycle's step fired and wrote it.
template <int kBits>
class pulse {
 public:
  void write(const ap_uint<kBits>& bits) { pending_ = bits; }

  ap_uint<kBits> read() const { return value_; }
  bool under_way() const { return value_ != 0; }
  bool blocked() const { return false; }
  bool effect() const { return pending_ != 0; }
  bool matters() const { return false; }
  bool changed() const { return false; }
  void finish(bool fire) {
    next_ = fire ? pending_ : ap_uint<kBits>(0);
    pending_ = 0;
  }
  void set_latency(const PortLatency& latency) { line_.resize(latency.stage); }
  void finish_in_pipeline(bool fire, const detail::PipelineCycle& cycle) {
    if (line_.empty()) return finish(fire);
    const ap_uint<kBits>* arriving = line_.shift(fire && pending_ != 0, pending_, cycle);
    next_ = arriving != nullptr ? *arriving : ap_uint<kBits>(0);
    pending_ = 0;
  }
  void tick() {
    value_ = next_;
    next_ = 0;
  }

 private:
  ap_uint<kBits> value_ = 0;
  ap_uint<kBits> next_ = 0;
  ap_uint<kBits> pending_ = 0;
  detail::DelayLine<ap_uint<kBits> > line_;
};

#endif

/// The wire by which a kernel says that it is busy: see hls/base/dataflow.hpp.
class busy_wire : public wire<bool> {
#if !defined(__SYNTHESIS__)
 public:
  bool under_way() const { return value(); }
#endif
};

}  // namespace sockwire

#endif
