// SPDX-License-Identifier: Apache-2.0
// The compiler under libFuzzer, which keeps those units that reach new code in it and changes them further:
//
//   cmake --preset fuzz && ninja -C build/fuzz hlsc_libfuzzer      (needs Debian's libclang-rt-19-dev)
//   build/fuzz/bin/hlsc_libfuzzer -seed=1 -max_len=1000000 -cross_over=0 -timeout=60 CORPUS
//
// CORPUS may be an empty folder: the first units are the front end's. libLLVM is not instrumented, so what is followed
// is the code of hlsc alone. AddressSanitizer still sees every access that hlsc itself makes to LLVM's objects, since
// they come from the same allocator; libstdc++'s containers carry no annotations that the library would not keep up.
#include <llvm/Bitcode/BitcodeWriter.h>
#include <llvm/Support/raw_ostream.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <random>

#include "hls/compiler/diagnostics.hpp"
#include "tests/hls/compiler/fuzz/mutations.hpp"
#include "tests/hls/compiler/fuzz/units.hpp"

namespace {

constexpr unsigned kTries = 10;  // changes that make no valid module are many

llvm::StringRef bytes(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

std::string bitcode_of(const llvm::Module& module) {
  std::string text;
  llvm::raw_string_ostream out(text);
  llvm::WriteBitcodeToFile(module, out);
  return text;
}

std::string changed(llvm::StringRef bitcode, std::mt19937& random) {
  llvm::LLVMContext context;
  const std::unique_ptr<llvm::Module> unit = hlsc::test::parsed_unit(bitcode, context);
  if (unit == nullptr) return hlsc::test::seed_unit(random() % hlsc::test::kSeedUnits);
  for (unsigned i = 0; i < kTries; ++i)
    if (const auto result = hlsc::test::mutated(*unit, random())) return bitcode_of(*result);
  return bitcode.str();
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  hlsc::test::configure();
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
  std::mt19937 random(seed);
  const std::string result = changed(bytes(data, size), random);
  if (result.size() > max_size) return size;
  std::copy(result.begin(), result.end(), data);
  return result.size();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> unit = hlsc::test::parsed_unit(bytes(data, size), context);
  if (unit == nullptr) return -1;
  try {
    hlsc::test::compile_unit(std::move(unit));
  } catch (const hlsc::Refusal&) {  // as it should
  } catch (const std::exception& error) {
    std::cerr << "internal error: " << error.what() << "\n";
    std::abort();
  }
  return 0;
}
