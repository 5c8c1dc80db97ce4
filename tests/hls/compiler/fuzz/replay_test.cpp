// SPDX-License-Identifier: Apache-2.0
// hlsc is given units that no front end would make, and compiles or refuses each: it never crashes, and nothing that
// it says is an internal error. The same changes, guided by coverage, are in libfuzzer.cpp.
//
// A failure names its seed and run. HLSC_FUZZ_SEED, HLSC_FUZZ_FIRST (run) and HLSC_FUZZ_RUNS repeat it alone, or make
// longer campaigns of this.
#include <gtest/gtest.h>
#include <llvm/Support/Signals.h>
#include <llvm/Support/raw_ostream.h>

#include <cstdlib>
#include <iostream>
#include <random>

#include "hls/compiler/diagnostics.hpp"
#include "tests/hls/compiler/fuzz/mutations.hpp"
#include "tests/hls/compiler/fuzz/units.hpp"

namespace {

constexpr unsigned kRuns = 60;  // for each unit
constexpr unsigned kSeed = 20261203;

unsigned setting(const char* name, unsigned otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

/// What is running, for the signal handler.
struct Running {
  unsigned seed = 0;
  unsigned unit = 0;
  unsigned run = 0;
};
Running running;

void say_what_ran(void*) {
  llvm::errs() << "while compiling a changed unit: seed " << running.seed << ", unit " << running.unit << ", run "
               << running.run << "\n";
}

class IrFuzz : public testing::TestWithParam<unsigned> {
 protected:
  static void SetUpTestSuite() {
    hlsc::test::configure();
    llvm::sys::AddSignalHandler(say_what_ran, nullptr);
  }
};

/// Each run starts at the unit and changes it up to four times.
TEST_P(IrFuzz, AnyUnitIsCompiledOrRefused) {
  running.seed = setting("HLSC_FUZZ_SEED", kSeed);
  running.unit = GetParam();
  const std::string bitcode = hlsc::test::seed_unit(running.unit);
  unsigned compiled = 0;
  unsigned refused = 0;
  const unsigned first = setting("HLSC_FUZZ_FIRST", 0);
  for (running.run = first; running.run - first < setting("HLSC_FUZZ_RUNS", kRuns); ++running.run) {
    std::seed_seq sequence = {running.seed, running.unit, running.run};
    std::mt19937 random(sequence);
    llvm::LLVMContext context;
    std::unique_ptr<llvm::Module> unit = hlsc::test::parsed_unit(bitcode, context);
    for (unsigned changes = 1 + random() % 4; changes > 0; --changes)
      if (auto changed = hlsc::test::mutated(*unit, random())) unit = std::move(changed);
    try {
      hlsc::test::compile_unit(std::move(unit));
      ++compiled;
    } catch (const hlsc::Refusal& refusal) {
      EXPECT_NE(refusal.text(), "error: ");
      ++refused;
    } catch (const std::exception& error) {
      say_what_ran(nullptr);
      FAIL() << error.what();
    }
  }
  std::cout << compiled << " compiled, " << refused << " refused\n";
  if (setting("HLSC_FUZZ_RUNS", kRuns) < kRuns) return;
  EXPECT_GT(compiled, 0u);
  EXPECT_GT(refused, 0u);
}

INSTANTIATE_TEST_SUITE_P(Units, IrFuzz, testing::Range(0u, hlsc::test::kSeedUnits));

}  // namespace
