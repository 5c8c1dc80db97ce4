// SPDX-License-Identifier: Apache-2.0
// What is written is read back with the format's own reader.
#include "sim/wave/fst_writer.hpp"

#include <gtest/gtest.h>
#include <gtkwave/fstapi.h>
#include <unistd.h>

#include <cstring>
#include <map>
#include <string>
#include <vector>

namespace sockwire::sim {
namespace {

struct Change {
  std::uint64_t time = 0;
  std::string value;
  bool operator==(const Change&) const = default;
};

/// Every change of each signal, by its name; a real as its text, "%g".
struct Read {
  explicit Read(const std::string& path) {
    void* context = fstReaderOpen(path.c_str());
    if (context == nullptr) return;
    open = true;
    timescale = fstReaderGetTimescale(context);
    while (fstHier* each = fstReaderIterateHier(context)) {
      if (each->htyp != FST_HT_VAR) continue;
      names[each->u.var.handle] = each->u.var.name;
      reals[each->u.var.handle] = each->u.var.typ == FST_VT_VCD_REAL;
    }
    fstReaderSetFacProcessMaskAll(context);
    fstReaderIterBlocksSetNativeDoublesOnCallback(context, 1);
    const auto fixed = [](void* self, std::uint64_t time, fstHandle handle, const unsigned char* value) {
      auto& read = *static_cast<Read*>(self);
      std::string text(reinterpret_cast<const char*>(value));
      if (read.reals[handle]) {
        double number = 0;
        std::memcpy(&number, value, sizeof number);
        text = std::to_string(number);
      }
      read.changes[read.names[handle]].push_back({time, text});
    };
    const auto text = [](void* self, std::uint64_t time, fstHandle handle, const unsigned char* value,
                         std::uint32_t bytes) {
      auto& read = *static_cast<Read*>(self);
      if (bytes != 0) read.changes[read.names[handle]].push_back({time, {reinterpret_cast<const char*>(value), bytes}});
    };
    fstReaderIterBlocks2(context, fixed, text, this, nullptr);
    fstReaderClose(context);
  }
  bool open = false;
  int timescale = 0;
  std::map<fstHandle, std::string> names;
  std::map<fstHandle, bool> reals;
  std::map<std::string, std::vector<Change>> changes;
};

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
  const Read read(path);
  unlink(path.c_str());
  ASSERT_TRUE(read.open);
  EXPECT_EQ(read.timescale, -12);
  const std::vector<Change> octets{{0, "01010101"}, {12500, "11010101"}};
  EXPECT_EQ(read.changes.at("octet"), octets);
  const std::vector<Change> symbols{{0, "/J/"}, {12500, "/K/"}};
  EXPECT_EQ(read.changes.at("symbol"), symbols);
  ASSERT_FALSE(read.changes.at("volts").empty());
  EXPECT_EQ(read.changes.at("volts").back(), (Change{12500, "-1.250000"}));
}

TEST(FstWriter, SaysWhatItCannotWrite) {
  const auto writer = FstWriter::create("/nonexistent/folder/line.fst");
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error(), "cannot write the waveform /nonexistent/folder/line.fst");
}

}  // namespace
}  // namespace sockwire::sim
