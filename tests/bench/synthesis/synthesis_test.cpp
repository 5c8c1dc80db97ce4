// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/synthesis/synthesis.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace sockwire::bench {
namespace {

namespace fs = std::filesystem;

class Synthesis : public testing::Test {
 protected:
  Synthesis() : folder_(testing::TempDir() + "sockwire-synthesis-" + std::to_string(getpid())) {
    fs::create_directories(folder_);
  }
  ~Synthesis() override { fs::remove_all(folder_); }

  Design design(const std::string& ports, const std::string& body) {
    const fs::path source = folder_ / "part.sv";
    std::ofstream(source) << "module part(" << ports << ");\n" << body << "\nendmodule\n";
    return {"part", {source}};
  }

  fs::path folder_;
};

// Six inputs fit one LUT; abc finds two levels for 16 and needs three beyond 36.
TEST_F(Synthesis, DepthCountsLutsOfSixInputs) {
  for (const auto& [bits, levels] : {std::pair{1, 0}, {6, 1}, {7, 2}, {16, 2}, {37, 3}}) {
    const std::string width = "[" + std::to_string(bits - 1) + ":0]";
    EXPECT_EQ(depth_of(design("input logic " + width + " a, output logic y", "assign y = &a;"), folder_), levels)
        << bits << " bits";
  }
}

TEST_F(Synthesis, ARegisterEndsAPath) {
  const std::string ports = "input logic clk, input logic [15:0] a, input logic [15:0] b, output logic y";
  EXPECT_EQ(depth_of(design(ports, "logic q; always_ff @(posedge clk) q <= &a; assign y = q && &b[4:0];"), folder_), 2);
  EXPECT_EQ(depth_of(design(ports, "logic q; assign q = &a; assign y = q && &b;"), folder_), 3);
}

// Through the address of a memory that is read without a clock, not through what is written, nor through a clock.
TEST_F(Synthesis, AMemoryReadWithoutAClockIsOneLevel) {
  const std::string ports =
      "input logic clk, input logic we, input logic [4:0] a, input logic [11:0] d, output logic [11:0] y";
  const std::string body = "logic [11:0] ram[32]; always_ff @(posedge clk) if (we) ram[a] <= d;";
  EXPECT_EQ(depth_of(design(ports, body + "assign y = ram[a];"), folder_), 1);
  EXPECT_EQ(depth_of(design(ports, body + "assign y = {12{&ram[a ^ d[4:0]]}};"), folder_), 4);
  EXPECT_EQ(depth_of(design(ports, body + "always_ff @(posedge clk) y <= ram[a];"), folder_), 0);
}

TEST_F(Synthesis, AreaCountsLutsFlipFlopsAndBlockRams) {
  const Area area = area_of(
      design(
          "input logic clk, input logic we, input logic [9:0] a, input logic [35:0] d, output logic [35:0] y,"
          " output logic q",
          "logic [35:0] ram[1024]; always_ff @(posedge clk) begin if (we) ram[a] <= d; y <= ram[a]; q <= ^d[5:0]; end"),
      folder_);
  EXPECT_EQ(area.lut, 1);
  EXPECT_EQ(area.ff, 1);
  EXPECT_EQ(area.bram36, 1);
  ASSERT_EQ(area.memories.size(), 1u);
  EXPECT_EQ(area.memories.begin()->first, "ram");
}

TEST_F(Synthesis, WhatYosysDoesNotReadIsAnError) {
  EXPECT_THROW(area_of(design("output logic y", "assign y = ;"), folder_), std::runtime_error);
  EXPECT_THROW(two_at_a_time(3,
                             [](std::size_t i) {
                               if (i == 2) throw std::runtime_error("third");
                             }),
               std::runtime_error);
}

}  // namespace
}  // namespace sockwire::bench
