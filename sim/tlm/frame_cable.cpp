// SPDX-License-Identifier: Apache-2.0
#include "sim/tlm/frame_cable.hpp"

namespace sockwire::sim {

FrameCable::FrameCable(const sc_core::sc_module_name& name, const FrameCableSettings& settings)
    : sc_module(name), settings_(settings) {
  for (int end = 0; end < 2; ++end) {
    in[end].register_b_transport(this, &FrameCable::take, end);
    directions_[static_cast<std::size_t>(end)].random = Random(settings.seed + static_cast<std::uint64_t>(end));
  }
  SC_METHOD(deliver);
  sensitive << due_;
  dont_initialize();
}

void FrameCable::take(int end, tlm::tlm_generic_payload& access, sc_core::sc_time& /*delay*/) {
  Direction& direction = directions_[static_cast<std::size_t>(end)];
  access.set_response_status(tlm::TLM_OK_RESPONSE);  // nobody is told that a frame is lost
  ++direction.counters.frames;
  if (direction.counters.frames == settings_.lose_frame || direction.random.chance(settings_.loss)) {
    ++direction.counters.lost;
    return;
  }
  if (direction.frames.size() == kFramesMax) {
    ++direction.counters.queue_drops;
    return;
  }
  const sc_core::sc_time delay(static_cast<double>(settings_.delay_ns), sc_core::SC_NS);
  direction.frames.push_back(
      {sc_core::sc_time_stamp() + delay, {access.get_data_ptr(), access.get_data_ptr() + access.get_data_length()}});
  due_.notify(delay);  // an earlier notification stays
}

void FrameCable::deliver() {
  const sc_core::sc_time& now = sc_core::sc_time_stamp();
  for (std::size_t end = 0; end < 2; ++end) {
    Direction& direction = directions_[end];
    while (!direction.frames.empty() && direction.frames.front().arrival <= now) {
      Frame& frame = direction.frames.front();
      tlm::tlm_generic_payload access;
      access.set_write();
      access.set_data_ptr(frame.bytes.data());
      access.set_data_length(static_cast<unsigned>(frame.bytes.size()));
      access.set_streaming_width(static_cast<unsigned>(frame.bytes.size()));
      sc_core::sc_time delay;
      out[1 - end]->b_transport(access, delay);
      if (!access.is_response_ok()) ++direction.counters.refused;
      direction.frames.pop_front();
    }
    if (!direction.frames.empty()) due_.notify(direction.frames.front().arrival - now);
  }
}

}  // namespace sockwire::sim
