// SPDX-License-Identifier: Apache-2.0
// A second card at the far end of a card's line, on the same clock: whoever steps the near engine steps it, too.
#pragma once

#include <algorithm>

#include "sim/cosim/cosim_card.hpp"
#include "sim/phy/cable.hpp"

namespace sockwire::sim {

class FarCard final : public LinePeer<1> {
 public:
  /// near_end: of the cable that the far card has the other end of. Both outlive it.
  FarCard(LinePeer<1>& near_end, CosimCard<1>& far) : near_end_(near_end), far_(far) {}

  LineInputs<1> exchange(std::uint64_t now_ns, const Line<1>& from_engine) override {
    const LineInputs<1> inputs = near_end_.exchange(now_ns, from_engine);
    far_.step(now_ns);
    return inputs;
  }

  std::uint64_t next_arrival_ns() const override {
    if (!far_.quiet()) return 0;
    return std::min({near_end_.next_arrival_ns(), far_.line().next_arrival_ns(), far_.deadline_ns()});
  }

 private:
  LinePeer<1>& near_end_;
  CosimCard<1>& far_;
};

}  // namespace sockwire::sim
