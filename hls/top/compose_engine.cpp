// SPDX-License-Identifier: Apache-2.0
// Writes the engine's top module, engine_w1.sv or engine_w8.sv, from engine_netlist.hpp: one instance per kernel, one
// net per stream, wire and pulse. What a net is as wide as, and which way it goes, is read from the modules that hlsc
// made.
#include <fstream>
#include <iostream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "hls/top/engine_netlist.hpp"

namespace {

struct Connection {
  const char* parameter;
  const char* net;
};

struct Instance {
  const char* name;
  std::string function;
  std::vector<Connection> connections;
};

struct Stream {
  const char* name;
  int depth;
};

struct Pulse {
  const char* name;
  int bits;
  int first;
};

struct Netlist {
  std::vector<Stream> streams;
  std::vector<const char*> wires;
  std::vector<const char*> busy;
  std::vector<Pulse> pulses;
  std::set<std::string> memories;
  std::vector<Instance> kernels;
};

#define COMPOSE_STREAM(name, depth, ...) netlist.streams.push_back({#name, depth});
#define COMPOSE_WIRE(name, ...) netlist.wires.push_back(#name);
#define COMPOSE_BUSY(name) netlist.busy.push_back(#name);
#define COMPOSE_PULSE(name, bits, first) netlist.pulses.push_back({#name, bits, static_cast<int>(first)});
#define COMPOSE_MEMORY(name, ...) netlist.memories.insert(#name);
#define COMPOSE_KERNEL(name, function, state, ...) netlist.kernels.push_back({#name, #function, {__VA_ARGS__}});
#define COMPOSE_PORT(parameter, net) {#parameter, #net}

template <int kBytes>
Netlist describe() {
  using namespace sockwire;
  Netlist netlist;
  SOCKWIRE_ENGINE_NETLIST(COMPOSE_STREAM, COMPOSE_WIRE, COMPOSE_BUSY, COMPOSE_PULSE, COMPOSE_MEMORY, COMPOSE_KERNEL,
                          COMPOSE_PORT)
  return netlist;
}

/// A module's ports: name to width. Parameters are not looked at.
using Ports = std::map<std::string, int>;

Ports read_ports(const std::string& path, const std::string& module) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  static const std::regex port(R"(^\s*(input|output)\s+logic\s*(\[(\d+):0\])?\s*(\w+),?\s*(//.*)?$)");
  Ports ports;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    inside |= line.rfind("module " + module, 0) == 0;
    if (inside && line.rfind(");", 0) == 0) return ports;
    std::smatch match;
    if (inside && std::regex_match(line, match, port)) {
      ports[match[4]] = match[3].matched ? std::stoi(match[3]) + 1 : 1;
    }
  }
  throw std::runtime_error(path + " has no module " + module);
}

/// How a net is used by the kernels' modules.
struct Use {
  int width = 0;
  bool written = false;
  bool read = false;
};

class Composer {
 public:
  Composer(Netlist netlist, int bytes, const std::string& folder)
      : netlist_(std::move(netlist)), name_("engine_w" + std::to_string(bytes)), bytes_(bytes) {
    for (const Stream& stream : netlist_.streams) depth_[stream.name] = stream.depth;
    for (const Instance& kernel : netlist_.kernels) {
      ports_[kernel.name] = read_ports(folder + "/" + module_of(kernel) + ".sv", module_of(kernel));
      for (const Connection& connection : kernel.connections) note_use(kernel, connection);
    }
    int strobes = 0;
    for (const Pulse& pulse : netlist_.pulses) strobes += pulse.bits;
    if (uses_["strobes"].width != strobes) throw std::runtime_error("the pulses do not make up the strobes");
    uses_["strobes"].written = true;
  }

  std::string text() {
    header();
    nets();
    for (const Instance& kernel : netlist_.kernels) instance(kernel);
    strobes();
    idle();
    out_ << "\nendmodule\n";
    return out_.str();
  }

 private:
  std::string module_of(const Instance& kernel) const {
    std::string module = kernel.function;
    const std::size_t bracket = module.find('<');
    if (bracket == std::string::npos) return module;
    return module.substr(0, bracket) + "_w" + std::to_string(bytes_);
  }

  bool is_stream(const std::string& net) const { return depth_.count(net) != 0; }

  /// hlsc appends an underscore to a name that is a SystemVerilog keyword.
  std::string escaped(const Instance& kernel, const std::string& parameter) const {
    const Ports& ports = ports_.at(kernel.name);
    return ports.count(parameter + "__i") + ports.count(parameter + "__o") != 0 ? parameter + "_" : parameter;
  }

  int width_of(const Instance& kernel, const std::string& port) const {
    const auto found = ports_.at(kernel.name).find(port);
    return found == ports_.at(kernel.name).end() ? 0 : found->second;
  }

  void note_use(const Instance& kernel, const Connection& connection) {
    if (netlist_.memories.count(connection.net) != 0) return;
    const std::string parameter = escaped(kernel, connection.parameter);
    Use& use = uses_[connection.net];
    const bool stream = is_stream(connection.net);
    const int in = width_of(kernel, stream ? "s_" + parameter + "_data_i" : parameter + "_i");
    const int out = width_of(kernel, stream ? "m_" + parameter + "_data_o" : parameter + "_o");
    if (stream && in == 0 && out == 0) throw std::runtime_error(kernel.function + " does not use stream " + parameter);
    if (in != 0) check(use.read && stream, connection.net, "two readers");
    if (out != 0) check(use.written, connection.net, "two writers");
    use.read |= in != 0;
    use.written |= out != 0;
    const int width = in + out;
    if (width != 0) check(use.width != 0 && use.width != width, connection.net, "two widths");
    if (width != 0) use.width = width;
  }

  static void check(bool wrong, const std::string& net, const std::string& what) {
    if (wrong) throw std::runtime_error(net + " has " + what);
  }

  static std::string type(int width) { return width == 1 ? "logic" : "logic [" + std::to_string(width - 1) + ":0]"; }

  void header() {
    out_ << "// GENERATED by hls/top/compose_engine.cpp from hls/top/engine_netlist.hpp; do not edit.\n"
            "// SPDX-License-Identifier: Apache-2.0\n"
            "// The engine: wiring between the kernels' modules. What crosses a port is packed as hls/top/ports.hpp\n"
            "// declares it, the first field in the least significant bits.\n"
         << "module " << name_ << " (\n    input  logic clk_i,\n    input  logic rst_ni";
    for (const Stream& stream : netlist_.streams) {
      const Use& use = uses_.at(stream.name);
      const std::string name = stream.name;
      if (!use.written) {
        out_ << ",\n    input  " << type(use.width) << " s_" << name << "_data_i,\n    input  logic s_" << name
             << "_valid_i,\n    output logic s_" << name << "_ready_o";
      } else if (!use.read) {
        out_ << ",\n    output " << type(use.width) << " m_" << name << "_data_o,\n    output logic m_" << name
             << "_valid_o,\n    input  logic m_" << name << "_ready_i";
      }
    }
    for (const std::string name : netlist_.wires) {
      const Use& use = uses_[name];
      if (use.width == 0) continue;
      if (!use.written) out_ << ",\n    input  " << type(use.width) << " " << name << "_i";
      if (!use.read) out_ << ",\n    output " << type(use.width) << " " << name << "_o";
    }
    out_ << ",\n    output logic idle_o\n);\n\n";
  }

  void nets() {
    for (const Stream& stream : netlist_.streams) {
      const std::string name = stream.name;
      out_ << "  " << type(uses_.at(name).width) << " " << name << "_data;\n  logic " << name << "_valid;\n  logic "
           << name << "_ready;\n";
    }
    for (const std::string name : netlist_.wires) net(name);
    for (const std::string name : netlist_.busy) net(name);
    for (const Pulse& pulse : netlist_.pulses) net(pulse.name);
    out_ << "\n";
    for (const Stream& stream : netlist_.streams) {
      const Use& use = uses_.at(stream.name);
      const std::string name = stream.name;
      if (!use.written) {
        out_ << "  stream_fifo #(\n      .Width(" << use.width << "),\n      .Depth(" << stream.depth << ")\n  ) u_"
             << name << " (\n      .clk_i    (clk_i),\n      .rst_ni   (rst_ni),\n      .s_valid_i(s_" << name
             << "_valid_i),\n      .s_ready_o(s_" << name << "_ready_o),\n      .s_data_i (s_" << name
             << "_data_i),\n      .m_valid_o(" << name << "_valid),\n      .m_ready_i(" << name
             << "_ready),\n      .m_data_o (" << name << "_data)\n  );\n\n";
      } else if (!use.read) {
        out_ << "  assign m_" << name << "_data_o = " << name << "_data;\n  assign m_" << name << "_valid_o = " << name
             << "_valid;\n  assign " << name << "_ready = m_" << name << "_ready_i;\n";
      }
    }
    for (const std::string name : netlist_.wires) {
      const Use& use = uses_[name];
      if (use.width == 0) continue;
      if (!use.written) out_ << "  assign " << name << " = " << name << "_i;\n";
      if (!use.read) out_ << "  assign " << name << "_o = " << name << ";\n";
    }
  }

  void net(const std::string& name) {
    const Use& use = uses_[name];
    if (use.width == 0) return;  // no kernel of this width uses it
    out_ << "  " << type(use.width) << " " << name << ";\n";
  }

  void instance(const Instance& kernel) {
    std::string parameters;
    std::string pins;
    const auto pin = [&pins](const std::string& port, const std::string& name) {
      pins += ",\n      ." + port + "(" + name + ")";
    };
    for (const Connection& connection : kernel.connections) {
      const std::string port = escaped(kernel, connection.parameter);
      const std::string name = connection.net;
      if (width_of(kernel, "s_" + port + "_data_i") != 0) {
        pin("s_" + port + "_data_i", name + "_data");
        pin("s_" + port + "_valid_i", name + "_valid");
        pin("s_" + port + "_ready_o", name + "_ready");
      } else if (width_of(kernel, "m_" + port + "_data_o") != 0) {
        pin("m_" + port + "_data_o", name + "_data");
        pin("m_" + port + "_valid_o", name + "_valid");
        pin("m_" + port + "_ready_i", name + "_ready");
        if (!parameters.empty()) parameters += ",";
        parameters += "\n      ." + camel(port) + "Depth(" + std::to_string(depth_.at(name)) + ")";
      } else if (width_of(kernel, port + "_i") != 0) {
        pin(port + "_i", name);
      } else if (width_of(kernel, port + "_o") != 0) {
        pin(port + "_o", name);
      }
    }
    out_ << "\n  " << module_of(kernel);
    if (!parameters.empty()) out_ << " #(" << parameters << "\n  )";
    out_ << " u_" << kernel.name << " (\n      .clk_i(clk_i),\n      .rst_ni(rst_ni)" << pins << "\n  );\n";
  }

  static std::string camel(const std::string& name) {
    std::string out;
    bool upper = true;
    for (char letter : name) {
      if (letter != '_') out += upper ? static_cast<char>(std::toupper(letter)) : letter;
      upper = letter == '_';
    }
    return out;
  }

  void strobes() {
    std::map<int, Pulse> by_place;
    for (const Pulse& pulse : netlist_.pulses) by_place[pulse.first] = pulse;
    std::string list;
    int next = 0;
    for (const auto& [first, pulse] : by_place) {
      if (first != next) throw std::runtime_error(std::string(pulse.name) + " is not where the counters say");
      list.insert(0, pulse.name + std::string(list.empty() ? "" : ", "));
      next += pulse.bits;
    }
    out_ << "\n  assign strobes = {" << list << "};\n";
  }

  void idle() {
    out_ << "\n  assign idle_o = ~|strobes";
    for (const Stream& stream : netlist_.streams) out_ << " && !" << stream.name << "_valid";
    for (const std::string name : netlist_.busy) {
      if (uses_[name].width != 0) out_ << " && !" << name;
    }
    out_ << ";\n";
  }

  Netlist netlist_;
  std::string name_;
  int bytes_;
  std::map<std::string, int> depth_;
  std::map<std::string, Ports> ports_;
  std::map<std::string, Use> uses_;
  std::ostringstream out_;
};

}  // namespace

int main(int argc, char** argv) {
  const std::string width = argc == 4 ? argv[1] : "";
  if (width != "1" && width != "8") {
    std::cerr << "usage: compose_engine 1|8 FOLDER_OF_KERNEL_MODULES OUTPUT\n";
    return 2;
  }
  try {
    const std::string text =
        width == "1" ? Composer(describe<1>(), 1, argv[2]).text() : Composer(describe<8>(), 8, argv[2]).text();
    std::ofstream file(argv[3]);
    file << text;
    file.close();
    if (!file) throw std::runtime_error(std::string("cannot write ") + argv[3]);
  } catch (const std::exception& error) {
    std::cerr << "compose_engine: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
