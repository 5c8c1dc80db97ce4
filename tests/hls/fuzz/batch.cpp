// SPDX-License-Identifier: Apache-2.0
#include "tests/hls/fuzz/batch.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>

#include "hls/compiler/diagnostics.hpp"
#include "hls/compiler/driver.hpp"
#include "tests/command_outcome.hpp"
#include "tests/hls/fuzz/batch_files.hpp"

namespace sockwire::fuzz {
namespace {

namespace fs = std::filesystem;
using test::CommandOutcome;

constexpr const char* kFifos =
    FUZZ_SOURCE_DIR "/rtl/stream/stream_fifo.sv " FUZZ_SOURCE_DIR "/rtl/stream/stream_reserve_fifo.sv";
constexpr unsigned kCompileSeconds = 120;  // a kernel takes a fraction of one; more is a loop without end

std::string read_file(const std::string& path) {
  std::ifstream in(path);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

/// While it exists, what this process and its children write to standard error goes into a file.
class StandardError {
 public:
  explicit StandardError(const std::string& path) : before_(dup(STDERR_FILENO)) {
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (before_ < 0 || file < 0) throw std::runtime_error("cannot write " + path);
    dup2(file, STDERR_FILENO);
    close(file);
  }
  ~StandardError() {
    dup2(before_, STDERR_FILENO);
    close(before_);
  }
  StandardError(const StandardError&) = delete;
  StandardError& operator=(const StandardError&) = delete;

 private:
  int before_;
};

class Batch {
 public:
  Batch(const std::vector<Kernel>& kernels, const BatchOptions& options)
      : kernels_(kernels), options_(options), folder_(options.folder), outcomes_(kernels.size()) {}

  std::vector<Outcome> run() {
    fs::create_directories(folder_);
    write_sources();
    compile_kernels();
    if (options_.yosys) read_with_yosys();
    // A kernel that a tool does not accept leaves the batch; the others go on without it.
    while (!alive().empty()) {
      if (blamed("verilator", verilate(), Verdict::kVerilator)) continue;
      if (blamed("the native compiler", compile_native(), Verdict::kNative)) continue;
      build_program();
      simulate();
      break;
    }
    return std::move(outcomes_);
  }

 private:
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  std::vector<std::size_t> alive() const {
    std::vector<std::size_t> result;
    for (std::size_t i = 0; i < kernels_.size(); ++i)
      if (outcomes_[i].verdict == Verdict::kEqual) result.push_back(i);
    return result;
  }

  std::vector<const Kernel*> kernels_alive() const {
    std::vector<const Kernel*> result;
    for (const std::size_t i : alive()) result.push_back(&kernels_[i]);
    return result;
  }

  void fail(std::size_t kernel, Verdict verdict, const std::string& what) {
    outcomes_[kernel].verdict = verdict;
    outcomes_[kernel].what = what;
  }

  CommandOutcome command(const std::string& text) const {
    CommandOutcome outcome = test::run_command(text);
    if (outcome.exit_code < 0 || outcome.exit_code == 127)
      throw std::runtime_error("this did not run: " + text + "\n" + outcome.output);
    return outcome;
  }

  void must(const std::string& text) const {
    const CommandOutcome outcome = command(text);
    if (outcome.exit_code != 0) throw std::runtime_error("this failed: " + text + "\n" + outcome.output);
  }

  /// Whether a tool complained; then the kernels whose files it names are out, or all are if it names none.
  bool blamed(const std::string& tool, const CommandOutcome& outcome, Verdict verdict) {
    if (outcome.exit_code == 0) return false;
    bool found = false;
    for (const std::size_t i : alive()) {
      std::string lines;
      std::istringstream all(outcome.output);
      for (std::string line; std::getline(all, line);)
        if (line.find("/" + kernels_[i].name + ".") != std::string::npos) lines += line + "\n";
      if (lines.empty()) continue;
      fail(i, verdict, lines);
      found = true;
    }
    if (!found) throw std::runtime_error(tool + " names no kernel in its complaint:\n" + outcome.output);
    return true;
  }

  void write_sources() {
    std::vector<const Kernel*> all;
    for (const Kernel& kernel : kernels_) {
      std::ofstream(path(kernel.name + ".hpp")) << kernel.text;
      all.push_back(&kernel);
    }
    std::ofstream(path("kernels.hpp")) << kernels_header(all);
  }

  // --- hlsc
  // --------------------------------------------------------------------------------------------------------------

  hlsc::Options compiler_options(const Kernel& kernel) const {
    hlsc::Options result;
    result.header = path("kernels.hpp");
    result.function = kernel.name + "::kernel";
    result.module = kernel.name;
    result.output = path(kernel.name + ".sv");
    result.latency = path(kernel.name + "_latency.hpp");
    result.period_ns = kernel.period;
    result.may_be_late = true;
    result.clang_arguments = {"-I" FUZZ_SOURCE_DIR, "-I" + folder_.string()};
    for (const Port& port : kernel.ports)
      if (port.kind == "out") result.depths.emplace_back(port.name, static_cast<unsigned>(port.depth));
    return result;
  }

  void compile_kernels() {
    hlsc::TranslationUnit unit;
    while (!alive().empty()) {
      std::vector<std::string> functions;
      for (const Kernel* kernel : kernels_alive()) functions.push_back(kernel->name + "::kernel");
      std::ofstream(path("kernels.hpp")) << kernels_header(kernels_alive());
      const hlsc::Options options = compiler_options(kernels_[0]);
      CommandOutcome outcome{0, ""};
      try {
        const StandardError kept(path("clang.txt"));
        unit = hlsc::run_clang(options, functions);
      } catch (const hlsc::Refusal&) {
        outcome = {1, read_file(path("clang.txt"))};
      }
      if (!blamed("clang", outcome, Verdict::kRefused)) break;
    }
    std::size_t number = 0;
    for (const std::size_t i : alive()) compile_kernel(i, unit, number++);
  }

  static void sabotage(const std::string& module) {
    std::string text = read_file(module);
    const std::string loop = "_entry_number + 1";  // over a memory's entries; it must end
    for (std::size_t at = text.find(" + "); at != std::string::npos; at = text.find(" + ", at + 1)) {
      if (text.compare(at + 4 - loop.size(), loop.size(), loop) == 0) continue;
      text[at + 1] = '-';
      break;
    }
    std::ofstream(module) << text;
  }

  /// In a process of its own: the compiler may crash, and nothing of one kernel reaches the next.
  void compile_kernel(std::size_t i, const hlsc::TranslationUnit& unit, std::size_t number) {
    const hlsc::Options options = compiler_options(kernels_[i]);
    const CommandOutcome outcome = in_child(path(kernels_[i].name + ".txt"), [&] {
      try {
        hlsc::compile(options, unit, number);
        return 0;
      } catch (const hlsc::Refusal& refusal) {
        std::cerr << refusal.text() << "\n";
        return 1;
      }
    });
    if (outcome.exit_code == 0 && options_.sabotage) sabotage(options.output);
    if (outcome.exit_code == 1) fail(i, Verdict::kRefused, outcome.output);
    if (outcome.exit_code != 0 && outcome.exit_code != 1) fail(i, Verdict::kInternalError, outcome.output);
  }

  template <typename Work>
  static CommandOutcome in_child(const std::string& messages, Work work) {
    const pid_t child = fork();
    if (child < 0) throw std::runtime_error("cannot fork");
    if (child == 0) {
      if (std::freopen(messages.c_str(), "w", stderr) == nullptr) _exit(4);
      alarm(kCompileSeconds);
      int code = 3;
      try {
        code = work();
      } catch (const std::exception& error) {
        std::cerr << "internal error: " << error.what() << "\n";
      }
      std::cerr.flush();
      _exit(code);
    }
    int status = 0;
    if (waitpid(child, &status, 0) != child) throw std::runtime_error("a child was lost");
    CommandOutcome outcome;
    outcome.output = read_file(messages);
    if (WIFEXITED(status)) outcome.exit_code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) outcome.output += "ended by signal " + std::to_string(WTERMSIG(status)) + "\n";
    return outcome;
  }

  // --- other tools
  // -------------------------------------------------------------------------------------------------------

  void read_with_yosys() {
    for (const std::size_t i : alive()) {
      const std::string& name = kernels_[i].name;
      const CommandOutcome outcome =
          command("yosys -q -p 'read_verilog -sv " + std::string(kFifos) + " " + path(name + ".sv") +
                  "; hierarchy -check -top " + name + "; proc; select -assert-none t:$dlatch'");
      if (outcome.exit_code != 0) fail(i, Verdict::kYosys, outcome.output);
    }
  }

  CommandOutcome verilate() {
    std::vector<Connections> connections;
    std::string sources = kFifos;
    for (const Kernel* kernel : kernels_alive()) {
      connections.push_back(connect(*kernel, read_file(path(kernel->name + ".sv"))));
      connections.back().by_streams = options_.mode == "streams";
      sources += " " + path(kernel->name + ".sv");
    }
    std::ofstream(path("fuzz_top.sv")) << top_module(connections);
    std::ofstream(path("native.cpp")) << native_side(connections);
    fs::remove_all(folder_ / "model");
    return command(FUZZ_VERILATOR " " FUZZ_VERILATOR_OPTIONS " --prefix Vfuzz_top --top-module fuzz_top --Mdir " +
                   path("model") + " " + sources + " " + path("fuzz_top.sv"));
  }

  CommandOutcome compile_native() const {
    return command(std::string(FUZZ_CXX " -std=c++20 -O0 -w ") + (options_.sanitize ? "-fsanitize=undefined " : "") +
                   "-I " FUZZ_SOURCE_DIR " -I " + folder_.string() + " -c " + path("native.cpp") + " -o " +
                   path("native.o"));
  }

  void build_program() const {
    std::ofstream(path("model.cpp")) << model_side(kernels_alive(), path("model"));
    must(FUZZ_CLANG " -std=c++20 -O0 -w -DNDEBUG " FUZZ_VERILATED_FLAGS " -I " FUZZ_SOURCE_DIR " -isystem " +
         path("model") + " -isystem " FUZZ_VERILATOR_ROOT "/include -c " + path("model.cpp") + " -o " +
         path("model.o"));
    must(std::string(FUZZ_CXX " ") + (options_.sanitize ? "-fsanitize=undefined " : "") + path("native.o") + " " +
         path("model.o") + " " FUZZ_RUNTIME " -lz -lpthread -o " + path("program"));
  }

  void simulate() {
    const CommandOutcome outcome = command(path("program") + " " + std::to_string(options_.cycles));
    std::map<std::string, std::string> said;
    std::istringstream lines(outcome.output);
    for (std::string line; std::getline(lines, line);) {
      const std::size_t space = line.find(' ');
      if (space != std::string::npos) said[line.substr(0, space)] = line.substr(space + 1);
    }
    if (options_.sanitize && outcome.output.find("runtime error") != std::string::npos)
      throw std::runtime_error("undefined behaviour in a kernel:\n" + outcome.output);
    for (const std::size_t i : alive()) {
      const std::string& text = said[kernels_[i].name];
      if (text.rfind("ok ", 0) == 0)
        outcomes_[i].fired = std::stoi(text.substr(3));
      else if (text.rfind("mismatch ", 0) == 0)
        fail(i, Verdict::kMismatch, text.substr(9));
      else
        throw std::runtime_error("the batch's program ended early:\n" + outcome.output);
    }
  }

  const std::vector<Kernel>& kernels_;
  const BatchOptions& options_;
  fs::path folder_;
  std::vector<Outcome> outcomes_;
};

}  // namespace

const char* name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kEqual:
      return "equal";
    case Verdict::kMismatch:
      return "mismatch";
    case Verdict::kRefused:
      return "refused";
    case Verdict::kInternalError:
      return "internal error of hlsc";
    case Verdict::kVerilator:
      return "Verilator's complaint";
    case Verdict::kYosys:
      return "Yosys's complaint";
    default:
      return "the native compiler's complaint";
  }
}

std::vector<Outcome> run_batch(const std::vector<Kernel>& kernels, const BatchOptions& options) {
  return Batch(kernels, options).run();
}

}  // namespace sockwire::fuzz
