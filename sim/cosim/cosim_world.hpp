// SPDX-License-Identifier: Apache-2.0
// Simulated cards in one time: virtual (a cycle lasts as long as its line rate says, and what is idle is skipped), or
// the wall's, for cards that have something real at the far end of their line.
#pragma once

#include <cstdint>
#include <vector>

#include "host/socket/loop.hpp"
#include "sim/cosim/cosim_card.hpp"
#include "sim/cosim/wall_clock.hpp"

namespace sockwire::sim {

enum class ClockKind : std::uint8_t {
  kVirtual,  ///< now() = cycles of the line's clock; deterministic.
  kWall,     ///< now() = nanoseconds since the world was made, on the machine's monotonic clock.
};

/// What a world has done, for those who measure it.
struct WorldCounters {
  std::uint64_t cycles = 0;          ///< Simulated: each of the cards was stepped that often.
  std::uint64_t skipped_cycles = 0;  ///< Virtual time: left out, because nothing would have happened.
  std::uint64_t waits = 0;           ///< Wall time: how often all was idle, and the outside was waited for.
};

template <int kBytes>
class CosimWorld final : public World {
 public:
  /// cycle_ps: of virtual time that a cycle lasts, in whole tenths of a nanosecond.
  explicit CosimWorld(ClockKind clock, std::uint64_t cycle_ps = sim::cycle_ps<kBytes>())
      : wall_(clock == ClockKind::kWall), tenths_of_ns_per_cycle_(cycle_ps / 100) {}

  /// card: outlives the world. Cards are stepped in the order in which they were added, once each per cycle.
  void add(CosimCard<kBytes>& card) { cards_.push_back(&card); }

  TimePoint now() const override { return TimePoint(Duration(static_cast<std::int64_t>(now_ns_))); }

  bool advance(TimePoint deadline) override {
    const std::uint64_t until_ns =
        deadline == kNever ? kNeverNs : static_cast<std::uint64_t>(deadline.time_since_epoch().count());
    if (cards_.empty()) return false;
    if (wall_) look_outside();
    bool news = false;
    for (CosimCard<kBytes>* card : cards_) news |= card->take_news();
    if (news) return true;
    return cards_.size() == 1 ? run<1>(until_ns) : run<0>(until_ns);
  }

  const WorldCounters& counters() const { return counters_; }

 private:
  /// Steps between two looks at the clock and the outside.
  static constexpr unsigned kStepsPerLook = 128;

  // kCards: their number if it is known, else 0.
  template <int kCards>
  bool run(std::uint64_t until_ns) {
    CosimCard<kBytes>* const* const cards = cards_.data();
    const std::size_t count = kCards != 0 ? static_cast<std::size_t>(kCards) : cards_.size();
    while (now_ns_ < until_ns) {
      bool quiet = true;
      bool news = false;
      for (std::size_t i = 0; i < count; ++i) {
        cards[i]->step(now_ns_);
        quiet = quiet && cards[i]->quiet();
        news |= cards[i]->news();
      }
      ++counters_.cycles;
      ++cycle_;
      if (!wall_) {
        now_ns_ = time_of(cycle_);
      } else if (++steps_since_look_ >= kStepsPerLook) {
        look_outside();
      }
      if (news) return true;
      if (quiet && !pass_idle(until_ns)) return false;
      if (interrupted_) break;
    }
    interrupted_ = false;
    return true;
  }

  // All is quiet until some line or some engine's deadline says otherwise.
  bool pass_idle(std::uint64_t until_ns) {
    std::uint64_t next_ns = until_ns;
    for (CosimCard<kBytes>* card : cards_) {
      next_ns = std::min({next_ns, card->line().next_arrival_ns(), card->deadline_ns()});
    }
    if (next_ns <= now_ns_) return true;
    if (wall_) {
      ++counters_.waits;
      std::vector<int> descriptors;
      for (CosimCard<kBytes>* card : cards_) {
        if (card->line().wait_fd() >= 0) descriptors.push_back(card->line().wait_fd());
      }
      if (next_ns == kNeverNs && descriptors.empty()) return false;
      interrupted_ = !clock_.wait(next_ns, descriptors);  // the caller may want to look at a signal's flag
      look_outside();
      return true;
    }
    if (next_ns == kNeverNs) return false;
    const std::uint64_t next_cycle = cycle_at(next_ns);
    if (next_cycle > cycle_) {
      counters_.skipped_cycles += next_cycle - cycle_;
      cycle_ = next_cycle;
      now_ns_ = time_of(cycle_);
    }
    return true;
  }

  void look_outside() {
    steps_since_look_ = 0;
    now_ns_ = clock_.now_ns();
    for (CosimCard<kBytes>* card : cards_) card->line().poll_outside(now_ns_);
  }

  std::uint64_t time_of(std::uint64_t cycle) const { return cycle * tenths_of_ns_per_cycle_ / 10; }
  /// The first cycle at or after a time.
  std::uint64_t cycle_at(std::uint64_t time_ns) const {
    return (time_ns * 10 + tenths_of_ns_per_cycle_ - 1) / tenths_of_ns_per_cycle_;
  }

  bool wall_;
  std::uint64_t tenths_of_ns_per_cycle_;
  WallClock clock_;
  std::vector<CosimCard<kBytes>*> cards_;
  std::uint64_t cycle_ = 0;
  std::uint64_t now_ns_ = 0;
  unsigned steps_since_look_ = 0;
  bool interrupted_ = false;
  WorldCounters counters_;
};

}  // namespace sockwire::sim
