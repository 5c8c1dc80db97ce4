// SPDX-License-Identifier: Apache-2.0
#include "tests/hls/compiler/fuzz/units.hpp"

#include <llvm/Bitcode/BitcodeReader.h>
#include <llvm/Bitcode/BitcodeWriter.h>
#include <llvm/Support/CommandLine.h>
#include <llvm/Support/raw_ostream.h>

#include <array>
#include <iterator>

#include "hls/compiler/driver.hpp"
#include "hls/compiler/passes.hpp"
#include "hls/compiler/unit.hpp"

namespace hlsc::test {
namespace {

struct Seed {
  const char* family;
  const char* kernel;
};

constexpr std::array<Seed, kSeedUnits> kSeeds = {{{"control", "machine"},
                                                  {"control", "arbiter"},
                                                  {"control", "loops"},
                                                  {"control", "correlated"},
                                                  {"control", "deep<3>"},
                                                  {"data", "arithmetic"},
                                                  {"data", "shifts"},
                                                  {"data", "tables"},
                                                  {"data", "structs"},
                                                  {"data", "arrays"},
                                                  {"memory", "memories"},
                                                  {"memory", "blocks"}}};

Options options(unsigned number) {
  Options result;
  result.header = std::string(SOURCE_DIR) + "/tests/hls/compiler/kernels_" + kSeeds.at(number).family + ".hpp";
  result.function = kSeeds.at(number).kernel;
  result.module = "fuzzed";
  result.clang_arguments = {std::string("-I") + SOURCE_DIR};
  return result;
}

}  // namespace

void configure() {
  configure_llvm();
  // A reader that finds a broken module while it upgrades debug information would end the process.
  const char* arguments[] = {"hlsc", "-disable-auto-upgrade-debug-info"};
  llvm::cl::ParseCommandLineOptions(std::size(arguments), arguments);
}

std::string seed_name(unsigned number) { return kSeeds.at(number).kernel; }

std::string seed_unit(unsigned number) {
  llvm::LLVMContext context;
  const Options of_kernel = options(number);
  const FrontEnd unit = load_kernel(run_clang(of_kernel, {of_kernel.function}), 0, context);
  std::string bitcode;
  llvm::raw_string_ostream out(bitcode);
  llvm::WriteBitcodeToFile(*unit.module, out);
  return bitcode;
}

std::unique_ptr<llvm::Module> parsed_unit(llvm::StringRef bitcode, llvm::LLVMContext& context) {
  llvm::Expected<std::unique_ptr<llvm::Module>> module =
      llvm::parseBitcodeFile(llvm::MemoryBufferRef(bitcode, "unit"), context);
  if (module) return std::move(*module);
  llvm::consumeError(module.takeError());
  return nullptr;
}

std::string compile_unit(std::unique_ptr<llvm::Module> module) {
  const Options any = options(0);
  FrontEnd unit = unit_of(std::move(module), 0, any.function);
  return hlsc::compile_unit(unit, any).text;
}

}  // namespace hlsc::test
