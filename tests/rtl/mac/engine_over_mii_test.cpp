// SPDX-License-Identifier: Apache-2.0
// The engine behind the MII adapter at 100 Mb/s: 125 MHz for the engine, 25 MHz for the nibbles, whose receive clock is
// the peer's. The cable loops what is sent back to the receiver.
//
//   engine_w1 --line_tx--> mii_adapter --mii_txd--+
//   engine_w1 <--line_rx-- mii_adapter <--mii_rxd-+
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "Vmii_adapter_rtl.h"
#include "sim/dut/engine.hpp"
#include "tests/sim/dut/line_frames.hpp"
#include "tests/sim/dut/messages.hpp"

namespace sockwire::sim {
namespace {

constexpr int kNsPerNibble = 40;
constexpr unsigned kEpoch = 1;

class EngineOverMii {
 public:
  explicit EngineOverMii(std::unique_ptr<Engine<1>> engine) : engine_(std::move(engine)) {
    for (int level : {1, 0, 1}) {
      mii_.rst_ni = mii_.mii_tx_rst_ni = mii_.mii_rx_rst_ni = level;
      mii_.eval();
    }
    CommandHeader hello;
    hello.epoch = kEpoch;
    send(command(hello));
    CommandHeader promiscuous;
    promiscuous.type = card::Command::kWriteRegister;
    promiscuous.epoch = kEpoch;
    promiscuous.seq = static_cast<std::uint32_t>(card::Register::kFilter);
    promiscuous.arg = static_cast<std::uint32_t>(card::FilterBit::kPromiscuous);
    send(command(promiscuous));
  }

  void send(const Message& message) {
    for (const Beat<1>& beat : beats_of<1>(message)) commands_.push_back(beat);
  }

  /// A nanosecond at a time; the receive clock is `ppm` fast.
  void run_ns(int duration, double ppm = 0) {
    const double rx_half_ns = 20.0 / (1 + ppm * 1e-6);
    for (const int end = now_ + duration; now_ < end; ++now_) {
      if (now_ % 8 == 0) engine_cycle();
      if (now_ % 8 == 4) set(mii_.clk_i, 0);
      if (now_ % 20 == 3) set(mii_.mii_tx_clk_i, !mii_.mii_tx_clk_i);
      if (now_ % kNsPerNibble == 3) sample_nibble();
      if (now_ < rx_next_edge_) continue;
      rx_next_edge_ += rx_half_ns;
      set(mii_.mii_rx_clk_i, !mii_.mii_rx_clk_i);
      if (!mii_.mii_rx_clk_i) deliver_nibble();
    }
  }

  std::vector<Message> received() const {
    std::vector<Message> frames;
    for (const Message& event : events_) {
      if (event.at(0) != static_cast<unsigned>(card::Event::kReceive)) continue;
      frames.emplace_back(event.begin() + card::kHeaderBytes, event.end());
    }
    return frames;
  }
  /// Nibbles without TX_EN between two frames.
  const std::vector<int>& gaps() const { return gaps_; }
  const std::vector<int>& frame_nibbles() const { return frame_nibbles_; }

 private:
  void set(CData& clock, int level) {
    clock = static_cast<CData>(level);
    mii_.eval();
  }

  // All registers move together: what the engine showed before the edge goes to the adapter, and the other way round.
  void engine_cycle() {
    const EngineOutputs<1>& outputs = engine_->outputs();
    EngineInputs<1> inputs;
    inputs.now_ns = static_cast<std::uint64_t>(now_);
    inputs.tx_enable = mii_.line_tx_enable_o;
    inputs.rx_enable = mii_.line_rx_enable_o;
    inputs.line_rx.data = mii_.line_rx_data_o;
    inputs.line_rx.valid = mii_.line_rx_valid_o;
    inputs.line_rx.error = mii_.line_rx_error_o;
    inputs.line_rx.dribble = mii_.line_rx_dribble_o;
    inputs.command_valid = !commands_.empty();
    if (inputs.command_valid) {
      inputs.command = commands_.front();
      if (outputs.command_ready) commands_.erase(commands_.begin());
    }
    if (outputs.event_valid && append_beat(event_, outputs.event)) {
      events_.push_back(event_);
      event_.clear();
    }
    mii_.line_tx_data_i = static_cast<CData>(outputs.line_tx.data);
    mii_.line_tx_valid_i = outputs.line_tx.valid;
    mii_.line_tx_error_i = outputs.line_tx.error;
    engine_->step(inputs);
    set(mii_.clk_i, 1);
  }

  void sample_nibble() {
    if (mii_.mii_tx_en_o) {
      if (gap_ > 0) {
        if (!frame_nibbles_.empty()) gaps_.push_back(gap_);
        frame_nibbles_.push_back(0);
      }
      gap_ = 0;
      ++frame_nibbles_.back();
    } else {
      ++gap_;
    }
    wire_.push_back({static_cast<std::uint8_t>(mii_.mii_txd_o), bool(mii_.mii_tx_en_o)});
  }

  void deliver_nibble() {
    const bool has = delivered_ < wire_.size();
    mii_.mii_rx_dv_i = has && wire_[delivered_].second;
    mii_.mii_rxd_i = has ? wire_[delivered_].first : 0;
    if (has) ++delivered_;
  }

  std::unique_ptr<Engine<1>> engine_;
  VerilatedContext context_;
  Vmii_adapter_rtl mii_{&context_};
  std::vector<Beat<1>> commands_;
  Message event_;
  std::vector<Message> events_;
  int now_ = 1;
  double rx_next_edge_ = 400 * kNsPerNibble;  // far enough behind for either clock to be the faster one
  std::vector<std::pair<std::uint8_t, bool>> wire_;
  std::size_t delivered_ = 0;
  std::vector<int> frame_nibbles_;
  std::vector<int> gaps_;
  int gap_ = 1;
};

Message frame_of(std::size_t bytes, unsigned seed) {
  Message frame(bytes);
  for (std::size_t i = 0; i < bytes; ++i) frame[i] = static_cast<std::uint8_t>(i * 37 + seed * 11);
  frame[0] &= 0xFE;  // to one station
  return frame;
}

Message frame_command(const Message& frame) {
  CommandHeader header;
  header.type = card::Command::kFrame;
  header.epoch = kEpoch;
  return command(header, frame);
}

class OverMii : public testing::TestWithParam<bool> {
 protected:
  EngineOverMii line_{GetParam() ? make_native_engine<1>(1) : make_verilated_engine<1>(1)};
};
INSTANTIATE_TEST_SUITE_P(Engines, OverMii, testing::Values(true, false),
                         [](const auto& instance) { return instance.param ? "native" : "verilated"; });

// IEEE 802.3 clause 22.2.3: preamble, SFD, frame and FCS as nibbles; clause 4.4.2: 96 bit times, 24 nibbles, between
// frames.
TEST_P(OverMii, FramesCrossAtAHundredMegabitsWithTheSmallestGap) {
  const std::vector<Message> sent = {frame_of(1514, 1), frame_of(777, 2), frame_of(1514, 3), frame_of(60, 4)};
  line_.run_ns(5'000);
  line_.send(frame_command(sent[0]));
  line_.send(frame_command(sent[1]));  // the card has room for two
  line_.run_ns(140'000);
  line_.send(frame_command(sent[2]));
  line_.run_ns(100'000);
  line_.send(frame_command(sent[3]));
  line_.run_ns(200'000);
  ASSERT_EQ(line_.frame_nibbles().size(), sent.size());
  for (std::size_t i = 0; i < sent.size(); ++i) {
    EXPECT_EQ(line_.frame_nibbles()[i], static_cast<int>(2 * (8 + sent[i].size() + 4))) << "frame " << i;
  }
  EXPECT_EQ(line_.gaps(), std::vector<int>(sent.size() - 1, 24));
  EXPECT_EQ(line_.received(), sent);
}

// Clause 22.2.2.2: the receive clock may be 100 ppm off.
TEST_P(OverMii, FramesComeInFromAClockThatIsFasterOrSlower) {
  const Message frame = frame_of(1514, 5);
  std::vector<Message> sent;
  for (const double ppm : {-100.0, 100.0}) {
    sent.push_back(frame);
    line_.send(frame_command(frame));
    line_.run_ns(200'000, ppm);
    EXPECT_EQ(line_.received(), sent) << ppm << " ppm";
  }
}

}  // namespace
}  // namespace sockwire::sim
