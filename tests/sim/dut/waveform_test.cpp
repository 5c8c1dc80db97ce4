// SPDX-License-Identifier: Apache-2.0
// A recorded waveform is opened with the reader of the FST format's own library, and tells what the engine did.
#include <gtest/gtest.h>
#include <gtkwave/fstapi.h>
#include <unistd.h>

#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/sim/dut/engine_driver.hpp"

namespace sockwire::sim {
namespace {

/// The file that a test writes, gone when it is over.
class WaveFile {
 public:
  WaveFile() : path_(testing::TempDir() + "sockwire-" + std::to_string(getpid()) + ".fst") {}
  ~WaveFile() { unlink(path_.c_str()); }
  WaveFile(const WaveFile&) = delete;
  WaveFile& operator=(const WaveFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

class Waveform {
 public:
  explicit Waveform(const std::string& path) : context_(fstReaderOpen(path.c_str()), &fstReaderClose) {
    if (!context_) return;
    std::string scope;
    while (fstHier* each = fstReaderIterateHier(context_.get())) {
      if (each->htyp == FST_HT_SCOPE) scope = fstReaderPushScope(context_.get(), each->u.scope.name, nullptr);
      if (each->htyp == FST_HT_UPSCOPE) scope = fstReaderPopScope(context_.get());
      if (each->htyp == FST_HT_VAR) handles_.emplace(scope + "." + each->u.var.name, each->u.var.handle);
    }
  }

  bool is_open() const { return context_ != nullptr; }
  std::uint64_t end_time() const { return fstReaderGetEndTime(context_.get()); }
  int timescale() const { return fstReaderGetTimescale(context_.get()); }
  std::size_t signals() const { return handles_.size(); }

  /// The first signal whose name ends so.
  fstHandle find(const std::string& ending) const {
    for (const auto& [name, handle] : handles_) {
      const std::string bare = name.substr(0, name.find(' '));
      if (bare.size() >= ending.size() && bare.compare(bare.size() - ending.size(), ending.size(), ending) == 0) {
        return handle;
      }
    }
    return 0;
  }

  /// How often the signal became so.
  int count(fstHandle signal, const std::string& value) const {
    struct Search {
      fstHandle signal;
      std::string value;
      int found;
    } search{signal, value, 0};
    fstReaderSetFacProcessMaskAll(context_.get());
    fstReaderIterBlocks(
        context_.get(),
        [](void* data, std::uint64_t, fstHandle handle, const unsigned char* text) {
          auto& wanted = *static_cast<Search*>(data);
          const std::string now(reinterpret_cast<const char*>(text));
          if (handle == wanted.signal && now == wanted.value) ++wanted.found;
        },
        &search, nullptr);
    return search.found;
  }

 private:
  std::unique_ptr<void, void (*)(void*)> context_;
  std::multimap<std::string, fstHandle> handles_;
};

template <int kBytes>
void expect_a_waveform_of(int cycles) {
  const WaveFile file;
  {
    EngineDriver<kBytes> driver(make_verilated_engine<kBytes>(1, {.fst_path = file.path()}));
    driver.start();
    while (driver.cycle < static_cast<std::uint64_t>(cycles)) driver.step();
  }
  const Waveform wave(file.path());
  ASSERT_TRUE(wave.is_open());
  EXPECT_EQ(wave.timescale(), -12) << "a picosecond";
  EXPECT_GT(wave.signals(), 500u);
  const fstHandle clock = wave.find(".clk_i");
  ASSERT_NE(clock, 0u);
  constexpr int kResetCycles = 2;
  EXPECT_EQ(wave.count(clock, "1"), cycles + kResetCycles);
  const auto end_ps = (cycles + kResetCycles) * cycle_ps<kBytes>();
  EXPECT_EQ(wave.end_time(), end_ps - cycle_ps<kBytes>() / 2);
  // HELLO's answer is on the event stream once.
  const fstHandle epoch = wave.find("u_command_parser.epoch_q");
  ASSERT_NE(epoch, 0u);
  EXPECT_EQ(wave.count(epoch, "00000001"), 1);
}

TEST(Waveform, HoldsEveryCycleAndSignalAtWidth1) { expect_a_waveform_of<1>(400); }
TEST(Waveform, HoldsEveryCycleAndSignalAtWidth8) { expect_a_waveform_of<8>(400); }

TEST(Waveform, WhatCannotBeWrittenIsSaid) {
  EXPECT_THROW(make_verilated_engine<1>(1, {.fst_path = "/nowhere/at/all.fst"}), std::runtime_error);
}

}  // namespace
}  // namespace sockwire::sim
