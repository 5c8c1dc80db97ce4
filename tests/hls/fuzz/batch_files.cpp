// SPDX-License-Identifier: Apache-2.0
#include "tests/hls/fuzz/batch_files.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>

#include "hls/compiler/identifiers.hpp"

namespace sockwire::fuzz {
namespace {

// Wider than any word of Verilator's own, so that all kernels' signals have one type.
constexpr int kLeastBits = 65;

struct Signal {
  std::string name;
  int width = 1;
  bool is_input = true;
  int at = 0;
};

/// The signals of a port in the order in which they are packed.
std::vector<Signal> signals_of(const Port& port, const Connections::Line& line) {
  const int in = line.input;
  const int out = line.output;
  const std::string& name = port.name;
  if (port.kind == "in")
    return {{"s_" + name + "_data_i", port.width, true, in},
            {"s_" + name + "_valid_i", 1, true, in + port.width},
            {"s_" + name + "_ready_o", 1, false, out}};
  if (port.kind == "out")
    return {{"m_" + name + "_data_o", port.width, false, out},
            {"m_" + name + "_valid_o", 1, false, out + port.width},
            {"m_" + name + "_ready_i", 1, true, in}};
  if (port.kind == "wire_in") return {{name + "_i", port.width, true, in}};
  if (port.kind == "memory") return {};
  return {{name + "_o", port.width, false, out}};
}

std::string slice(const std::string& word, const Signal& signal) {
  const std::string low = std::to_string(signal.at);
  if (signal.width == 1) return word + "[" + low + "]";
  return word + "[" + std::to_string(signal.at + signal.width - 1) + ":" + low + "]";
}

std::string word_port(const char* direction, int bits, const std::string& name) {
  return std::string(",\n    ") + direction + " logic [" + std::to_string(bits - 1) + ":0] " + name;
}

std::string holder(const Port& port) {
  if (port.kind == "pulse") return "PulsePort<" + port.type + ">";
  if (port.kind == "memory") return "MemoryPort<" + port.type + ">";
  return (port.kind == "in" || port.kind == "out" ? "StreamPort<" : "WirePort<") + port.type + ">";
}

std::string direction(const Port& port) {
  if (port.kind == "in") return "Direction::kIn";
  if (port.kind == "out") return "Direction::kOut";
  if (port.kind == "pulse") return "Direction::kPulse";
  if (port.kind == "memory") return "Direction::kMemory";
  return port.kind == "wire_in" ? "Direction::kWireIn" : "Direction::kWireOut";
}

/// Everything about a port's object that its class does not know.
std::string arguments(const Port& port, const Connections::Line& line) {
  std::string text = "PortInfo{\"" + port.name + "\", " + direction(port) + ", " + std::to_string(port.width) + ", {" +
                     std::to_string(line.input) + ", " + std::to_string(line.output) + ", " +
                     (line.present ? "true" : "false") + "}}";
  if (port.kind == "in") text += ", 3";
  if (port.kind == "out") text += ", " + std::to_string(port.depth);
  return text;
}

}  // namespace

Connections connect(const Kernel& kernel, const std::string& module_text) {
  Connections result;
  result.kernel = &kernel;
  for (const Port& port : kernel.ports) {
    Connections::Line line{result.inputs, result.outputs, true};
    const std::vector<Signal> signals = signals_of(port, line);
    line.present = !signals.empty() && module_text.find(" " + signals[0].name) != std::string::npos;
    for (const Signal& signal : signals) (signal.is_input ? result.inputs : result.outputs) += signal.width;
    result.lines.push_back(line);
  }
  result.inputs = std::max(result.inputs, kLeastBits);
  result.outputs = std::max(result.outputs, kLeastBits);
  return result;
}

std::string kernels_header(const std::vector<const Kernel*>& kernels) {
  std::ostringstream text;
  text << "#pragma once\n#include \"tests/hls/fuzz/bits.hpp\"\n";
  std::set<std::string> written;
  for (const Kernel* kernel : kernels)
    if (written.insert(kernel->types).second) text << kernel->types << "\n";
  for (const Kernel* kernel : kernels) text << "#include \"" << kernel->name << ".hpp\"\n";
  return text.str();
}

std::string top_module(const std::vector<Connections>& kernels) {
  std::ostringstream text;
  text << "// Kernels use as many bits of their slots as they have.\n/* verilator lint_off UNUSED */\n"
       << "module fuzz_top (\n    input logic clk_i,\n    input logic rst_ni";
  for (const Connections& each : kernels) {
    text << word_port("input", each.inputs, each.kernel->name + "_in");
    text << word_port("output", each.outputs, each.kernel->name + "_out");
  }
  text << "\n);\n";
  for (const Connections& each : kernels) {
    const std::string& name = each.kernel->name;
    std::ostringstream ports;
    int driven = 0;
    for (std::size_t i = 0; i < each.lines.size(); ++i) {
      for (const Signal& signal : signals_of(each.kernel->ports[i], each.lines[i])) {
        if (!signal.is_input) driven = std::max(driven, signal.at + signal.width);
        const std::string bits = slice(name + (signal.is_input ? "_in" : "_out"), signal);
        if (each.lines[i].present)
          ports << ",\n      ." << signal.name << "(" << bits << ")";
        else if (!signal.is_input)
          text << "  assign " << bits << " = '0;\n";
      }
    }
    if (driven < each.outputs)
      text << "  assign " << slice(name + "_out", {"", each.outputs - driven, false, driven}) << " = '0;\n";
    text << "  " << name << " u_" << name << " (\n      .clk_i(clk_i),\n      .rst_ni(rst_ni)" << ports.str()
         << "\n  );\n";
  }
  text << "endmodule\n";
  return text.str();
}

std::string native_side(const std::vector<Connections>& kernels) {
  std::ostringstream text;
  text << "#include \"kernels.hpp\"\n#include \"tests/hls/fuzz/native.hpp\"\n";
  for (const Connections& each : kernels) text << "#include \"" << each.kernel->name << "_latency.hpp\"\n";
  text << "namespace sockwire::fuzz {\n";
  for (const Connections& each : kernels) {
    const Kernel& kernel = *each.kernel;
    std::ostringstream members;
    std::ostringstream listed;
    std::ostringstream passed;
    for (std::size_t i = 0; i < kernel.ports.size(); ++i) {
      const Port& port = kernel.ports[i];
      members << "  " << holder(port) << " " << port.name << "{" << arguments(port, each.lines[i]) << "};\n";
      listed << (i == 0 ? "" : ", ") << "&" << port.name;
      passed << ", " << port.name << ".port";
    }
    text << "namespace native_" << kernel.name << " {\nusing namespace sockwire::" << kernel.name
         << ";\nstruct Native final : NativeKernel {\n  Native() : NativeKernel(\"" << kernel.name << "\", "
         << (each.by_streams ? "true" : "false") << ", {" << listed.str()
         << "}) {}\n  bool step() override { return process_.step(&sockwire::" << kernel.name << "::kernel"
         << passed.str() << "); }\n  Process<sockwire::" << kernel.name << "::State> process_{k"
         << hlsc::upper_camel(kernel.name) << "Latency};\n"
         << members.str() << "};\n}\n";
  }
  text << "std::vector<std::unique_ptr<NativeKernel>> native_kernels() {\n"
          "  std::vector<std::unique_ptr<NativeKernel>> all;\n";
  for (const Connections& each : kernels)
    text << "  all.push_back(std::unique_ptr<NativeKernel>(new native_" << each.kernel->name << "::Native));\n";
  text << "  return all;\n}\n}\n";
  return text.str();
}

std::string model_side(const std::vector<const Kernel*>& kernels, const std::string& model_folder) {
  std::ostringstream text;
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(model_folder))
    if (entry.path().extension() == ".cpp") files.insert(entry.path().filename().string());
  for (const std::string& file : files) text << "#include \"" << file << "\"\n";
  text << "#include \"tests/hls/fuzz/model.hpp\"\nnamespace sockwire::fuzz {\nnamespace {\nVfuzz_top& top() {\n"
          "  static Vfuzz_top* const model = new Vfuzz_top;\n  return *model;\n}\n}\n"
          "void model_evaluate(bool clock, bool reset_n) {\n  top().clk_i = clock;\n  top().rst_ni = reset_n;\n"
          "  top().eval();\n}\n";
  const auto list = [&](const char* result, const char* function, const char* suffix) {
    text << result << function << "(int kernel) {\n  static " << result << "const words[] = {\n";
    for (const Kernel* kernel : kernels) text << "      &top()." << kernel->name << suffix << "[0],\n";
    text << "  };\n  return words[kernel];\n}\n";
  };
  list("std::uint32_t* ", "model_inputs", "_in");
  list("const std::uint32_t* ", "model_outputs", "_out");
  text << "}\n";
  return text.str();
}

}  // namespace sockwire::fuzz
