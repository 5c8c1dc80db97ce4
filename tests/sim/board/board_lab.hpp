// SPDX-License-Identifier: Apache-2.0
// Two hosts in virtual time, as SerialLab has them; the near card is the Arty's RTL on its SystemC platform. One in a
// process.
#pragma once

#include "sim/board/arty_board.hpp"
#include "tests/sim/usb/serial_lab.hpp"

namespace sockwire::test {

class BoardLab {
 public:
  explicit BoardLab(const sim::BoardClocks& clocks, const SerialLabOptions& options = {})
      : lab_(with_board(options, clocks)) {}

  SerialLab& lab() { return lab_; }
  sim::ArtyBoard& board() { return card_->board(); }

 private:
  SerialLabOptions with_board(SerialLabOptions options, const sim::BoardClocks& clocks) {
    sc_core::sc_set_time_resolution(1, sc_core::SC_FS);
    options.make_card = [this, clocks](SerialLab& lab, sim::LinePeer<1>& line) {
      auto card = std::make_unique<sim::BoardOnUart>(line, clocks, [&lab] { return lab.chip().uart().baud(); });
      card_ = card.get();
      return card;
    };
    return options;
  }

  sim::BoardOnUart* card_ = nullptr;
  SerialLab lab_;
};

}  // namespace sockwire::test
