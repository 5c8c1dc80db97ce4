// SPDX-License-Identifier: Apache-2.0
#include "sim/tlm/tlm_host.hpp"

#include "sim/tlm/systemc_time.hpp"

namespace sockwire::sim {

TlmHost::TlmHost(const sc_core::sc_module_name& name, std::uint64_t card_base, const stack::Config& config)
    : sc_module(name), link_(bus, card_base), loop_(*this), port_(link_, config.mac), host_(config, port_, loop_) {
  SC_METHOD(run);
}

std::string TlmHost::failure() const {
  if (link_.lost()) return "the bus answers with " + link_.failure();
  return port_.failure().value_or("");
}

TimePoint TlmHost::now() const { return TimePoint(Duration(static_cast<std::int64_t>(systemc_now_ns()))); }

// A method cannot wait: run() does when it returns.
bool TlmHost::advance(TimePoint deadline) {
  until_ = deadline;
  return false;
}

void TlmHost::run() {
  if (!started_) {
    started_ = true;
    port_.start(now(), 1);
  }
  link_.look();
  while (loop_.run_once(kNever)) {
  }
  if (interrupt.read() &&
      !link_.lost()) {  // an event that came since the last look holds the line high without an edge
    next_trigger(sc_core::SC_ZERO_TIME);
  } else if (until_ == kNever) {
    next_trigger(interrupt.posedge_event() | called_);
  } else {
    const auto until_ns = static_cast<std::uint64_t>(until_.time_since_epoch().count());
    next_trigger(systemc_delay_until_ns(until_ns), interrupt.posedge_event() | called_);
  }
}

}  // namespace sockwire::sim
