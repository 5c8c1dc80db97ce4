// SPDX-License-Identifier: Apache-2.0
#include "sim/tlm/tlm_transport.hpp"

#include <systemc>

namespace sockwire::sim {

using namespace tlm_map;

bool TlmTransport::transfer(tlm::tlm_command command, std::uint64_t address, std::uint8_t* data, std::size_t bytes) {
  if (lost()) return false;
  access_.set_command(command);
  access_.set_address(base_ + address);
  access_.set_data_ptr(data);
  access_.set_data_length(static_cast<unsigned>(bytes));
  access_.set_streaming_width(static_cast<unsigned>(bytes));
  access_.set_byte_enable_ptr(nullptr);
  access_.set_dmi_allowed(false);
  access_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  sc_core::sc_time delay;
  socket_->b_transport(access_, delay);
  if (!access_.is_response_ok()) failure_ = access_.get_response_string();
  return access_.is_response_ok();
}

std::uint32_t TlmTransport::read(Register address) {
  std::uint32_t value = 0;
  transfer(tlm::TLM_READ_COMMAND, address, reinterpret_cast<std::uint8_t*>(&value), 4);
  return value;
}

void TlmTransport::write(Register address, std::uint32_t value) {
  transfer(tlm::TLM_WRITE_COMMAND, address, reinterpret_cast<std::uint8_t*>(&value), 4);
}

void TlmTransport::enable(std::uint32_t interrupts) {
  if (enabled_ == interrupts) return;
  enabled_ = interrupts;
  write(kInterruptEnable, interrupts);
}

void TlmTransport::look() {
  if (!used_ || (read(kStatus) & kFresh) == 0) return;
  used_ = false;
  enabled_ = kFresh;
  ++session_;
}

// Events and resets always wake the host; room does after it was missed.
bool TlmTransport::can_send() {
  const bool room = (read(kStatus) & kCommandRoom) != 0;
  enable(kFresh | kEventWaiting | (room ? 0U : kCommandRoom));
  return room;
}

void TlmTransport::send(std::span<const std::uint8_t> command) {
  used_ = true;
  command_.assign(command.begin(), command.end());  // a payload's data is not const
  if (!transfer(tlm::TLM_WRITE_COMMAND, kCommandWindow.begin, command_.data(), command_.size())) return;
  write(kCommandBytes, static_cast<std::uint32_t>(command.size()));
}

std::span<const std::uint8_t> TlmTransport::poll_event() {
  const std::uint32_t bytes = read(kEventBytes);
  if (bytes == 0 || bytes > kEventWindow.bytes) return {};
  event_.resize(bytes);
  if (!transfer(tlm::TLM_READ_COMMAND, kEventWindow.begin, event_.data(), bytes)) return {};
  write(kEventTake, 1);
  return event_;
}

}  // namespace sockwire::sim
