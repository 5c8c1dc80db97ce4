// SPDX-License-Identifier: Apache-2.0
#include "sim/tlm/message_window.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace sockwire::sim {

using namespace tlm_map;

MessageWindow::MessageWindow(transport::Transport& link)
    : link_(&link), command_(kCommandWindow.bytes), event_(kEventWindow.bytes) {}

void MessageWindow::reset(transport::Transport& link) {
  link_ = &link;
  event_bytes_ = 0;
  fresh_ = true;
  interrupt_enable_ = kFresh;
}

std::uint32_t MessageWindow::status() const {
  return (link_->can_send() ? kCommandRoom : 0U) | (event_bytes_ != 0 ? kEventWaiting : 0U) | (fresh_ ? kFresh : 0U);
}

void MessageWindow::show_event() {
  if (event_bytes_ != 0) return;
  const auto event = link_->poll_event();
  assert(event.size() <= event_.size());
  std::copy(event.begin(), event.end(), event_.begin());
  event_bytes_ = static_cast<std::uint32_t>(event.size());
}

bool MessageWindow::access(tlm::tlm_generic_payload& access) {
  bool touched = false;
  const tlm::tlm_response_status response = perform(access, touched);
  if (response != tlm::TLM_OK_RESPONSE) ++counters_.refused;
  access.set_response_status(response);
  return touched;
}

tlm::tlm_response_status MessageWindow::perform(tlm::tlm_generic_payload& access, bool& touched) {
  if (access.is_read() == access.is_write()) return tlm::TLM_OK_RESPONSE;  // TLM_IGNORE_COMMAND
  if (access.get_byte_enable_ptr() != nullptr) return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
  const unsigned length = access.get_data_length();
  if (length == 0 || access.get_streaming_width() < length) return tlm::TLM_BURST_ERROR_RESPONSE;
  const std::uint64_t address = access.get_address();
  if (address >= kRegistersBytes) return access_window(access);
  if (address % 4 != 0) return tlm::TLM_ADDRESS_ERROR_RESPONSE;
  if (length != 4) return tlm::TLM_BURST_ERROR_RESPONSE;
  std::uint32_t value = 0;
  if (access.is_read()) {
    const tlm::tlm_response_status response = read_register(address, value);
    if (response == tlm::TLM_OK_RESPONSE) std::memcpy(access.get_data_ptr(), &value, 4);
    return response;
  }
  touched = true;
  std::memcpy(&value, access.get_data_ptr(), 4);
  return write_register(address, value);
}

tlm::tlm_response_status MessageWindow::access_window(tlm::tlm_generic_payload& access) {
  const std::uint64_t address = access.get_address();
  const unsigned length = access.get_data_length();
  if (kCommandWindow.holds(address, length)) {
    std::uint8_t* place = command_.data() + (address - kCommandWindow.begin);
    if (access.is_read()) {
      std::memcpy(access.get_data_ptr(), place, length);
    } else {
      std::memcpy(place, access.get_data_ptr(), length);
    }
    access.set_dmi_allowed(true);
    return tlm::TLM_OK_RESPONSE;
  }
  if (!kEventWindow.holds(address, length)) return tlm::TLM_ADDRESS_ERROR_RESPONSE;
  if (access.is_write()) return tlm::TLM_COMMAND_ERROR_RESPONSE;
  std::memcpy(access.get_data_ptr(), at(address), length);
  access.set_dmi_allowed(true);
  return tlm::TLM_OK_RESPONSE;
}

tlm::tlm_response_status MessageWindow::read_register(std::uint64_t address, std::uint32_t& value) const {
  switch (address) {
    case kStatus:
      value = status();
      return tlm::TLM_OK_RESPONSE;
    case kInterruptEnable:
      value = interrupt_enable_;
      return tlm::TLM_OK_RESPONSE;
    case kEventBytes:
      value = event_bytes_;
      return tlm::TLM_OK_RESPONSE;
    default:
      return tlm::TLM_COMMAND_ERROR_RESPONSE;
  }
}

tlm::tlm_response_status MessageWindow::write_register(std::uint64_t address, std::uint32_t value) {
  switch (address) {
    case kInterruptEnable:
      interrupt_enable_ = value & (kCommandRoom | kEventWaiting | kFresh);
      return tlm::TLM_OK_RESPONSE;
    case kCommandBytes:
      // What kind of message it is, and whether it is one, the card judges and counts.
      if (value == 0 || value > kCommandWindow.bytes || !link_->can_send()) return tlm::TLM_GENERIC_ERROR_RESPONSE;
      link_->send(std::span(command_).first(value));
      ++counters_.commands;
      fresh_ = false;
      return tlm::TLM_OK_RESPONSE;
    case kEventTake:
      if (event_bytes_ == 0) return tlm::TLM_GENERIC_ERROR_RESPONSE;
      event_bytes_ = 0;
      ++counters_.events;
      show_event();
      return tlm::TLM_OK_RESPONSE;
    default:
      return tlm::TLM_COMMAND_ERROR_RESPONSE;
  }
}

// A byte of a window, or null.
const std::uint8_t* MessageWindow::at(std::uint64_t address) const {
  if (kCommandWindow.holds(address)) return command_.data() + (address - kCommandWindow.begin);
  if (kEventWindow.holds(address)) return event_.data() + (address - kEventWindow.begin);
  return nullptr;
}

unsigned MessageWindow::debug_access(tlm::tlm_generic_payload& access) {
  const std::uint64_t first = access.get_address();
  unsigned done = 0;
  for (; done < access.get_data_length(); ++done) {
    const std::uint64_t address = first + done;
    std::uint8_t& byte = access.get_data_ptr()[done];
    if (access.is_write()) {
      if (!kCommandWindow.holds(address)) break;
      command_[address - kCommandWindow.begin] = byte;
    } else if (access.is_read() && address < kRegistersBytes) {
      std::uint32_t value = 0;  // what is only written reads as 0 here
      static_cast<void>(read_register(address & ~std::uint64_t{3}, value));
      byte = static_cast<std::uint8_t>(value >> (8 * (address & 3)));
    } else if (access.is_read() && at(address) != nullptr) {
      byte = *at(address);
    } else {
      break;
    }
  }
  return done;
}

bool MessageWindow::direct_memory(const tlm::tlm_generic_payload& access, tlm::tlm_dmi& direct) {
  const std::uint64_t address = access.get_address();
  direct.init();
  direct.set_granted_access(tlm::tlm_dmi::DMI_ACCESS_READ_WRITE);
  const bool command = kCommandWindow.holds(address);
  const bool event = kEventWindow.holds(address);
  if (!command && !event) {  // what is refused, as far as it goes
    direct.set_start_address(address < kEventWindow.begin ? 0 : address);
    direct.set_end_address(address < kEventWindow.begin ? kEventWindow.begin - 1 : address);
    return false;
  }
  const Window& window = command ? kCommandWindow : kEventWindow;
  direct.set_start_address(window.begin);
  direct.set_end_address(window.begin + window.bytes - 1);
  if (event && access.is_write()) {
    direct.set_granted_access(tlm::tlm_dmi::DMI_ACCESS_WRITE);  // this it is that is refused
    return false;
  }
  direct.set_dmi_ptr(command ? command_.data() : event_.data());
  if (event) direct.set_granted_access(tlm::tlm_dmi::DMI_ACCESS_READ);
  return true;
}

}  // namespace sockwire::sim
