// SPDX-License-Identifier: Apache-2.0
// SystemC's time as ours, whatever its resolution, and back.
#pragma once

#include <cmath>
#include <cstdint>
#include <systemc>

namespace sockwire::sim {

/// SystemC's time in whole nanoseconds.
inline std::uint64_t systemc_now_ns() {
  const auto units = sc_core::sc_time_stamp().value();
  const double unit_ns = sc_core::sc_get_time_resolution().to_seconds() * 1e9;  // a power of ten
  if (unit_ns >= 1) return units * static_cast<std::uint64_t>(std::llround(unit_ns));
  return units / static_cast<std::uint64_t>(std::llround(1 / unit_ns));
}

/// From now until then; at least one unit of time if then is not past, so that systemc_now_ns() has reached it.
inline sc_core::sc_time systemc_delay_until_ns(std::uint64_t then_ns) {
  const sc_core::sc_time then(static_cast<double>(then_ns), sc_core::SC_NS);
  return then > sc_core::sc_time_stamp() ? then - sc_core::sc_time_stamp() : sc_core::SC_ZERO_TIME;
}

}  // namespace sockwire::sim
