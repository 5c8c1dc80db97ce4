// SPDX-License-Identifier: Apache-2.0
#include "sim/tlm/tlm_host.hpp"

#include "sim/tlm/systemc_time.hpp"

namespace sockwire::sim {

namespace {

sc_core::sc_time delay_until(TimePoint deadline) {
  return systemc_delay_until_ns(static_cast<std::uint64_t>(deadline.time_since_epoch().count()));
}

}  // namespace

TlmHost::TlmHost(const sc_core::sc_module_name& name, std::uint64_t card_base, const stack::Config& config)
    : sc_module(name), link_(bus, card_base), loop_(*this), port_(link_, config.mac), host_(config, port_, loop_) {
  SC_METHOD(run);
}

std::string TlmHost::failure() const {
  if (link_.lost()) return "the bus answers with " + link_.failure();
  return port_.failure().value_or("");
}

TimePoint TlmHost::now() const { return TimePoint(Duration(static_cast<std::int64_t>(systemc_now_ns()))); }

bool TlmHost::advance(TimePoint deadline) {
  if (sc_core::sc_get_current_process_handle().proc_kind() != sc_core::SC_THREAD_PROC_) {
    until_ = deadline;  // a method cannot wait: run() does when it returns
    return false;
  }
  // A program's thread, in a call that waits. run() sees what the call has brought about, and does the rest.
  wake();
  if (deadline == kNever) {
    sc_core::wait(turned_);
  } else {
    sc_core::wait(delay_until(deadline), turned_);
  }
  return true;
}

void TlmHost::run() {
  if (!started_) {
    started_ = true;
    port_.start(now(), 1);
  }
  link_.look();
  bool any = false;
  while (loop_.run_once(kNever)) any = true;
  if (any) turned_.notify(sc_core::SC_ZERO_TIME);
  if (interrupt.read() &&
      !link_.lost()) {  // an event that came since the last look holds the line high without an edge
    next_trigger(sc_core::SC_ZERO_TIME);
  } else if (until_ == kNever) {
    next_trigger(interrupt.posedge_event() | called_);
  } else {
    next_trigger(delay_until(until_), interrupt.posedge_event() | called_);
  }
}

}  // namespace sockwire::sim
