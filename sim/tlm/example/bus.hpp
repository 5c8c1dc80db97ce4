// SPDX-License-Identifier: Apache-2.0
// The least of a bus: any number of initiators, and targets at addresses. A target sees addresses from its own first
// byte on.
#pragma once

#include <cstdint>
#include <systemc>
#include <tlm>
#include <vector>

#include "tlm_utils/multi_passthrough_initiator_socket.h"
#include "tlm_utils/multi_passthrough_target_socket.h"

namespace sockwire::sim::example {

class Bus final : public sc_core::sc_module {
 public:
  tlm_utils::multi_passthrough_target_socket<Bus> initiators{"initiators"};
  tlm_utils::multi_passthrough_initiator_socket<Bus> targets{"targets"};

  explicit Bus(const sc_core::sc_module_name& name) : sc_module(name) {
    initiators.register_b_transport(this, &Bus::transport);
    initiators.register_transport_dbg(this, &Bus::debug_access);
    initiators.register_get_direct_mem_ptr(this, &Bus::direct_memory);
    targets.register_invalidate_direct_mem_ptr(this, &Bus::invalidate);
  }

  /// Binds the next target to [base, base + bytes).
  template <typename Socket>
  void map(Socket& target, std::uint64_t base, std::uint64_t bytes) {
    targets.bind(target);
    ranges_.push_back({base, bytes});
  }

 private:
  struct Range {
    std::uint64_t base;
    std::uint64_t bytes;
  };

  // The target of an address, or -1.
  int decode(std::uint64_t address) const {
    for (std::size_t i = 0; i < ranges_.size(); ++i) {
      if (address >= ranges_[i].base && address - ranges_[i].base < ranges_[i].bytes) return static_cast<int>(i);
    }
    return -1;
  }
  std::uint64_t base(int target) const { return ranges_[static_cast<std::size_t>(target)].base; }

  void transport(int /*initiator*/, tlm::tlm_generic_payload& access, sc_core::sc_time& delay) {
    const std::uint64_t address = access.get_address();
    const int target = decode(address);
    if (target < 0) return access.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    access.set_address(address - base(target));
    targets[target]->b_transport(access, delay);
    access.set_address(address);
  }

  unsigned debug_access(int /*initiator*/, tlm::tlm_generic_payload& access) {
    const std::uint64_t address = access.get_address();
    const int target = decode(address);
    if (target < 0) return 0;
    access.set_address(address - base(target));
    const unsigned bytes = targets[target]->transport_dbg(access);
    access.set_address(address);
    return bytes;
  }

  bool direct_memory(int /*initiator*/, tlm::tlm_generic_payload& access, tlm::tlm_dmi& direct) {
    const std::uint64_t address = access.get_address();
    const int target = decode(address);
    if (target < 0) return false;
    access.set_address(address - base(target));
    const bool granted = targets[target]->get_direct_mem_ptr(access, direct);
    access.set_address(address);
    direct.set_start_address(direct.get_start_address() + base(target));
    direct.set_end_address(direct.get_end_address() + base(target));
    return granted;
  }

  void invalidate(int target, sc_dt::uint64 begin, sc_dt::uint64 end) {
    for (unsigned i = 0; i < initiators.size(); ++i) {
      initiators[static_cast<int>(i)]->invalidate_direct_mem_ptr(begin + base(target), end + base(target));
    }
  }

  std::vector<Range> ranges_;
};

}  // namespace sockwire::sim::example
