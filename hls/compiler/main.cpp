// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <iostream>
#include <sstream>
#include <string>

#include "hls/compiler/diagnostics.hpp"
#include "hls/compiler/driver.hpp"

namespace {

constexpr const char* kUsage =
    "usage: hlsc --function 'NAME<ARGS>' --module MODULE [OPTION]... HEADER\n"
    "Compiles a kernel in namespace sockwire to one SystemVerilog module; or a dataflow function, with a module "
    "beside\n"
    "it for each kernel that it runs. See hls/compiler/README.md.\n"
    "  -o FILE           the module, instead of MODULE.sv\n"
    "  -I DIR, -D MACRO  as of any C++ compiler\n"
    "  --depth PORT=N    of the FIFO of a stream that is written\n"
    "  --depfile FILE    what make or ninja wants to know of headers\n"
    "  --period NS       cut stages for so many nanoseconds; a kernel that is slower gets a warning\n"
    "  --may-be-late     no such warning\n"
    "  --latency FILE    a header that says when what is written leaves\n"
    "  --report          stages, registers, memories, the slowest paths, and what keeps the kernel from its period\n"
    "  --dump-after=STAGE\n"
    "  --modules A,B     refuse unless these are the kernels' modules\n"
    "  --elsewhere A,B   these are written by somebody else\n"
    "STAGE: ";

const std::string kDumpAfter = "--dump-after=";

struct UsageError {
  std::string message;
};

std::pair<std::string, unsigned> parse_depth(const std::string& text) {
  const std::size_t equals = text.find('=');
  unsigned depth = 0;
  if (equals != std::string::npos) std::from_chars(text.data() + equals + 1, text.data() + text.size(), depth);
  if (depth < 1) throw UsageError{"--depth takes PORT=N with N of at least 1, not " + text};
  return {text.substr(0, equals), depth};
}

double parse_period(const std::string& text) {
  double period = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), period);
  if (error != std::errc() || end != text.data() + text.size() || !(period > 0))
    throw UsageError{"--period takes a number of nanoseconds, not " + text};
  return period;
}

std::vector<std::string> parse_list(const std::string& text) {
  std::vector<std::string> names;
  std::istringstream list(text);
  for (std::string name; std::getline(list, name, ',');) names.push_back(name);
  return names;
}

hlsc::Stage parse_stage(const std::string& name) {
  const auto stage = hlsc::stage_named(name);
  if (!stage) throw UsageError{"there is no stage '" + name + "'"};
  return *stage;
}

std::string usage() { return kUsage + hlsc::stage_names() + "\n"; }

hlsc::Options parse(const std::vector<std::string>& arguments) {
  hlsc::Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    const auto next = [&]() -> const std::string& {
      if (i + 1 == arguments.size()) throw UsageError{argument + " needs a value"};
      return arguments[++i];
    };
    if (argument == "--function")
      options.function = next();
    else if (argument == "--module")
      options.module = next();
    else if (argument == "-o")
      options.output = next();
    else if (argument == "--latency")
      options.latency = next();
    else if (argument == "--depfile")
      options.depfile = next();
    else if (argument == "--depth")
      options.depths.push_back(parse_depth(next()));
    else if (argument == "--modules")
      options.modules = parse_list(next());
    else if (argument == "--elsewhere")
      options.elsewhere = parse_list(next());
    else if (argument.rfind(kDumpAfter, 0) == 0)
      options.dump_after = parse_stage(argument.substr(kDumpAfter.size()));
    else if (argument == "--period")
      options.period_ns = parse_period(next());
    else if (argument == "--report")
      options.report = true;
    else if (argument == "--may-be-late")
      options.may_be_late = true;
    else if (argument == "-I" || argument == "-D")
      options.clang_arguments.push_back(argument + next());
    else if (argument.rfind("-I", 0) == 0 || argument.rfind("-D", 0) == 0)
      options.clang_arguments.push_back(argument);
    else if (argument.rfind('-', 0) == 0)
      throw UsageError{"unknown option " + argument};
    else if (options.header.empty())
      options.header = argument;
    else
      throw UsageError{"one header, not also " + argument};
  }
  if (options.header.empty() || options.function.empty() || options.module.empty())
    throw UsageError{"a header, --function and --module are needed"};
  if (options.output.empty()) options.output = options.module + ".sv";
  return options;
}

}  // namespace

int main(int count, char** values) {
  const std::vector<std::string> arguments(values + 1, values + count);
  if (arguments.size() == 1 && arguments[0] == "--help") {
    std::cout << usage();
    return 0;
  }
  try {
    hlsc::compile(parse(arguments));
    return 0;
  } catch (const UsageError& error) {
    std::cerr << "hlsc: " << error.message << "\n" << usage();
    return 2;
  } catch (const hlsc::Refusal& refusal) {
    std::cerr << refusal.text() << "\n";
    return 1;
  } catch (const std::exception& error) {
    std::cerr << "hlsc: internal error: " << error.what() << "\n";
    return 3;
  }
}
