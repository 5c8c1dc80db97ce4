// SPDX-License-Identifier: Apache-2.0
// How long things take on an Artix-7 of speed grade -1, in nanoseconds.
//
// Delays of cells are those of Project X-Ray's database for Artix-7, as Yosys carries them in its xilinx/cells_sim.v
// (specify blocks). What a net costs depends on placement and routing, which hlsc does not do. Two figures stand for
// it: a net that leaves a register or a block RAM, which stand apart since many things are tied to them, and a net
// between the cells of a path, which are placed together. They are fitted to three circuits that were placed and
// routed in an open flow for this part and grade; three others, that were not used to fit them, are predicted.
// tests/hls/compiler/delay_model_test.cpp does both, and fails if the figures below are not the fitted ones.
//
//   | circuit, register to register               | measured | used to |
//   |---------------------------------------------|----------|---------|
//   | 32-bit sum                                  | 230 MHz  | fit     |
//   | block RAM to register                       | 271 MHz  | fit     |
//   | ones' complement sum of four words, 2 folds | 102 MHz  | fit     |
//   | window check: two subtractions and compares | 148 MHz  | check   |
//   | block RAM to 32-bit sum                     | 150 MHz  | check   |
//   | block RAM to subtract, compare, choose      | 113 MHz  | check   |
#pragma once

namespace hlsc {

/// All in nanoseconds.
struct DelayModel {
  double clock_to_q = 0.303;            // FDRE, C to Q
  double register_setup = 0.0;          // FDRE, D (negative in the database)
  double enable_setup = 0.109;          // FDRE, CE
  double lut = 0.378;                   // LUT6: the mean of its inputs, 0.127 to 0.642
  double chain_in = 0.508;              // CARRY4, S0 to CO3
  double chain_step = 0.114 / 4;        // CARRY4, CI to CO3, by bit
  double chain_out = 0.313;             // CARRY4, CI to O3
  double chain_end = 0.271;             // CARRY4, CI to CO0
  double lutram_read = 0.642;           // RAM32M: a LUT by its slowest input
  double lutram_setup = 0.245;          // RAM32M, address
  double block_ram_clock_to_q = 2.454;  // RAMB36E1 without its output register
  double block_ram_setup = 0.566;       // RAMB36E1, address
  double block_ram_data_setup = 0.737;  // RAMB36E1, data in
  double net_from_register = 1.6;       // fitted
  double net = 0.65;                    // fitted
};

constexpr DelayModel kArtix7Grade1;

}  // namespace hlsc
