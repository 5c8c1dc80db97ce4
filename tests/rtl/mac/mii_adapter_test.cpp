// SPDX-License-Identifier: Apache-2.0
// Three clocks: the engine's (125 or 120 MHz), MII transmit (25 MHz in any phase, or 2.5), MII receive (25 MHz,
// drifting). Time moves in sixths of a nanosecond, of which 24 and 25 are half a period of the engine's.
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "Vmii_adapter_rtl.h"

namespace sockwire {
namespace {

using Bytes = std::vector<std::uint8_t>;

class MiiAdapter : public testing::Test {
 protected:
  struct Nibble {
    std::uint8_t data;
    bool error;
  };
  struct RxByte {
    std::uint8_t data;
    bool error;
  };

  MiiAdapter() {
    set_resets(1);
    set_resets(0);
    set_resets(1);
  }

  void set_resets(int level) {
    model_.rst_ni = model_.mii_tx_rst_ni = model_.mii_rx_rst_ni = level;
    model_.eval();
  }

  void run_ns(int duration) {
    for (const long end = now_ + duration * 6L; now_ < end; ++now_) {
      bool changed = false;
      if (now_ % engine_half_ == 0) changed |= edge_engine();
      if ((now_ + tx_phase_ns_ * 6) % tx_half_ == 0) changed |= edge_mii_tx();
      if (static_cast<double>(now_) >= rx_next_edge_ * 6) changed |= edge_mii_rx();
      if (changed) model_.eval();
    }
  }

  bool edge_engine() {
    if (model_.clk_i) {
      model_.clk_i = 0;
      return true;
    }
    const bool tx_moves = model_.line_tx_enable_o;
    if (model_.line_rx_enable_o) {
      if (model_.line_rx_valid_o) received_.push_back({model_.line_rx_data_o, bool(model_.line_rx_error_o)});
      if (!model_.line_rx_valid_o && was_valid_) ends_.push_back(received_.size());
      dribbles_ += model_.line_rx_dribble_o;
      was_valid_ = model_.line_rx_valid_o;
    }
    model_.clk_i = 1;
    model_.eval();
    if (tx_moves) {  // as mac_tx's output register
      const bool more = tx_next_ < to_send_.size();
      model_.line_tx_valid_i = more && to_send_[tx_next_] >= 0;
      model_.line_tx_data_i = more ? static_cast<std::uint8_t>(to_send_[tx_next_]) : 0;
      if (more) ++tx_next_;
      ++byte_times_;
    }
    return true;
  }

  bool edge_mii_tx() {
    model_.mii_tx_clk_i = !model_.mii_tx_clk_i;
    if (model_.mii_tx_clk_i) {
      if (model_.mii_tx_en_o) {
        if (gap_ > 0) gaps_.push_back(gap_);
        gap_ = 0;
        nibbles_.push_back(model_.mii_txd_o);
        tx_errors_ += model_.mii_tx_er_o;
      } else {
        ++gap_;
      }
    }
    return true;
  }

  bool edge_mii_rx() {
    rx_next_edge_ += rx_half_ns_;
    model_.mii_rx_clk_i = !model_.mii_rx_clk_i;
    model_.eval();
    if (!model_.mii_rx_clk_i) {  // the PHY changes its outputs on the falling edge
      const bool more = rx_next_ < rx_nibbles_.size();
      model_.mii_rx_dv_i = more;
      model_.mii_rxd_i = more ? rx_nibbles_[rx_next_].data : 0;
      model_.mii_rx_er_i = more && rx_nibbles_[rx_next_].error;
      if (more) ++rx_next_;
    }
    return true;
  }

  /// A frame as nibbles, with so many nibbles of preamble before the SFD's last one.
  void receive(const Bytes& frame, int preamble_nibbles, bool dribble = false) {
    rx_nibbles_.clear();
    rx_next_ = 0;
    for (int i = 0; i < preamble_nibbles; ++i) rx_nibbles_.push_back({0x5, false});
    rx_nibbles_.push_back({0xD, false});
    for (std::uint8_t byte : frame) {
      rx_nibbles_.push_back({static_cast<std::uint8_t>(byte & 15), false});
      rx_nibbles_.push_back({static_cast<std::uint8_t>(byte >> 4), false});
    }
    if (dribble) rx_nibbles_.push_back({0xA, false});
  }

  /// What came out of the receive line after the SFD.
  Bytes payload() const {
    Bytes out;
    bool data = false;
    for (const RxByte& byte : received_) {
      if (data) out.push_back(byte.data);
      data |= byte.data == 0xD5;
    }
    return out;
  }

  Vmii_adapter_rtl model_;
  long now_ = 1;  // sixths of a nanosecond, as the next two
  int engine_half_ = 24;
  int tx_half_ = 120;
  int tx_phase_ns_ = 3;
  double rx_half_ns_ = 20.0;
  double rx_next_edge_ = 7.0;

  std::vector<int> to_send_;  // one a byte time; -1 is idle
  std::size_t tx_next_ = 0;
  int byte_times_ = 0;
  Bytes nibbles_;
  std::vector<int> gaps_;
  int gap_ = 0;
  int tx_errors_ = 0;

  std::vector<Nibble> rx_nibbles_;
  std::size_t rx_next_ = 0;
  std::vector<RxByte> received_;
  std::vector<std::size_t> ends_;
  int dribbles_ = 0;
  bool was_valid_ = false;
};

Bytes pattern(int length) {
  Bytes bytes;
  for (int i = 0; i < length; ++i) bytes.push_back(static_cast<std::uint8_t>(i * 37 + 11));
  return bytes;
}

// IEEE 802.3 clause 22.2.3: the low nibble of each octet first. 100 Mb/s is 12.5 million octets a second.
TEST_F(MiiAdapter, SendsTheLowNibbleFirstAtAHundredMegabits) {
  const Bytes frame = pattern(300);
  to_send_.assign(frame.begin(), frame.end());
  run_ns(40000);
  ASSERT_EQ(nibbles_.size(), 600u);
  for (std::size_t i = 0; i < frame.size(); ++i) {
    ASSERT_EQ(nibbles_[2 * i], frame[i] & 15) << i;
    ASSERT_EQ(nibbles_[2 * i + 1], frame[i] >> 4) << i;
  }
  EXPECT_NEAR(byte_times_, 40000 / 80, 17);  // 16 wait in the FIFO
  EXPECT_EQ(tx_errors_, 0);
}

// Clause 22.2.2.1: TX_CLK is a quarter of the rate, 2.5 MHz at 10 Mb/s.
TEST_F(MiiAdapter, TheLineWaitsForAPhyOfTenMegabits) {
  tx_half_ = 1200;
  const Bytes frame = pattern(100);
  to_send_.assign(frame.begin(), frame.end());
  run_ns(120'000);
  ASSERT_EQ(nibbles_.size(), 200u);
  for (std::size_t i = 0; i < frame.size(); ++i) {
    ASSERT_EQ(nibbles_[2 * i] | nibbles_[2 * i + 1] << 4, frame[i]) << i;
  }
  EXPECT_NEAR(byte_times_, 120'000 / 800, 17);
  EXPECT_EQ(tx_errors_, 0);
}

// Clause 4.4.2: 96 bit times between frames, 24 nibbles; what the MAC leaves is what the wire gets.
TEST_F(MiiAdapter, KeepsTheGapOfTwelveBytesAtEveryPhaseOfTheClocks) {
  for (int at = 0; at < 40; ++at) {
    engine_half_ = at < 20 ? 24 : 25;
    tx_phase_ns_ = at % 20;
    gaps_.clear();
    to_send_.clear();
    tx_next_ = 0;
    for (int frame = 0; frame < 5; ++frame) {
      for (int i = 0; i < 64; ++i) to_send_.push_back(i);
      for (int i = 0; i < 12; ++i) to_send_.push_back(-1);
    }
    run_ns(80 * 76 * 6);
    ASSERT_EQ(gaps_.size(), 5u) << "phase " << tx_phase_ns_;
    for (int frame = 1; frame < 5; ++frame) EXPECT_EQ(gaps_[frame], 24) << "phase " << tx_phase_ns_;
  }
  EXPECT_EQ(tx_errors_, 0);
}

TEST_F(MiiAdapter, ReceivesFromAClockThatDrifts) {
  for (double half : {19.998, 20.0, 20.002}) {  // 100 ppm each way, clause 22.2.2.2
    rx_half_ns_ = half;
    received_.clear();
    receive(pattern(1518), 15);
    run_ns(130000);
    EXPECT_EQ(payload(), pattern(1518)) << half;
  }
  EXPECT_EQ(ends_.size(), 3u);
  EXPECT_EQ(dribbles_, 0);
}

// Clause 22.2.3.2.1: a PHY may lose any part of the preamble, so the SFD alone says where bytes start.
TEST_F(MiiAdapter, FindsBytesAfterAnyNumberOfPreambleNibbles) {
  for (int preamble = 1; preamble <= 16; ++preamble) {
    received_.clear();
    receive(pattern(64), preamble);
    run_ns(10000);
    EXPECT_EQ(payload(), pattern(64)) << preamble << " nibbles";
  }
}

TEST_F(MiiAdapter, TellsOfAnOddNibbleOnce) {
  receive(pattern(64), 15, true);
  run_ns(10000);
  EXPECT_EQ(payload(), pattern(64));
  EXPECT_EQ(dribbles_, 1);
}

TEST_F(MiiAdapter, MarksTheByteThatThePhySpoilt) {
  receive(pattern(64), 15);
  rx_nibbles_[16 + 2 * 10].error = true;
  rx_nibbles_[16 + 2 * 20 + 1].error = true;
  run_ns(10000);
  std::vector<std::size_t> spoilt;
  for (std::size_t i = 0; i < received_.size(); ++i) {
    if (received_[i].error) spoilt.push_back(i);
  }
  EXPECT_EQ(spoilt, (std::vector<std::size_t>{8 + 10, 8 + 20}));
}

}  // namespace
}  // namespace sockwire
