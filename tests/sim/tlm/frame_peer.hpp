// SPDX-License-Identifier: Apache-2.0
// What a test plugs a card's Ethernet side into: notes the frames that come, and sends its own.
#pragma once

#include <systemc>
#include <tlm>
#include <vector>

#include "tests/sim/tlm/bus_master.hpp"
#include "tlm_utils/simple_initiator_socket.h"
#include "tlm_utils/simple_target_socket.h"

namespace sockwire::test {

class FramePeer final : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<FramePeer> in{"in"};
  tlm_utils::simple_initiator_socket<FramePeer> out{"out"};

  struct Frame {
    sc_core::sc_time time;
    sim::Message bytes;
  };

  explicit FramePeer(const sc_core::sc_module_name& name) : sc_module(name) {
    in.register_b_transport(this, &FramePeer::take);
  }

  tlm::tlm_response_status perform(Access&& access) {
    sc_core::sc_time delay;
    out->b_transport(access.payload, delay);
    return access.payload.get_response_status();
  }
  bool send(const sim::Message& frame) { return perform({0, frame}) == tlm::TLM_OK_RESPONSE; }

  std::vector<Frame> frames;
  tlm::tlm_response_status answer = tlm::TLM_OK_RESPONSE;

 private:
  void take(tlm::tlm_generic_payload& access, sc_core::sc_time& /*delay*/) {
    const std::uint8_t* data = access.get_data_ptr();
    frames.push_back({sc_core::sc_time_stamp(), {data, data + access.get_data_length()}});
    access.set_response_status(answer);
  }
};

}  // namespace sockwire::test
