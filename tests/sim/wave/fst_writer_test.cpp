// SPDX-License-Identifier: Apache-2.0
// What is written is read back with the format's own reader.
#include "sim/wave/fst_writer.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "tests/sim/wave/fst_reader.hpp"

namespace sockwire::sim {
namespace {

TEST(FstWriter, BitsRealsAndTextsAreReadBack) {
  const std::string path = testing::TempDir() + "sockwire-writer-" + std::to_string(getpid()) + ".fst";
  {
    auto writer = FstWriter::create(path);
    ASSERT_TRUE(writer) << writer.error();
    FstWriter& fst = *writer.value();
    fst.enter("near");
    const auto octet = fst.add_bits("octet", 8);
    const auto volts = fst.add_real("volts");
    const auto symbol = fst.add_text("symbol");
    fst.leave();
    fst.at(0);
    fst.set(octet, 0x55);
    fst.set_text(symbol, "/J/");
    fst.at(12500);
    fst.set(octet, 0xD5);
    fst.set_real(volts, -1.25);
    fst.set_text(symbol, "/K/");
  }
  const FstReader read(path);
  unlink(path.c_str());
  ASSERT_TRUE(read.open);
  EXPECT_EQ(read.timescale, -12);
  const std::vector<Change> octets{{0, "01010101"}, {12500, "11010101"}};
  EXPECT_EQ(read.changes.at("near.octet"), octets);
  const std::vector<Change> symbols{{0, "/J/"}, {12500, "/K/"}};
  EXPECT_EQ(read.changes.at("near.symbol"), symbols);
  ASSERT_FALSE(read.changes.at("near.volts").empty());
  EXPECT_EQ(read.changes.at("near.volts").back(), (Change{12500, "-1.250000"}));
}

TEST(FstWriter, SaysWhatItCannotWrite) {
  const auto writer = FstWriter::create("/nonexistent/folder/line.fst");
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error(), "cannot write the waveform /nonexistent/folder/line.fst");
}

}  // namespace
}  // namespace sockwire::sim
