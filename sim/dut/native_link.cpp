// SPDX-License-Identifier: Apache-2.0
#include "hls/link/uart_link.hpp"
#include "sim/dut/link_port.hpp"
#include "uart_link_latency.hpp"

namespace sockwire::sim {

namespace {

class NativeLink final : public LinkPort {
 public:
  NativeLink() {
    UartLinkLatency::apply(parts_);
    show();
  }

  const LinkOutputs& outputs() const override { return outputs_; }

  void step(const LinkInputs& inputs) override {
    ticks_.drive(inputs.now_ns >> kLinkTickLog2);
    now_ns_ = inputs.now_ns;
    phy_.drive(inputs.phy);
    line_busy_.drive(inputs.line_busy);
    if (inputs.line_rx_valid && outputs_.line_rx_ready) line_rx_.push(inputs.line_rx);
    if (inputs.event_valid && outputs_.event_ready) events_.push(inputs.event);
    if (inputs.command_ready && outputs_.command_valid) commands_.pop();
    if (inputs.line_tx_ready && outputs_.line_tx_valid) line_tx_.pop();
    uart_link(parts_, line_rx_, line_busy_, events_, ticks_, phy_, commands_, line_tx_, divisor_, counters_,
              receive_counters_, deadline_);
    tick(line_rx_, line_busy_, events_, ticks_, phy_, commands_, line_tx_, divisor_, counters_, receive_counters_,
         deadline_);
    parts_.nets([](auto&... nets) { tick(nets...); });
    show();
  }

 private:
  void show() {
    outputs_.line_rx_ready = !line_rx_.full();
    outputs_.event_ready = !events_.full();
    outputs_.command_valid = !commands_.empty();
    if (outputs_.command_valid) outputs_.command = commands_.front();
    outputs_.line_tx_valid = !line_tx_.empty();
    if (outputs_.line_tx_valid) outputs_.line_tx = static_cast<std::uint8_t>(line_tx_.front());
    outputs_.divisor = static_cast<unsigned>(divisor_.value());
    outputs_.counted = static_cast<unsigned>(counters_.read());
    outputs_.receive_counted = static_cast<unsigned>(receive_counters_.read());
    const bool active = line_rx_.under_way() || events_.under_way() || commands_.under_way() || line_tx_.under_way() ||
                        counters_.under_way() || receive_counters_.under_way() ||
                        parts_.nets([](const auto&... nets) { return (nets.under_way() || ...); });
    quiet_cycles_ = active ? 0 : quiet_cycles_ + 1;
    outputs_.idle = quiet_cycles_ >= UartLinkLatency::kStages;
    const bool changed = line_rx_.changed() || events_.changed() || commands_.changed() || line_tx_.changed() ||
                         counters_.under_way() || receive_counters_.under_way() ||
                         parts_.nets([](const auto&... nets) { return (nets.changed() || ...); });
    outputs_.settled = !changed && parts_.receiver.quiet() && parts_.coalescer.quiet() && parts_.transmitter.quiet() &&
                       parts_.stuffer.quiet();
    outputs_.deadline_ns = link_deadline_ns(deadline_.value().valid, deadline_.value().time, now_ns_);
  }

  LinkParts parts_;
  stream<SerialByte> line_rx_;
  wire<bool> line_busy_;
  stream<Beat<1>> events_;
  wire<LinkTicks> ticks_;
  wire<PhyStatus> phy_;
  stream<Beat<1>> commands_;
  stream<ap_uint<8>> line_tx_;
  wire<ap_uint<8>> divisor_;
  pulse<kLinkCounters> counters_;
  pulse<kCoalescerCounters> receive_counters_;
  wire<LinkDeadline> deadline_;
  std::uint64_t now_ns_ = 0;
  int quiet_cycles_ = UartLinkLatency::kStages;
  LinkOutputs outputs_;
};

}  // namespace

std::unique_ptr<LinkPort> make_native_link() { return std::make_unique<NativeLink>(); }

}  // namespace sockwire::sim
