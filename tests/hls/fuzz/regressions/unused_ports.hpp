// SPDX-License-Identifier: Apache-2.0
// hlsc crashed on ports that the kernel does not use, whose types are then not instantiated, and on a stream whose only
// write is in a branch that is never taken; and it left memories that are not read, rooms that are not looked at and a
// clock without registers to Verilator's lint.
//
// kernel: unused_ports cycles
// port: memory unread 0 2 mem<ap_uint<9>, 4>
// port: memory unasked 0 2 bram<ap_uint<9>, 4>
// port: in in0 9 2 ap_uint<9>
// port: in in1 10 2 ap_uint<10>
// port: wire_in setting 11 2 ap_uint<11>
// port: out out0 9 2 ap_uint<9>
// port: out out1 12 2 ap_uint<12>
// port: wire_out shown 13 2 ap_uint<13>
// port: pulse events 6 2 6
#pragma once

#include "tests/hls/fuzz/bits.hpp"

namespace sockwire {
namespace unused_ports {

struct State {
  bool never = false;
};

inline void kernel(State& state, mem<ap_uint<9>, 4>& unread, bram<ap_uint<9>, 4>& unasked, stream<ap_uint<9>>& in0,
                   stream<ap_uint<10>>& in1, wire<ap_uint<11>>& setting, stream<ap_uint<9>>& out0,
                   stream<ap_uint<12>>& out1, wire<ap_uint<13>>& shown, pulse<6>& events) {
  const ap_uint<9> value = in0.read();
  unread.write(value & 3, value);
  unasked.write(value & 3, value);
  if ((value & 1) + 1 == 0) out0.write(value);
  if (in0.empty()) state.never = in1.read() != 0;
}

}  // namespace unused_ports
}  // namespace sockwire
