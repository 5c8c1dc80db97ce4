// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/front_end.hpp"

#include <llvm/IRReader/IRReader.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Program.h>
#include <llvm/Support/SourceMgr.h>

#include <fstream>

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

/// Instantiates the kernel by taking its address, and default-constructs the state and whatever a wire or a memory
/// holds at compile time: constinit refuses a reset value that would need code.
std::string translation_unit(const Options& options) {
  return "#include \"" + options.header + "\"\n" + R"(
#include "hls/base/memory.hpp"
#include "hls/base/stream.hpp"
namespace hlsc_unit {
using namespace sockwire;
template <typename T> struct Reset { T value{}; };
template <typename T> struct Reset<stream<T>> { char none = 0; };
template <typename T> struct Reset<wire<T>> { T value{}; };
template <int kBits> struct Reset<pulse<kBits>> { char none = 0; };
template <typename T, int kEntries> struct Reset<mem<T, kEntries>> { T value{}; };
template <typename T, int kEntries> struct Reset<bram<T, kEntries>> { T value{}; };
template <typename T, int kEntries, int kBanks> struct Reset<banked<T, kEntries, kBanks>> { T value{}; };
template <typename... Arguments> struct Resets { char none = 0; };
template <typename First, typename... Rest> struct Resets<First, Rest...> { Reset<First> first; Resets<Rest...> rest; };
template <typename Function> struct Kernel;
template <typename... Arguments> struct Kernel<void (*)(Arguments&...)> {
  static_assert(((sizeof(Arguments) > 0) && ...));  // so that types of arguments that are not used are described, too
  typedef Resets<Arguments...> Reset;
};
}
extern "C" {
using namespace sockwire;
auto* hlsc_kernel = &)" +
         options.function + R"(;
constinit hlsc_unit::Kernel<decltype(hlsc_kernel)>::Reset hlsc_resets{};
}
)";
}

std::vector<std::string> clang_command(const Options& options, const std::string& source, const std::string& output) {
  std::vector<std::string> command = {
      HLSC_CLANG, "-x", "c++", "-std=c++20", "-D__HLSC__", "-D__SYNTHESIS__", "-DNDEBUG",
      // -O1 would forbid unrolling; the passes are ours.
      "-O2", "-Xclang", "-disable-llvm-passes", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics",
      "-fno-discard-value-names", "-g", "-fstandalone-debug", "-w", "-emit-llvm", "-c", source, "-o", output};
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

}  // namespace

FrontEnd run_front_end(const Options& options, llvm::LLVMContext& context) {
  const TemporaryFile source(".cpp");
  const TemporaryFile bitcode(".bc");
  std::ofstream(source.path()) << translation_unit(options);
  run(clang_command(options, source.path(), bitcode.path()));
  if (!options.depfile.empty()) remove_from_depfile(options.depfile, source.path());

  llvm::SMDiagnostic error;
  std::unique_ptr<llvm::Module> module = llvm::parseIRFile(bitcode.path(), error, context);
  if (!module) throw std::logic_error("cannot read the front end's output: " + error.getMessage().str());
  return unit_of(std::move(module), options);
}

}  // namespace hlsc
