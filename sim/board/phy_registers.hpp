// SPDX-License-Identifier: Apache-2.0
// A PHY's side of MDC and MDIO (IEEE 802.3 clause 22.2.4.5), bit by bit: what a station manager must put up with.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace sockwire::sim {

class PhyRegisters {
 public:
  explicit PhyRegisters(unsigned address) : address_(address) {}

  /// The pins at a time, in ns, that never goes back. Returns MDIO as the wire shows it: pulled up where nobody drives.
  bool pins(double now_ns, bool mdc, bool driven, bool mdio) {
    const bool wire = driven ? mdio : drives_ ? out_ : true;
    conflict_ |= driven && drives_;
    if (wire != wire_) changed_ns_ = now_ns;
    wire_ = wire;
    if (mdc && !mdc_) rise(now_ns, wire);
    mdc_ = mdc;
    if (shown_pending_ && now_ns >= shown_ns_) {
      shown_pending_ = false;
      drives_ = next_drives_;
      out_ = next_out_;
    }
    return driven ? mdio : drives_ ? out_ : true;
  }

  void hardware_reset() { ones_ = bits_ = 0; }

  std::array<std::uint16_t, 32> registers{};
  bool answers = true;
  double answer_delay_ns = 300;  ///< clause 22.3.4: 0 to 300 ns after MDC rises

  /// Registers in the order in which they were read.
  const std::vector<unsigned>& reads() const { return reads_; }
  bool conflict() const { return conflict_; }  ///< both ends drove
  double shortest_period_ns() const { return period_ns_; }
  double shortest_setup_ns() const { return setup_ns_; }
  int malformed() const { return malformed_; }  ///< frames that were none, for this PHY or any

 private:
  void rise(double now_ns, bool bit) {
    if (last_rise_ns_ > 0 && now_ns - last_rise_ns_ < period_ns_) period_ns_ = now_ns - last_rise_ns_;
    if (now_ns - changed_ns_ < setup_ns_ && bits_ < 14) setup_ns_ = now_ns - changed_ns_;
    last_rise_ns_ = now_ns;
    if (bits_ == 0) {  // the preamble: 32 ones or more, then the start's zero
      if (bit) {
        ++ones_;
      } else {
        malformed_ += ones_ < 32;
        ones_ = 0;
        frame_ = 0;
        bits_ = 1;
      }
      return;
    }
    if (bits_ < 14) frame_ = frame_ << 1 | unsigned(bit);
    ++bits_;
    if (bits_ == 14) decode();
    if (bits_ >= 15) answer(now_ns);
    if (bits_ == 32) bits_ = 0;
  }

  void decode() {  // 1, operation, PHY's address, register
    malformed_ += (frame_ >> 10) != 0b110;
    mine_ = answers && (frame_ >> 5 & 31) == address_;
    if (mine_) reads_.push_back(frame_ & 31);
  }

  /// After the rise that ended bit 15 (the turnaround's first) comes its second, a zero; then the register.
  void answer(double now_ns) {
    next_drives_ = mine_ && bits_ < 32;
    next_out_ = bits_ > 15 && (registers[frame_ & 31] >> (31 - bits_) & 1) != 0;
    shown_ns_ = now_ns + answer_delay_ns;
    shown_pending_ = true;
  }

  unsigned address_;
  bool wire_ = true;
  bool mdc_ = false;
  bool drives_ = false, out_ = false;
  bool shown_pending_ = false, next_drives_ = false, next_out_ = false;
  double shown_ns_ = 0;
  int ones_ = 0;
  int bits_ = 0;  // since the start's zero, which is the first
  unsigned frame_ = 0;
  bool mine_ = false;
  double changed_ns_ = 0;
  double last_rise_ns_ = 0;
  double period_ns_ = 1e9;
  double setup_ns_ = 1e9;
  int malformed_ = 0;
  bool conflict_ = false;
  std::vector<unsigned> reads_;
};

}  // namespace sockwire::sim
