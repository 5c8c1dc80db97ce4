// SPDX-License-Identifier: Apache-2.0
// One direction of a serial link, 1000BASE-X or 10GBASE-R: a driver, a fibre or a backplane, and a receiver that
// recovers bits and cuts them into symbols wherever it began. Everything that goes wrong is seeded.
//
//   drive(symbol) -> flips, bursts, slips -> delay -> elastic store -> observe(): the next 10 or 66 bits
//
// The receiver's symbols are those of its recovered clock. If it is stepped by another one all the same, the elastic
// store, which begins with two symbols, runs empty or full some time: then symbols come twice or are lost.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "sim/dut/line_port.hpp"
#include "sim/phy/channel.hpp"
#include "sim/phy/medium.hpp"
#include "sim/phy/random.hpp"

namespace sockwire::sim {

/// Value-initialised it is ten metres of perfect fibre. Rates are per bit.
struct SerialSettings {
  double length_m = 10;
  double delay_ns_per_m = 5;
  double bit_error_rate = 0;  ///< of bits that flip by themselves
  double burst_rate = 0;      ///< of bursts that begin
  int burst_bits = 40;        ///< length of a burst; each of its bits flips with a chance of one half
  double slip_rate = 0;       ///< of bits that are lost or come twice, one as often as the other
  int alignment = -1;         ///< bits of a symbol before the receiver's first, below its width; -1: seeded
};

struct SerialCounters {
  std::uint64_t bit_errors = 0;  ///< bits flipped, bursts' too
  std::uint64_t bursts = 0;
  std::uint64_t slips = 0;  ///< those of the elastic store too
};

/// Bits in order, any number at a time.
class BitQueue {
 public:
  std::size_t size() const { return size_; }
  void clear() { size_ = 0; }
  /// The lowest `count` bits of `bits`, lowest first; at most 64.
  void append(std::uint64_t bits, int count);
  /// The oldest `count`, at most 64. Precondition: there are so many.
  std::uint64_t take(int count);

 private:
  void grow();

  std::vector<std::uint64_t> words_ = std::vector<std::uint64_t>(16);  ///< a ring; its size is a power of two
  std::size_t head_ = 0;                                               ///< in bits, of the ring
  std::size_t size_ = 0;
};

/// Code: Code1000BaseX or Code10GBaseR.
template <typename Code>
class SerialLink final : public Medium<Code> {
 public:
  SerialLink(const SerialSettings& settings, std::uint64_t seed);

  void drive(std::int64_t time_fs, const typename Code::TxSymbol& symbol) override;
  typename Code::RxSymbol observe(std::int64_t time_fs) override;

  /// Unplugged, the receiver sees no transitions, and what is under way is lost. Replugged, it cuts the bits anew.
  void plug(bool plugged);

  SerialCounters counters() const;

 private:
  /// Bits of a symbol that a receiver may use from `arrival_fs` on.
  struct Arrival {
    std::int64_t arrival_fs;
    int bits;
  };

  void send(std::uint64_t bits, int count);
  std::uint64_t upset(std::uint64_t bits, int count);
  void start();
  typename Code::RxSymbol take();

  SerialSettings settings_;
  BitErrors errors_;
  Random random_;
  std::uint64_t to_burst_;  ///< bits until the next
  std::uint64_t to_slip_;   ///< bits until the next
  int burst_left_ = 0;      ///< bits
  int skip_ = 0;            ///< bits that the receiver's alignment leaves out
  bool plugged_ = true;
  bool running_ = false;  ///< the elastic store has filled
  int sent_ = 0;          ///< bits of the symbol that is being driven
  BitQueue bits_;         ///< under way, and in the elastic store
  std::deque<Arrival> under_way_;
  std::size_t arrived_ = 0;  ///< how many of bits_ are in the elastic store
  typename Code::RxSymbol last_{};
  SerialCounters counters_;
};

}  // namespace sockwire::sim
