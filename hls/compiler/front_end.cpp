// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/front_end.hpp"

#include <llvm/Bitcode/BitcodeReader.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/Support/Error.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Program.h>

#include <fstream>
#include <set>
#include <stdexcept>

#include "hls/compiler/diagnostics.hpp"
#include "hls/compiler/unit.hpp"

namespace hlsc {
namespace {

/// A file that goes away with its owner.
class TemporaryFile {
 public:
  explicit TemporaryFile(const char* suffix) {
    llvm::SmallString<128> path;
    if (const std::error_code error = llvm::sys::fs::createTemporaryFile("hlsc", suffix, path))
      throw Refusal({}, "cannot make a temporary file: " + error.message());
    path_ = path.str().str();
  }
  ~TemporaryFile() {
    // If it cannot be removed there is nobody to tell.
    [[maybe_unused]] const std::error_code ignored = llvm::sys::fs::remove(path_);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// Instantiates each kernel by taking its address, and default-constructs the state and whatever a wire or a memory
/// holds at compile time: constinit refuses a reset value that would need code. The sizes instantiate the types of
/// ports that the kernel does not use, whose debug information would be a bare name.
std::string translation_unit(const Options& options, const std::vector<std::string>& functions) {
  std::string text = "#include \"" + options.header + "\"\n" + R"(
#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"
namespace hlsc_unit {
using namespace sockwire;
template <typename T> struct Reset { T value{}; };
template <typename T> struct Reset<stream<T>> { char none = 0; static_assert(sizeof(stream<T>) != 0); };
template <typename T> struct Reset<wire<T>> { T value{}; static_assert(sizeof(wire<T>) != 0); };
template <int kBits> struct Reset<pulse<kBits>> { char none = 0; static_assert(sizeof(pulse<kBits>) != 0); };
template <typename T, int kEntries, typename Contents> struct Filled {
  T value[kEntries];
  constexpr Filled() : value{} { for (int i = 0; i < kEntries; ++i) value[i] = Contents::at(i); }
};
template <typename T, int kEntries> struct Filled<T, kEntries, void> { T value{}; };
template <typename T, int kEntries, typename C> struct Reset<mem<T, kEntries, C>> : Filled<T, kEntries, C> {
  static_assert(sizeof(mem<T, kEntries, C>) != 0);
};
template <typename T, int kEntries, typename C> struct Reset<bram<T, kEntries, C>> : Filled<T, kEntries, C> {
  static_assert(sizeof(bram<T, kEntries, C>) != 0);
};
template <typename T, int kEntries, int kBanks> struct Reset<banked<T, kEntries, kBanks>> {
  T value{};
  static_assert(sizeof(banked<T, kEntries, kBanks>) != 0);
};
template <typename... Arguments> struct Resets { char none = 0; };
template <typename First, typename... Rest> struct Resets<First, Rest...> {
  static_assert(sizeof(First) > 0, "complete");
  Reset<First> first;
  Resets<Rest...> rest;
};
template <typename Function> struct Kernel;
template <typename... Arguments> struct Kernel<void (*)(Arguments&...)> {
  static_assert(((sizeof(Arguments) > 0) && ...));  // so that types of arguments that are not used are described, too
  typedef Resets<Arguments...> Reset;
};
}
extern "C" {
using namespace sockwire;
)";
  for (std::size_t i = 0; i < functions.size(); ++i) {
    const std::string pointer = pointer_name(i);
    text.append("auto* ").append(pointer).append(" = &").append(functions[i]).append(";\n");
    text.append("constinit hlsc_unit::Kernel<decltype(").append(pointer).append(")>::Reset ");
    text.append(resets_name(i)).append("{};\n");
  }
  return text + "}\n";
}

std::vector<std::string> clang_command(const Options& options, const std::string& source, const std::string& output) {
  std::vector<std::string> command = {
      HLSC_CLANG, "-x", "c++", "-std=c++20", "-D__HLSC__", "-D__SYNTHESIS__", "-DNDEBUG",
      // -O1 would forbid unrolling; the passes are ours.
      "-O2", "-Xclang", "-disable-llvm-passes", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics",
      "-fno-discard-value-names", "-g", "-fstandalone-debug",
      // What C++ leaves undefined would quietly become any circuit: see also bounds.hpp.
      "-fsanitize=array-bounds,shift-exponent", "-fsanitize-trap=all", "-fstrict-flex-arrays=3", "-Wno-everything",
      "-Werror=uninitialized", "-Werror=sometimes-uninitialized", "-Werror=return-type", "-emit-llvm", "-c", source,
      "-o", output};
  if (!options.depfile.empty()) command.insert(command.end(), {"-MMD", "-MF", options.depfile, "-MT", options.output});
  command.insert(command.end(), options.clang_arguments.begin(), options.clang_arguments.end());
  return command;
}

/// The temporary translation unit must not stay in the list of dependencies, since it is gone afterwards.
void remove_from_depfile(const std::string& depfile, const std::string& source) {
  std::ifstream in(depfile);
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const std::size_t at = text.find(source);
  if (at != std::string::npos) text.erase(at, source.size());
  std::ofstream(depfile) << text;
}

void run(const std::vector<std::string>& command) {
  const std::vector<llvm::StringRef> arguments(command.begin(), command.end());
  std::string message;
  const int status = llvm::sys::ExecuteAndWait(command[0], arguments, std::nullopt, {}, 0, 0, &message);
  if (status < 0) throw Refusal({}, "cannot run " + command[0] + ": " + message);
  if (status > 0) throw Refusal({}, "the front end does not accept the kernel (its messages are above)");
}

std::logic_error unreadable(llvm::Error error) {
  return std::logic_error("cannot read the front end's output: " + llvm::toString(std::move(error)));
}

/// Reads the bodies of the kernel and of what it calls, and forgets those of all other functions.
void keep_only(llvm::Module& module, llvm::Function& kernel) {
  std::vector<llvm::Function*> open = {&kernel};
  std::set<llvm::Function*> kept = {&kernel};
  while (!open.empty()) {
    llvm::Function* function = open.back();
    open.pop_back();
    if (llvm::Error error = function->materialize()) throw unreadable(std::move(error));
    for (llvm::Instruction& instruction : llvm::instructions(function))
      for (llvm::Value* operand : instruction.operand_values())
        if (auto* used = llvm::dyn_cast<llvm::Function>(operand); used != nullptr && kept.insert(used).second)
          open.push_back(used);
  }
  for (llvm::Function& function : module) {
    if (kept.count(&function) != 0) continue;
    function.deleteBody();
    function.setComdat(nullptr);
  }
  if (llvm::Error error = module.materializeAll()) throw unreadable(std::move(error));
}

}  // namespace

TranslationUnit run_clang(const Options& options, const std::vector<std::string>& functions) {
  const TemporaryFile source(".cpp");
  const TemporaryFile bitcode(".bc");
  std::ofstream(source.path()) << translation_unit(options, functions);
  run(clang_command(options, source.path(), bitcode.path()));
  if (!options.depfile.empty()) remove_from_depfile(options.depfile, source.path());
  auto buffer = llvm::MemoryBuffer::getFile(bitcode.path());
  if (!buffer) throw unreadable(llvm::errorCodeToError(buffer.getError()));
  return {std::move(*buffer), functions};
}

FrontEnd load_kernel(const TranslationUnit& unit, std::size_t number, llvm::LLVMContext& context,
                     const std::string& symbol) {
  // Bodies are read when they are needed: of a unit with many kernels, most belong to others.
  auto lazy = llvm::getLazyBitcodeModule(*unit.bitcode, context);
  if (!lazy) throw unreadable(lazy.takeError());
  std::unique_ptr<llvm::Module> module = std::move(*lazy);
  llvm::GlobalVariable* pointer = module->getNamedGlobal(pointer_name(number));
  if (!symbol.empty()) pointer->setInitializer(module->getFunction(symbol));
  if (auto* kernel = llvm::dyn_cast<llvm::Function>(pointer->getInitializer())) keep_only(*module, *kernel);
  return unit_of(std::move(module), number, unit.functions[number]);
}

}  // namespace hlsc
