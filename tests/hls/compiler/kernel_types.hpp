// SPDX-License-Identifier: Apache-2.0
// What the test kernels' ports carry. All kernels have the same ports, so that one Verilated top holds them all and one
// harness drives them.
#pragma once

#include "hls/base/ap_uint.hpp"
#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"

namespace sockwire {

/// Three bits, since the largest enumerator needs them.
enum class Color : std::uint8_t { kRed, kGreen, kBlue = 5 };

struct Pair {
  ap_uint<12> low = 0;
  ap_uint<5> high = 0;
};

struct Item {
  ap_uint<64> wide = 0;
  ap_uint<19> odd = 0;
  Pair pair;
  bool flag = false;
  Color color = Color::kRed;
  ap_uint<100> big = 0;
  ap_uint<8> bytes[3];
};

struct Result {
  ap_uint<64> value = 0;
  ap_uint<40> sum = 0;
  Color color = Color::kGreen;
  ap_uint<100> big = 0;
};

struct Setting {
  ap_uint<6> amount = 0;
  bool enable = false;
};

struct Level {
  ap_uint<16> value = 0x1234;
  bool seen = true;
};

#define TEST_PORTS                                                                                                  \
  stream<Item>&x, stream<Item>&z, wire<Setting>&setting, stream<Result>&y, stream<ap_uint<8>>&w, wire<Level>&level, \
      pulse<4>&events

}  // namespace sockwire
