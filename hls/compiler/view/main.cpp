// SPDX-License-Identifier: Apache-2.0
// hls_view: a kernel's C++ beside the SystemVerilog that it became.
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <sstream>

#include "hls/compiler/driver.hpp"
#include "hls/compiler/emit.hpp"
#include "hls/compiler/passes.hpp"
#include "hls/compiler/view/kernel_list.hpp"
#include "hls/compiler/view/printing.hpp"

namespace {

constexpr const char* kUsage =
    "usage: hls_view [NAME] [--json] [--width COLUMNS] [--source DIR] [--kernels FILE]\n"
    "Shows the C++ of the kernel whose module is NAME beside the SystemVerilog that hlsc makes of it; without a NAME,\n"
    "which names there are. Side by side in a terminal or with a width, else one below the other.\n";

struct Arguments {
  std::string name;
  bool json = false;
  bool help = false;
  unsigned columns = 0;
  std::string source = ".";
  std::string kernels = "build/hls_kernels.txt";
};

struct UsageError {
  std::string message;
};

unsigned columns_of(const std::string& text) {
  if (text.empty() || text.size() > 4 || text.find_first_not_of("0123456789") != std::string::npos)
    throw UsageError{"--width takes a number of columns, not '" + text + "'"};
  return static_cast<unsigned>(std::stoul(text));
}

Arguments parse(int count, char** values) {
  Arguments arguments;
  for (int i = 1; i < count; ++i) {
    const std::string argument = values[i];
    const auto next = [&]() -> std::string {
      if (i + 1 == count) throw UsageError{argument + " needs a value"};
      return values[++i];
    };
    if (argument == "--json")
      arguments.json = true;
    else if (argument == "--help")
      arguments.help = true;
    else if (argument == "--width")
      arguments.columns = columns_of(next());
    else if (argument == "--source")
      arguments.source = next();
    else if (argument == "--kernels")
      arguments.kernels = next();
    else if (argument.rfind('-', 0) == 0)
      throw UsageError{"unknown option " + argument};
    else if (arguments.name.empty())
      arguments.name = argument;
    else
      throw UsageError{"one name, not also " + argument};
  }
  return arguments;
}

std::vector<hlsc::ListedKernel> kernels_in(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw UsageError{"cannot read " + path + ": is the tree configured?"};
  return hlsc::read_kernel_list(file);
}

const hlsc::ListedKernel& find(const std::vector<hlsc::ListedKernel>& kernels, const std::string& name) {
  for (const hlsc::ListedKernel& kernel : kernels)
    if (kernel.options.module == name) return kernel;
  std::string message = "there is no kernel '" + name + "'";
  const std::vector<std::string> near = hlsc::near_names(kernels, name);
  for (std::size_t i = 0; i < near.size(); ++i)
    message += (i == 0 ? "; did you mean " : i + 1 == near.size() ? " or " : ", ") + near[i];
  throw UsageError{message + (near.empty() ? "; without a name all are listed" : "?")};
}

void print_names(const std::vector<hlsc::ListedKernel>& kernels) {
  for (const bool of_tests : {false, true}) {
    std::cout << (of_tests ? "\nThe tests' and the quality table's:\n" : "The card's kernels:\n");
    for (const hlsc::ListedKernel& kernel : kernels)
      if (kernel.is_test == of_tests)
        std::cout << "  " << std::left << std::setw(24) << kernel.options.module << " " << kernel.options.function
                  << "\n";
  }
}

hlsc::View view_of(hlsc::Options options) {
  options.clang_arguments = {"-I" + std::filesystem::current_path().string()};
  hlsc::configure_llvm();
  const hlsc::TranslationUnit kernels = hlsc::run_clang(options, {options.function});
  llvm::LLVMContext context;
  hlsc::FrontEnd unit = hlsc::load_kernel(kernels, 0, context);
  const std::vector<hlsc::FunctionSource> functions = hlsc::functions_of(unit);
  hlsc::Design design = hlsc::design_of(unit, options);
  hlsc::View view{options.module, options.function, hlsc::head_of(design), {}};
  std::ostringstream module;
  hlsc::emit(design, options, module);
  view.pairing = hlsc::pair_lines(functions, module.str());
  return view;
}

unsigned columns_of_terminal() {
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 160;
}

/// https://no-color.org: set and not empty.
bool wants_no_colour() {
  const char* no_colour = std::getenv("NO_COLOR");
  return no_colour != nullptr && *no_colour != '\0';
}

void print(const hlsc::View& view, const Arguments& arguments) {
  const bool terminal = isatty(STDOUT_FILENO) != 0;
  if (arguments.json)
    hlsc::print_json(view, std::cout);
  else if (terminal || arguments.columns > 0)
    hlsc::print_side_by_side(view, arguments.columns > 0 ? arguments.columns : columns_of_terminal(),
                             terminal && !wants_no_colour(), std::cout);
  else
    hlsc::print_plain(view, std::cout);
}

}  // namespace

int main(int count, char** values) {
  try {
    const Arguments arguments = parse(count, values);
    if (arguments.help) {
      std::cout << kUsage;
      return 0;
    }
    const std::vector<hlsc::ListedKernel> kernels = kernels_in(arguments.kernels);
    if (arguments.name.empty()) {
      print_names(kernels);
      return 0;
    }
    const hlsc::ListedKernel& kernel = find(kernels, arguments.name);
    std::filesystem::current_path(arguments.source);  // places in the source are named from the top of the tree
    print(view_of(kernel.options), arguments);
    return 0;
  } catch (const UsageError& error) {
    std::cerr << "hls_view: " << error.message << "\n";
    return 2;
  } catch (const hlsc::Refusal& refusal) {
    std::cerr << refusal.text() << "\n";
    return 1;
  } catch (const std::exception& error) {
    std::cerr << "hls_view: " << error.what() << "\n";
    return 3;
  }
}
