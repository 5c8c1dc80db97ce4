// SPDX-License-Identifier: Apache-2.0
// What hlsc must refuse in a dataflow function. A comment as this one stands above the line that the message about
// function NAME must name; the column is where TOKEN begins, or the first; what follows is the whole message:
//
//   // refused NAME at `TOKEN`:
//   //   message, which may
//   //   continue
//
// Headers like this one are not for g++.
#pragma once

#include "hls/base/dataflow.hpp"
#include "hls/base/memory.hpp"

namespace sockwire {

typedef ap_uint<8> Byte;

struct PartState {
  Byte value = 0;
};

inline void source(PartState& state, stream<Byte>& out) { out.write(++state.value); }
inline void copy(PartState& state, stream<Byte>& in, stream<Byte>& out) {
  state.value = in.read();
  out.write(state.value);
}
inline void sink(PartState& state, stream<Byte>& in) { state.value = in.read(); }
inline void stored(PartState& state, mem<Byte, 4>& memory, stream<Byte>& in, stream<Byte>& out) {
  out.write(memory.read(state.value & 3));
  memory.write(0, in.read());
}
inline void blind(PartState& state, stream<Byte>& in) { ++state.value; }
inline void strobe(PartState& state, pulse<2>& out) { out.write(++state.value & 3); }
inline void level(PartState& state, wire<ap_uint<2>>& in, wire<Byte>& out) { out.write(state.value += in.read()); }
void bodiless(PartState& state, stream<Byte>& in, stream<Byte>& out);

/// The parts of most functions here.
struct Two {
  Process<PartState> first;
  Process<PartState> second;
};
struct Chain : Two {
  stream<Byte> between;
};

// ---- nets and their ends --------------------------------------------------------------------------------------------

inline void written_twice(Chain& d, stream<Byte>& x, stream<Byte>& z) {
#pragma HLS dataflow
  d.first.run(copy, x, d.between);
  // refused written_twice at `between`:
  //   between is written by copy already; a net has one writer: give each its own, and merge them in a kernel
  d.second.run(copy, z, d.between);
}

inline void read_twice(Chain& d, stream<Byte>& y, stream<Byte>& z) {
#pragma HLS dataflow
  d.first.run(copy, d.between, y);
  // refused read_twice at `between`:
  //   stream between is read by copy already; what one takes is gone for the other: let a kernel copy it to two streams
  d.second.run(copy, d.between, z);
}

struct Single {
  Process<PartState> first;
  stream<Byte> net;
};

inline void not_written(Single& d, stream<Byte>& y) {
#pragma HLS dataflow
  // refused not_written at `net`:
  //   net is read by copy, but nobody writes it; what comes from outside is an argument of not_written
  d.first.run(copy, d.net, y);
}

inline void not_read(Single& d, stream<Byte>& x) {
#pragma HLS dataflow
  // refused not_read at `net`:
  //   net is written by copy, but nobody reads it; what goes outside is an argument of not_read
  d.first.run(copy, x, d.net);
}

inline void given_but_not_read(Chain& d, stream<Byte>& x) {
#pragma HLS dataflow
  // refused given_but_not_read at `between`:
  //   between is written by copy, but nobody reads it (blind has it, but does not use it); what goes outside is an
  //   argument of given_but_not_read
  d.first.run(copy, x, d.between);
  d.second.run(blind, d.between);
}

struct UnusedNet {
  Process<PartState> first;
  // refused unused_net:
  //   forgotten is neither written nor read; remove it
  stream<Byte> forgotten;
};

inline void unused_net(UnusedNet& d, stream<Byte>& x, stream<Byte>& y) {
#pragma HLS dataflow
  d.first.run(copy, x, y);
}

// refused unused_argument:
//   argument z is neither written nor read; remove it
inline void unused_argument(Two& d, stream<Byte>& x, stream<Byte>& y, stream<Byte>& z) {
#pragma HLS dataflow
  d.first.run(source, x);
  d.second.run(sink, y);
}

inline void through_an_argument(Two& d, stream<Byte>& x) {
#pragma HLS dataflow
  d.first.run(source, x);
  // refused through_an_argument at `x)`:
  //   argument x is both written and read; a stream between two kernels is a member of what through_an_argument owns
  d.second.run(sink, x);
}

struct Pulses : Two {
  pulse<2> pulses;
  wire<ap_uint<2>> joined;
};

struct Joined {
  Process<PartState> first;
  wire<ap_uint<2>> joined;
};

inline void pulse_from_outside(Joined& d, pulse<2>& x, wire<Byte>& y) {
#pragma HLS dataflow
  // refused pulse_from_outside at `x)`:
  //   argument x is read, but a pulse goes outside only; take a wire instead
  join(d.joined, x);
  d.first.run(level, d.joined, y);
}

inline void late_join(Pulses& d, wire<Byte>& y) {
#pragma HLS dataflow
  d.first.run(strobe, d.pulses);
  d.second.run(level, d.joined, y);
  // refused late_join at `joined`:
  //   the join of joined comes before level reads it
  join(d.joined, d.pulses);
}

inline void wide_level(PartState& state, wire<ap_uint<4>>& in, wire<Byte>& out) { out.write(state.value += in.read()); }

struct TwoJoins : Pulses {
  wire<ap_uint<4>> both;
};

inline void joins_in_disorder(TwoJoins& d, wire<ap_uint<2>>& x, wire<Byte>& y) {
#pragma HLS dataflow
  d.first.run(strobe, d.pulses);
  join(d.both, d.pulses, d.joined);
  // refused joins_in_disorder at `joined`:
  //   the join of joined comes before another join reads it
  join(d.joined, x);
  d.second.run(wide_level, d.both, y);
}

struct Shallow : Two {
  // refused shallow:
  //   stream between has a depth of 0; it is 1 at least
  stream<Byte> between{0};
};

inline void shallow(Shallow& d, stream<Byte>& x, stream<Byte>& y) {
#pragma HLS dataflow
  d.first.run(copy, x, d.between);
  d.second.run(copy, d.between, y);
}

// ---- processes and memories -----------------------------------------------------------------------------------------

struct Shared : Chain {
  mem<Byte, 4> memory;
};

inline void shared_memory(Shared& d, stream<Byte>& x, stream<Byte>& y) {
#pragma HLS dataflow
  d.first.run(stored, d.memory, x, d.between);
  // refused shared_memory at `memory`:
  //   memory memory belongs to stored already; give each kernel its own, and a stream between them
  d.second.run(stored, d.memory, d.between, y);
}

struct UnusedMemory : Chain {
  // refused unused_memory:
  //   memory spare belongs to no kernel of unused_memory; remove it
  mem<Byte, 4> spare;
};

inline void unused_memory(UnusedMemory& d, stream<Byte>& x, stream<Byte>& y) {
#pragma HLS dataflow
  d.first.run(copy, x, d.between);
  d.second.run(copy, d.between, y);
}

struct One {
  Process<PartState> only;
  stream<Byte> between;
};

inline void process_twice(One& d, stream<Byte>& x, stream<Byte>& y) {
#pragma HLS dataflow
  d.only.run(copy, x, d.between);
  // refused process_twice at `only`:
  //   process only belongs to copy already; give each kernel its own, and a stream between them
  d.only.run(copy, d.between, y);
}

// refused memory_argument:
//   argument memory of a dataflow function is no stream, wire or pulse; what a kernel owns, its memories too, is a
//   member of the first argument
inline void memory_argument(Single& d, mem<Byte, 4>& memory, stream<Byte>& x, stream<Byte>& y) {
#pragma HLS dataflow
  d.first.run(stored, memory, x, y);
}

// ---- what is named in a call ----------------------------------------------------------------------------------------

inline void cast_net(Single& d, stream<Byte>& x, stream<ap_uint<9>>& y) {
#pragma HLS dataflow
  // refused cast_net at `y)`:
  //   y is a stream<sockwire::ap_uint<9> >, but argument out of copy is a stream<sockwire::ap_uint<8> >
  d.first.run(copy, x, reinterpret_cast<stream<Byte>&>(y));
}

struct Flagged {
  Process<PartState> first;
  bool flag = false;
};

inline void cast_member(Flagged& d, stream<Byte>& y) {
#pragma HLS dataflow
  // refused cast_member at `flag`:
  //   this is no net, memory or process of cast_member
  d.first.run(copy, reinterpret_cast<stream<Byte>&>(d.flag), y);
}

inline stream<Byte> global_stream;

inline void global_net(Single& d, stream<Byte>& y) {
#pragma HLS dataflow
  // refused global_net at `run`:
  //   this is neither a member of what the function owns nor one of its arguments
  d.first.run(copy, global_stream, y);
}

inline void chosen_kernel(Single& d, stream<Byte>& x, stream<Byte>& y) {
#pragma HLS dataflow
  auto* kernel = &copy;
  // refused chosen_kernel at `run`:
  //   which kernel runs depends on run-time values; name it in the call
  d.first.run(kernel, x, y);
}

inline void kernel_without_body(Single& d, stream<Byte>& x, stream<Byte>& y) {
#pragma HLS dataflow
  // refused kernel_without_body at `run`:
  //   sockwire::bodiless(sockwire::PartState&, sockwire::stream<sockwire::ap_uint<8>>&,
  //   sockwire::stream<sockwire::ap_uint<8>>&) has no body in this unit
  d.first.run(bodiless, x, y);
}

inline void inner(Two& d, stream<Byte>& x, stream<Byte>& y) {
#pragma HLS dataflow
  d.first.run(source, y);
  d.second.run(sink, x);
}

struct Outer {
  Process<Two> parts;
};

inline void nested(Outer& d, stream<Byte>& x, stream<Byte>& y) {
#pragma HLS dataflow
  // refused nested at `run`:
  //   inner is a dataflow function itself; there is one level of them: run its kernels here
  d.parts.run(inner, x, y);
}

namespace other {
inline void copy(PartState& state, stream<Byte>& in, stream<Byte>& out) {
  out.write(state.value);
  state.value = in.read();
}
}  // namespace other

inline void two_of_a_name(Chain& d, stream<Byte>& x, stream<Byte>& y) {
#pragma HLS dataflow
  d.first.run(copy, x, d.between);
  // refused two_of_a_name at `run`:
  //   there is another module copy already; rename the kernel
  d.second.run(other::copy, d.between, y);
}

// ---- what is no structure -------------------------------------------------------------------------------------------

// refused no_pragma:
//   no_pragma runs kernels but has no `#pragma HLS dataflow`; without it Vitis would call them one after the other
inline void no_pragma(Single& d, stream<Byte>& x, stream<Byte>& y) { d.first.run(copy, x, y); }

inline void control_flow(Chain& d, wire<bool>& on, stream<Byte>& x, stream<Byte>& y) {
#pragma HLS dataflow
  d.first.run(copy, x, d.between);
  // refused control_flow at `on.read`:
  //   control flow in a dataflow function; its calls are instances, which are all there all the time: write each out,
  //   and let a kernel decide
  if (on.read()) d.second.run(copy, d.between, y);
}

inline void computation(Flagged& d, stream<Byte>& x, stream<Byte>& y) {
#pragma HLS dataflow
  d.first.run(copy, x, y);
  // refused computation at `= true`:
  //   a dataflow function joins kernels and computes nothing itself; let a kernel do it
  d.flag = true;
}

struct TwoLevels {
  Process<PartState> first;
  wire<Byte> one;
  wire<Byte> other;
};

inline void assignment(TwoLevels& d, stream<Byte>& x, stream<Byte>& y) {
#pragma HLS dataflow
  d.first.run(copy, x, y);
  // refused assignment at `= d.other`:
  //   a dataflow function joins kernels and computes nothing itself; let a kernel do it
  d.one = d.other;
}

inline void use_of_a_net(Two& d, stream<Byte>& x, stream<Byte>& y) {
#pragma HLS dataflow
  d.first.run(sink, x);
  // refused use_of_a_net at `full`:
  //   call of full() of stream<sockwire::ap_uint<8> >; a dataflow function only joins kernels, so let one of them call
  //   it
  static_cast<void>(y.full());
}

inline void value(Two& d, stream<Byte>& x, stream<Byte>& y) {
#pragma HLS dataflow
  // refused value at `3`:
  //   a dataflow function joins kernels and computes nothing itself; let a kernel do it
  y.write(3);
}

inline void local_net(Two& d, stream<Byte>& x, stream<Byte>& y) {
#pragma HLS dataflow
  // refused local_net at `between`:
  //   stream<sockwire::ap_uint<8> > in a dataflow function would be new in every clock; make it a member of what the
  //   function owns
  stream<Byte> between;
  d.first.run(copy, x, between);
  d.second.run(copy, between, y);
}

inline void direct_call(Single& d, stream<Byte>& x, stream<Byte>& y) {
#pragma HLS dataflow
  // refused direct_call at `blind`:
  //   call of blind, which is no kernel that runs; a kernel is run by its Process: e.process.run(kernel, nets...)
  blind(reinterpret_cast<PartState&>(d.first), x);
}

inline void indirect_call(Single& d, stream<Byte>& x, stream<Byte>& y) {
#pragma HLS dataflow
  auto* function = &blind;
  // refused indirect_call at `function`:
  //   a dataflow function holds calls of Process::run and join only
  function(reinterpret_cast<PartState&>(d.first), x);
}

}  // namespace sockwire
