// SPDX-License-Identifier: Apache-2.0
#include "sim/tlm/tlm_card.hpp"

#include "sim/tlm/systemc_time.hpp"

namespace sockwire::sim {

template <int kBytes>
TlmCard<kBytes>::TlmCard(const sc_core::sc_module_name& name, MakeEngine make_engine, std::uint32_t boot_id)
    : sc_module(name),
      make_engine_(std::move(make_engine)),
      boot_id_(boot_id),
      core_(std::make_unique<Core>(make_engine_(boot_id_), *this)),
      window_(core_->link) {
  bus.register_b_transport(this, &TlmCard::access);
  bus.register_transport_dbg(this, &TlmCard::debug_access);
  bus.register_get_direct_mem_ptr(this, &TlmCard::direct_memory);
  ethernet_in.register_b_transport(this, &TlmCard::take_frame);
  out_.set_write();
  SC_METHOD(run);
  sensitive << wake_;
}

template <int kBytes>
void TlmCard<kBytes>::reset() {
  reset_due_ = true;
  wake_.notify(sc_core::SC_ZERO_TIME);
}

template <int kBytes>
void TlmCard<kBytes>::access(tlm::tlm_generic_payload& access, sc_core::sc_time& /*delay*/) {
  if (window_.access(access)) wake_.notify(sc_core::SC_ZERO_TIME);
}

template <int kBytes>
unsigned TlmCard<kBytes>::debug_access(tlm::tlm_generic_payload& access) {
  return window_.debug_access(access);
}

template <int kBytes>
bool TlmCard<kBytes>::direct_memory(tlm::tlm_generic_payload& access, tlm::tlm_dmi& direct) {
  return window_.direct_memory(access, direct);
}

template <int kBytes>
void TlmCard<kBytes>::take_frame(tlm::tlm_generic_payload& access, sc_core::sc_time& /*delay*/) {
  const auto response = [&] {
    const unsigned length = access.get_data_length();
    if (!access.is_write()) return tlm::TLM_COMMAND_ERROR_RESPONSE;
    if (access.get_byte_enable_ptr() != nullptr) return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
    if (length == 0 || length > kFrameInBytesMax || access.get_streaming_width() < length) {
      return tlm::TLM_BURST_ERROR_RESPONSE;
    }
    return frames_.size() < kFramesWaiting ? tlm::TLM_OK_RESPONSE : tlm::TLM_GENERIC_ERROR_RESPONSE;
  }();
  access.set_response_status(response);
  if (response != tlm::TLM_OK_RESPONSE) {
    ++counters_.frames_in_refused;
    return;
  }
  ++counters_.frames_in;
  frames_.emplace_back(access.get_data_ptr(), access.get_data_ptr() + access.get_data_length());
  wake_.notify(sc_core::SC_ZERO_TIME);
}

template <int kBytes>
void TlmCard<kBytes>::give_frame(const ReceivedFrame& frame) {
  if (frame.fault != FrameFault::kNone) {
    ++counters_.frames_out_bad;
    return;
  }
  if (ethernet_out.size() == 0) {
    ++counters_.frames_out_unplugged;
    return;
  }
  frame_out_.assign(frame.bytes.begin(), frame.bytes.end());
  out_.set_address(0);
  out_.set_data_ptr(frame_out_.data());
  out_.set_data_length(static_cast<unsigned>(frame_out_.size()));
  out_.set_streaming_width(static_cast<unsigned>(frame_out_.size()));
  out_.set_dmi_allowed(false);
  out_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  sc_core::sc_time delay;
  ethernet_out->b_transport(out_, delay);
  ++counters_.frames_out;
  if (!out_.is_response_ok()) ++counters_.frames_out_refused;
}

// Nothing happens before an access, a frame or the engine's deadline.
template <int kBytes>
bool TlmCard<kBytes>::at_rest(std::uint64_t now_ns) const {
  return core_->link.quiet() && core_->line.next_arrival_ns() > now_ns && core_->link.deadline_ns() > now_ns;
}

template <int kBytes>
void TlmCard<kBytes>::run() {
  const std::uint64_t now_ns = systemc_now_ns();
  const std::uint64_t last = counters_.cycles + kCyclesPerTurn;
  ++counters_.turns;
  if (reset_due_) {
    reset_due_ = false;
    ++counters_.resets;
    core_ = std::make_unique<Core>(make_engine_(++boot_id_), *this);
    window_.reset(core_->link);
    counters_.frames_in_reset += frames_.size();
    frames_.clear();
  }
  // Without room for events the engine stands still, so it never has to drop a frame for it.
  for (; counters_.cycles < last && core_->link.event_room() != 0; ++counters_.cycles) {
    if (!frames_.empty() && core_->line.free()) {
      core_->line.begin(now_ns, frames_.front());
      frames_.pop_front();
    } else if (at_rest(now_ns)) {
      break;
    }
    core_->link.step(now_ns);
  }
  static_cast<void>(core_->link.take_news());  // the window's state says it all
  window_.show_event();
  if (interrupt.size() != 0) interrupt->write(window_.interrupt());
  const std::uint64_t deadline_ns = core_->link.deadline_ns();
  if (counters_.cycles == last) {
    wake_.notify(sc_core::SC_ZERO_TIME);
  } else if (core_->link.event_room() != 0 && deadline_ns != kNeverNs) {
    wake_.notify(systemc_delay_until_ns(deadline_ns));
  }
}

template class TlmCard<1>;
template class TlmCard<8>;

}  // namespace sockwire::sim
