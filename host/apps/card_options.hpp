// SPDX-License-Identifier: Apache-2.0
// The card and the wire that Options ask for.
#pragma once

#include <cstdint>
#include <memory>

#include "host/apps/options.hpp"
#include "sim/dut/engine.hpp"
#include "sim/phy/impairments.hpp"

namespace sockwire::apps {

/// The card whose waveform --wave is.
inline constexpr std::uint32_t kNearBootId = 1;

sim::Impairments impairments_of(const Options& options);

/// Whether --line makes symbols of octets.
inline bool is_coded(const Options& options) { return options.line.code != sim::LineCode::kMii; }

/// A cycle of the card's clock: that of the line code, if there is one.
template <int kBytes>
std::uint64_t cycle_ps_of(const Options& options) {
  return is_coded(options) ? sim::cycle_ps_of(options.line.code) : sim::cycle_ps<kBytes>();
}

/// Throws std::runtime_error if there is no such card, or if its waveform cannot be written.
template <int kBytes>
std::unique_ptr<sim::Engine<kBytes>> make_engine(const Options& options, std::uint32_t boot_id);

}  // namespace sockwire::apps
