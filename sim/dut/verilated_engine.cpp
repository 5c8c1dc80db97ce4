// SPDX-License-Identifier: Apache-2.0
#include <verilated.h>
#include <verilated_fst_c.h>

#include <stdexcept>
#include <type_traits>

#include "Vengine_w1.h"
#include "Vengine_w1_traced.h"
#include "Vengine_w8.h"
#include "Vengine_w8_traced.h"
#include "sim/dut/engine.hpp"

namespace sockwire::sim {

namespace {

// Verilator's types of a port by its width: up to 64 bits an unsigned integer, above it words of 32 bits.

template <typename Port>
void put(Port& port, std::uint64_t low, std::uint64_t high, int low_bits) {
  if constexpr (std::is_integral_v<Port>) {
    port = static_cast<Port>(low | (high << low_bits));
  } else {
    static_assert(sizeof(port) == 12, "65 to 96 bits");
    port[0] = static_cast<std::uint32_t>(low);
    port[1] = static_cast<std::uint32_t>(low >> 32);
    port[2] = static_cast<std::uint32_t>(high);
  }
}

template <typename Port>
std::uint64_t low_bits_of(const Port& port) {
  if constexpr (std::is_integral_v<Port>) {
    return port;
  } else {
    return port[0] | (static_cast<std::uint64_t>(port[1]) << 32);
  }
}

/// The bits from `low_bits` on, which is 64 if they do not fit an integer.
template <typename Port>
std::uint64_t high_bits_of(const Port& port, int low_bits) {
  if constexpr (std::is_integral_v<Port>) {
    return static_cast<std::uint64_t>(port) >> low_bits;
  } else {
    return port[2];
  }
}

// Fields lie in the order of their declaration (hls/base/beat.hpp, hls/top/ports.hpp), the first lowest.

template <int kBytes, typename Port>
void put_beat(Port& port, const Beat<kBytes>& beat) {
  put(port, beat.data, beat.keep | (static_cast<std::uint64_t>(beat.last) << kBytes), 8 * kBytes);
}

template <int kBytes, typename Port>
Beat<kBytes> beat_of(const Port& port) {
  const std::uint64_t high = high_bits_of(port, 8 * kBytes);
  Beat<kBytes> beat;
  beat.data = low_bits_of(port);
  beat.keep = high;
  beat.last = (high >> kBytes) & 1;
  return beat;
}

template <typename Port>
void put_line(Port& port, const Line<1>& line) {
  put(port, line.data, line.valid | (line.error << 1) | (line.dribble << 2), 8);
}

template <typename Port>
void put_line(Port& port, const Line<8>& line) {
  put(port, line.data, line.control, 64);
}

template <typename Port>
void get_line(const Port& port, Line<1>& line) {
  line.data = low_bits_of(port);
  line.valid = (port >> 8) & 1;
  line.error = (port >> 9) & 1;
}

template <typename Port>
void get_line(const Port& port, Line<8>& line) {
  line.data = low_bits_of(port);
  line.control = high_bits_of(port, 64);
}

/// Two models: what can be traced runs at half the speed, traced or not.
template <int kBytes, bool kTraced>
using Model = std::conditional_t<kTraced, std::conditional_t<kBytes == 1, Vengine_w1_traced, Vengine_w8_traced>,
                                 std::conditional_t<kBytes == 1, Vengine_w1, Vengine_w8>>;

template <int kBytes, bool kTraced>
class VerilatedEngine final : public Engine<kBytes> {
 public:
  VerilatedEngine(std::uint32_t boot_id, [[maybe_unused]] const WaveOptions& wave) : model_(&context_) {
    if constexpr (kTraced) {
      if (wave.cycle_ps != 0) cycle_ps_ = wave.cycle_ps;
      open_trace(wave.fst_path);
    }
    model_.boot_id_i = boot_id;
    put_line(model_.line_rx_i, Line<kBytes>{});
    // An asynchronous reset needs its edge, and the memories' reset values a clock.
    model_.rst_ni = 1;
    model_.eval();
    model_.rst_ni = 0;
    clock();
    clock();
    model_.rst_ni = 1;
    model_.eval();
    show();
  }
  ~VerilatedEngine() override {
    if constexpr (kTraced) trace_->close();
    model_.final();
  }
  VerilatedEngine(const VerilatedEngine&) = delete;
  VerilatedEngine& operator=(const VerilatedEngine&) = delete;

  const EngineOutputs<kBytes>& outputs() const override { return outputs_; }

  void step(const EngineInputs<kBytes>& inputs) override {
    model_.now_ns_i = inputs.now_ns;
    model_.s_commands_valid_i = inputs.command_valid;
    put_beat(model_.s_commands_data_i, inputs.command);
    model_.m_events_ready_i = inputs.event_ready;
    put_line(model_.line_rx_i, inputs.line_rx);
    model_.tx_enable_i = inputs.tx_enable;
    model_.rx_enable_i = inputs.rx_enable;
    clock();
    show();
  }

 private:
  void open_trace(const std::string& path) {
    context_.traceEverOn(true);
    trace_ = std::make_unique<VerilatedFstC>();
    model_.trace(trace_.get(), 99);
    trace_->set_time_unit("ps");
    trace_->set_time_resolution("ps");
    trace_->open(path.c_str());
    if (!trace_->isOpen()) throw std::runtime_error("cannot write the waveform " + path);
  }

  // Inputs take effect before the edge that is evaluated with them.
  void clock() {
    model_.clk_i = 1;
    model_.eval();
    if constexpr (kTraced) trace_->dump(time_ps_);
    model_.clk_i = 0;
    model_.eval();
    if constexpr (kTraced) trace_->dump(time_ps_ + cycle_ps_ / 2);
    time_ps_ += cycle_ps_;
  }

  void show() {
    outputs_.command_ready = model_.s_commands_ready_o;
    outputs_.event_valid = model_.m_events_valid_o;
    if (outputs_.event_valid) outputs_.event = beat_of<kBytes>(model_.m_events_data_o);
    get_line(model_.line_tx_o, outputs_.line_tx);
    outputs_.idle = model_.idle_o;
    const bool due = model_.deadline_o[0] & 1;  // Deadline{valid, time_ns}: 65 bits
    outputs_.deadline_ns = !due ? ~0ULL
                                : (model_.deadline_o[0] >> 1) |
                                      (static_cast<std::uint64_t>(model_.deadline_o[1]) << 31) |
                                      (static_cast<std::uint64_t>(model_.deadline_o[2]) << 63);
  }

  VerilatedContext context_;
  Model<kBytes, kTraced> model_;
  std::unique_ptr<VerilatedFstC> trace_;
  std::uint64_t cycle_ps_ = cycle_ps<kBytes>();
  std::uint64_t time_ps_ = 0;
  EngineOutputs<kBytes> outputs_;
};

}  // namespace

template <int kBytes>
std::unique_ptr<Engine<kBytes>> make_verilated_engine(std::uint32_t boot_id, const WaveOptions& wave) {
  if (wave.fst_path.empty()) return std::make_unique<VerilatedEngine<kBytes, false>>(boot_id, wave);
  return std::make_unique<VerilatedEngine<kBytes, true>>(boot_id, wave);
}

template std::unique_ptr<Engine<1>> make_verilated_engine<1>(std::uint32_t boot_id, const WaveOptions& wave);
template std::unique_ptr<Engine<8>> make_verilated_engine<8>(std::uint32_t boot_id, const WaveOptions& wave);

}  // namespace sockwire::sim
