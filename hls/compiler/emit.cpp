// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/emit.hpp"

#include "hls/compiler/expressions.hpp"
#include "hls/compiler/port_lowering.hpp"

namespace hlsc {
namespace {

class Emitter {
 public:
  Emitter(Design& design, const Options& options, std::ostream& out)
      : design_(design),
        options_(options),
        out_(out),
        names_(reserve_names()),
        text_(design, identifiers_, input_names(), names_) {}

  void emit() {
    out_ << "// Made by hlsc from " << options_.header << ": " << options_.function << ". Do not edit.\n";
    out_ << "module " << options_.module;
    print_parameters();
    print_ports();
    print_declarations();
    text_.print_functions(out_);
    out_ << "\n";
    text_.print_wires(out_);
    print_step();
    print_state();
    for (unsigned port = 1; port < design_.ports.size(); ++port) print_port_logic(port);
    print_unused();
    out_ << "endmodule\n";
  }

 private:
  const Port& port(unsigned index) const { return design_.ports[index]; }
  const PortAction& action(unsigned index) const { return design_.actions[index]; }
  bool is_stream(unsigned index, Direction direction) const {
    return port(index).kind == PortKind::kStream && port(index).direction == direction;
  }

  std::vector<std::string> reserve_names() {
    for (const char* name : {"clk_i", "rst_ni", "fire", "unused"}) identifiers_.unique(name);
    for (std::size_t i = 0; i < design_.state.size(); ++i) {
      const std::string path = design_.ports[0].layout.leaves[i].path;
      registers_.push_back(identifiers_.unique(path + "_q"));
      identifiers_.unique(path + "_d");
    }
    std::vector<std::string> names;
    for (const Port& each : design_.ports) {
      names.push_back(identifiers_.unique(each.name));
      const std::string& name = names.back();
      for (const char* suffix : {"_data", "_valid", "_room", "_mem", "_q", "_i", "_o"})
        identifiers_.unique(name + suffix);
      for (const char* prefix : {"read_", "write_", "s_", "m_"}) identifiers_.unique(prefix + name);
    }
    return names;
  }

  std::vector<std::string> input_names() const {
    std::vector<std::string> result;
    for (const Input& input : design_.inputs) {
      const std::string& name = names_[input.port];
      const PortKind kind = port(input.port).kind;
      if (input.kind == Input::kState)
        result.push_back(registers_[input.leaf]);
      else if (input.kind == Input::kValid)
        result.push_back("s_" + name + "_valid_i");
      else if (input.kind == Input::kRoom)
        result.push_back(name + "_room");
      else
        result.push_back(kind == PortKind::kStream ? "s_" + name + "_data_i"
                         : kind == PortKind::kBram ? name + "_q"
                                                   : name + "_i");
    }
    return result;
  }

  static std::string depth_name(const std::string& name) { return upper_camel(name) + "Depth"; }

  void print_parameters() {
    std::string separator = " #(\n";
    for (unsigned i = 1; i < design_.ports.size(); ++i) {
      if (!is_stream(i, Direction::kWritten)) continue;
      unsigned depth = 2;
      for (const auto& [name, value] : options_.depths)
        if (name == port(i).name) depth = value;
      out_ << separator << "  parameter int unsigned " << depth_name(names_[i]) << " = " << depth;
      separator = ",\n";
    }
    out_ << (separator == ",\n" ? "\n) (\n" : " (\n");
  }

  void print_fields(unsigned index) {
    const Layout& layout = port(index).layout;
    out_ << "  // " << port(index).name << ":";
    std::string line;
    for (const Leaf& leaf : layout.leaves) {
      const std::string name = leaf.path.empty() ? "value" : leaf.path;
      std::string field = " " + name + "[";
      if (leaf.width > 1) field += std::to_string(leaf.bit_offset + leaf.width - 1) + ":";
      field += std::to_string(leaf.bit_offset) + "]";
      if (line.size() + field.size() > 105) {
        out_ << line << "\n  //  ";
        line.clear();
      }
      line += field;
    }
    out_ << line << "\n";
  }

  void print_ports() {
    std::vector<std::pair<unsigned, std::string>> lines;
    const auto add = [&](unsigned i, const char* direction, unsigned width, const std::string& name) {
      lines.emplace_back(i, std::string(direction) + " " + logic_type(width) + " " + name);
    };
    for (unsigned i = 1; i < design_.ports.size(); ++i) {
      const std::string& name = names_[i];
      const unsigned width = port(i).layout.width;
      if (is_stream(i, Direction::kRead)) {
        add(i, "input ", width, "s_" + name + "_data_i");
        add(i, "input ", 1, "s_" + name + "_valid_i");
        add(i, "output", 1, "s_" + name + "_ready_o");
      } else if (is_stream(i, Direction::kWritten)) {
        add(i, "output", width, "m_" + name + "_data_o");
        add(i, "output", 1, "m_" + name + "_valid_o");
        add(i, "input ", 1, "m_" + name + "_ready_i");
      } else if (port(i).kind == PortKind::kWire || port(i).kind == PortKind::kPulse) {
        if (port(i).direction == Direction::kRead) add(i, "input ", width, name + "_i");
        if (port(i).direction == Direction::kWritten) add(i, "output", width, name + "_o");
      }
    }
    out_ << "  input  logic clk_i,\n  input  logic rst_ni" << (lines.empty() ? "\n" : ",\n");
    unsigned last = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (lines[i].first != last) print_fields(last = lines[i].first);
      out_ << "  " << lines[i].second << (i + 1 == lines.size() ? "\n" : ",\n");
    }
    out_ << ");\n";
  }

  void print_declarations() {
    out_ << "\n  // The step takes effect: what it reads is there, and there is room for what it writes.\n  logic "
            "fire;\n";
    for (std::size_t i = 0; i < design_.state.size(); ++i)
      if (design_.state[i].next != nullptr)
        out_ << "  " << logic_type(design_.ports[0].layout.leaves[i].width) << " " << registers_[i] << ";\n";
    for (unsigned i = 1; i < design_.ports.size(); ++i) {
      const std::string width = logic_type(port(i).layout.width);
      const std::string size = " [0:" + std::to_string(port(i).entries - 1) + "]";
      if (is_stream(i, Direction::kWritten)) out_ << "  logic " << names_[i] << "_room;\n";
      if (port(i).kind == PortKind::kMem)
        out_ << "  (* ram_style = \"distributed\" *) " << width << " " << names_[i] << "_mem" << size << ";\n";
      if (port(i).kind == PortKind::kBram)
        out_ << "  (* ram_style = \"block\" *) " << width << " " << names_[i] << "_mem" << size << ";\n  " << width
             << " " << names_[i] << "_q;\n";
    }
  }

  static bool always(Ref condition) { return condition != nullptr && condition->is_ones(); }
  static bool never(Ref condition) { return condition == nullptr || condition->is_zero(); }

  /// "fire", or with a condition beside it.
  std::string fire_and(Ref condition) const {
    if (always(condition)) return "fire";
    if (never(condition)) return "1'b0";
    return "fire & (" + text_.text(condition) + ")";
  }

  void print_step() {
    std::string terms;
    const auto add = [&](Ref condition, const std::string& flag) {
      if (never(condition)) return;
      if (!terms.empty()) terms += " & ";
      terms += always(condition) ? flag : "(" + flag + " | !(" + text_.text(condition) + "))";
    };
    for (unsigned i = 1; i < design_.ports.size(); ++i) {
      if (is_stream(i, Direction::kRead)) add(action(i).reads, "s_" + names_[i] + "_valid_i");
      if (is_stream(i, Direction::kWritten)) add(action(i).writes, names_[i] + "_room");
    }
    out_ << "\n  assign fire = " << (terms.empty() ? "1'b1" : terms) << ";\n";
  }

  void print_state() {
    std::string resets;
    std::string updates;
    for (std::size_t i = 0; i < design_.state.size(); ++i) {
      const StateLeaf& leaf = design_.state[i];
      if (leaf.next == nullptr) continue;
      resets += "      " + registers_[i] + " <= " + literal(leaf.reset) + ";\n";
      updates += "      ";
      if (leaf.enable != nullptr) updates += "if (" + text_.text(leaf.enable) + ") ";
      updates += registers_[i] + " <= " + text_.text(leaf.next) + ";\n";
    }
    if (resets.empty()) return;
    out_ << "\n  always_ff @(posedge clk_i or negedge rst_ni) begin\n    if (!rst_ni) begin\n"
         << resets << "    end else if (fire) begin\n"
         << updates << "    end\n  end\n";
  }

  void print_port_logic(unsigned index) {
    const std::string& name = names_[index];
    switch (port(index).kind) {
      case PortKind::kStream:
        if (port(index).direction == Direction::kRead)
          out_ << "\n  assign s_" << name << "_ready_o = " << fire_and(action(index).reads) << ";\n";
        if (port(index).direction == Direction::kWritten) print_fifo(index);
        break;
      case PortKind::kWire:
      case PortKind::kPulse:
        if (port(index).direction == Direction::kWritten) print_output_register(index);
        break;
      case PortKind::kMem:
      case PortKind::kBram:
        print_memory(index);
        break;
      default:
        break;
    }
  }

  void print_fifo(unsigned index) {
    const std::string& name = names_[index];
    const unsigned width = port(index).layout.width;
    const Ref data = action(index).data;
    out_ << "\n  stream_fifo #(\n    .Width(" << width << "),\n    .Depth(" << depth_name(name) << ")\n  ) u_" << name
         << "_fifo (\n    .clk_i(clk_i),\n    .rst_ni(rst_ni),\n    .s_valid_i(" << fire_and(action(index).writes)
         << "),\n    .s_ready_o(" << name << "_room),\n    .s_data_i("
         << (data == nullptr ? literal(llvm::APInt(width, 0)) : text_.text(data)) << "),\n    .m_valid_o(m_" << name
         << "_valid_o),\n    .m_ready_i(m_" << name << "_ready_i),\n    .m_data_o(m_" << name << "_data_o)\n  );\n";
  }

  void print_output_register(unsigned index) {
    const PortAction& what = action(index);
    const std::string name = names_[index] + "_o";
    const bool is_pulse = port(index).kind == PortKind::kPulse;
    const std::string zero = literal(llvm::APInt(port(index).layout.width, 0));
    out_ << "\n  always_ff @(posedge clk_i or negedge rst_ni) begin\n    if (!rst_ni) " << name
         << " <= " << (is_pulse ? zero : literal(what.reset)) << ";\n";
    if (is_pulse)
      out_ << "    else " << name << " <= (" << fire_and(what.writes) << ") ? " << value_or(what.data, zero) << " : "
           << zero << ";\n";
    else
      out_ << "    else if (" << fire_and(what.writes) << ") " << name << " <= " << value_or(what.data, zero) << ";\n";
    out_ << "  end\n";
  }

  std::string value_or(Ref value, const std::string& otherwise) const {
    if (value == nullptr) return otherwise;
    const bool choice = value->is(Op::kMux);
    return (choice ? "(" : "") + text_.text(value) + (choice ? ")" : "");
  }

  void print_memory(unsigned index) {
    const PortAction& what = action(index);
    const std::string& name = names_[index];
    const std::string i = identifiers_.unique(name + "_entry_number");
    const bool is_bram = port(index).kind == PortKind::kBram;
    // A synthesis tool takes a loop of so many entries apart one by one, and a block RAM's contents are undefined until
    // written.
    out_ << "\n  // Contents at power-up" << (is_bram ? ", in simulation" : "")
         << "; a reset does not clear a memory.\n";
    if (is_bram) out_ << "  initial " << name << "_q = " << literal(what.reset) << ";\n`ifndef SYNTHESIS\n";
    out_ << "  integer " << i << ";\n  initial begin\n    for (" << i << " = 0; " << i << " < " << port(index).entries
         << "; " << i << " = " << i << " + 1) " << name << "_mem[" << i << "] = " << literal(what.reset)
         << ";\n  end\n";
    if (is_bram) out_ << "`endif\n";
    out_ << "  always_ff @(posedge clk_i) begin\n";
    if (!never(what.reads))
      out_ << "    if (" << fire_and(what.reads) << ") " << name << "_q <= " << name << "_mem["
           << text_.text(what.request) << "];\n";
    if (!never(what.writes))
      out_ << "    if (" << fire_and(what.writes) << ") " << name << "_mem[" << text_.text(what.index)
           << "] <= " << text_.text(what.data) << ";\n";
    out_ << "  end\n";
  }

  void print_unused() {
    std::vector<std::string> bits = text_.unused_bits();
    // Ports that the simplified step does not look at at all.
    for (unsigned i = 1; i < design_.ports.size(); ++i) {
      const Port& each = port(i);
      bool seen = false;
      for (const std::string& text : text_.inputs_used()) seen |= text == word_name(i);
      if (seen || each.direction == Direction::kWritten || each.kind == PortKind::kMem) continue;
      if (each.kind == PortKind::kBram || each.direction == Direction::kRead) bits.push_back(word_name(i));
      if (is_stream(i, Direction::kRead) && never(action(i).reads)) bits.push_back("s_" + names_[i] + "_valid_i");
    }
    if (bits.empty()) return;
    out_ << "\n  // Bits that no step looks at.\n  logic unused;\n  assign unused = ^{";
    for (std::size_t i = 0; i < bits.size(); ++i) out_ << (i == 0 ? "" : ", ") << bits[i];
    out_ << "};\n";
  }

  std::string word_name(unsigned index) const {
    const PortKind kind = port(index).kind;
    if (kind == PortKind::kStream) return "s_" + names_[index] + "_data_i";
    return names_[index] + (kind == PortKind::kBram ? "_q" : "_i");
  }

  Design& design_;
  const Options& options_;
  std::ostream& out_;
  Identifiers identifiers_;
  std::vector<std::string> registers_;
  std::vector<std::string> names_;
  Expressions text_;
};

}  // namespace

void emit(Design& design, const Options& options, std::ostream& out) { Emitter(design, options, out).emit(); }

}  // namespace hlsc
