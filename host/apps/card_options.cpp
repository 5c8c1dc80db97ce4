// SPDX-License-Identifier: Apache-2.0
#include "host/apps/card_options.hpp"

#include <stdexcept>

namespace sockwire::apps {

sim::Impairments impairments_of(const Options& options) {
  sim::Impairments impairments;
  impairments.loss = options.loss;
  impairments.bit_error_rate = options.bit_error_rate;
  impairments.reordering = options.reordering;
  impairments.duplication = options.duplication;
  impairments.delay_ns = static_cast<std::uint64_t>(options.delay.count());
  return impairments;
}

template <int kBytes>
std::unique_ptr<sim::Engine<kBytes>> make_engine(const Options& options, std::uint32_t boot_id) {
  if (options.card == CardKind::kNative) return sim::make_native_engine<kBytes>(boot_id);
#ifdef SOCKWIRE_HAS_VERILATED_ENGINE
  sim::WaveOptions wave;
  wave.cycle_ps = cycle_ps_of<kBytes>(options);
  if (boot_id == kNearBootId) wave.fst_path = options.wave;
  return sim::make_verilated_engine<kBytes>(boot_id, wave);
#else
  throw std::runtime_error("this build has no Verilated card; use --card native");
#endif
}

template std::unique_ptr<sim::Engine<1>> make_engine<1>(const Options&, std::uint32_t);
template std::unique_ptr<sim::Engine<8>> make_engine<8>(const Options&, std::uint32_t);

}  // namespace sockwire::apps
