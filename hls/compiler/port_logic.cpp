// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/port_logic.hpp"

#include <algorithm>

#include "hls/compiler/module_ports.hpp"

namespace hlsc {
namespace {

const char* ram_style(Storage storage) {
  return storage == Storage::kBlock ? "block" : storage == Storage::kLutram ? "distributed" : "registers";
}

std::string made_at(Ref x) { return x == nullptr ? "" : place_comment(x->origin.where); }

}  // namespace

/// Conditions are needed outside of all blocks, since the step waits for what they say.
void PortLogic::place(unsigned index) {
  const PortAction& what = action(index);
  const PortKind kind = port(index).kind;
  if (kind == PortKind::kStream) {
    if (what.reads != nullptr) placement_.need(what.reads, 0);
    if (what.writes != nullptr) placement_.need(what.writes, 0);
  }
  if (kind == PortKind::kStream && what.data != nullptr) {
    const Region region = region_of(RegionKind::kCombinational, what.writes);
    placement_.assign(region.inner, names_.port(index) + "_data", what.data, nullptr, true);
    writes_.emplace(index, region);
  }
  if (is_memory(kind)) place_memory(index);
}

void PortLogic::place_memory(unsigned index) {
  const PortAction& what = action(index);
  if (!never(what.reads)) {
    const Region region = region_of(RegionKind::kClocked, what.reads);
    placement_.assign_whole(region.inner, names_.port(index) + "_q",
                            design_.graph.mem_read(index, port(index).layout.width, what.request));
    reads_.emplace(index, region);
  }
  if (!never(what.writes)) {
    const Region region = region_of(RegionKind::kClocked, what.writes);
    placement_.need(what.index, region.inner);
    placement_.assign_whole(region.inner, names_.port(index) + "_mem[" + text_.text(what.index) + "]", what.data);
    writes_.emplace(index, region);
  }
}

PortLogic::Region PortLogic::region_of(RegionKind kind, Ref condition) {
  const unsigned outer = placement_.region(kind);
  return {outer, always(condition) ? outer : placement_.under(outer, condition)};
}

/// Neither written nor looked at: see optimise.
bool PortLogic::is_unseen_memory(unsigned index) const {
  if (!is_memory(port(index).kind) || !never(action(index).reads) || !never(action(index).writes)) return false;
  const std::vector<Ref>& all = text_.order();
  return std::none_of(all.begin(), all.end(), [&](Ref x) { return x->is(Op::kMemRead) && x->aux == index; });
}

bool PortLogic::acts_in_reset(unsigned index) const {
  if (!is_memory(port(index).kind)) return false;
  const PortAction& what = action(index);
  return (!never(what.reads) && design_.can_hold_in_reset(what.reads, what.request_stage)) ||
         (!never(what.writes) && design_.can_hold_in_reset(what.writes, what.stage));
}

void PortLogic::print_declarations(unsigned index) const {
  const std::string& name = names_.port(index);
  const std::string width = logic_type(port(index).layout.width);
  if (port(index).kind == PortKind::kStream && port(index).direction == Direction::kWritten)
    out_ << "  logic " << name << "_room;\n";
  if (action(index).reserves) out_ << "  logic " << name << "_space;\n";
  if (!is_memory(port(index).kind) || is_unseen_memory(index)) return;
  out_ << "  (* ram_style = \"" << ram_style(port(index).storage) << "\" *) " << width << " " << name
       << "_mem [0:" << port(index).entries - 1 << "];\n";
  if (port(index).storage == Storage::kBlock) out_ << "  " << width << " " << name << "_q;\n";
}

void PortLogic::print(unsigned index) {
  const std::string& name = names_.port(index);
  switch (port(index).kind) {
    case PortKind::kStream:
      if (port(index).direction == Direction::kRead)
        out_ << "\n  assign s_" << name << "_ready_o = " << step_.fire_and(action(index).reads, 0) << ";"
             << made_at(action(index).reads) << "\n";
      if (port(index).direction == Direction::kWritten) print_fifo(index);
      break;
    case PortKind::kMem:
    case PortKind::kBram:
      if (!is_unseen_memory(index)) print_memory(index);
      break;
    default:
      break;
  }
}

void PortLogic::print_fifo(unsigned index) {
  const std::string& name = names_.port(index);
  const unsigned width = port(index).layout.width;
  std::string data = literal(llvm::APInt(width, 0));
  if (const auto region = writes_.find(index); region != writes_.end()) {
    data = text_.text_of_sole_use(action(index).data);
    if (action(index).data->operands.size() <= 1 && placement_.values_below(region->second.outer).empty())
      out_ << "\n";
    else
      print_data(index, data = name + "_data");
  }
  const bool reserves = action(index).reserves;
  out_ << (reserves ? "  stream_reserve_fifo" : "  stream_fifo") << " #(\n    .Width(" << width << "),\n    .Depth("
       << depth_parameter(name) << ")";
  if (reserves) out_ << ",\n    .Reserve(" << action(index).stage << ")";
  out_ << "\n  ) u_" << name << "_fifo (\n    .clk_i(clk_i),\n    .rst_ni(rst_ni),\n    .s_valid_i("
       << step_.fire_and(action(index).writes, action(index).stage) << "),\n    .s_ready_o(" << name
       << (reserves ? "_space),\n    .s_room_o(" + name : "") << "_room),\n    .s_data_i(" << data
       << "),\n    .m_valid_o(m_" << name << "_valid_o),\n    .m_ready_i(m_" << name << "_ready_i),\n    .m_data_o(m_"
       << name << "_data_o)\n  );\n";
}

/// What is written when nothing is written does not matter.
void PortLogic::print_data(unsigned index, const std::string& name) {
  const Region region = writes_.at(index);
  out_ << "\n  " << logic_type(port(index).layout.width) << " " << name << ";\n  always_comb begin\n";
  statements_.print_variables(region.outer, 4);
  out_ << "    " << name << " = 'x;\n";
  statements_.print_block(region.outer, 4);
  out_ << "  end\n";
}

/// A synthesis tool takes a loop of so many entries apart one by one, and a block RAM's contents are undefined until
/// written.
void PortLogic::print_cleared(unsigned index, const std::string& i) {
  const bool is_bram = port(index).storage == Storage::kBlock;
  if (is_bram) out_ << "`ifndef SYNTHESIS\n";
  out_ << "  integer " << i << ";\n  initial begin\n    for (" << i << " = 0; " << i << " < " << port(index).entries
       << "; " << i << " = " << i << " + 1) " << names_.port(index) << "_mem[" << i
       << "] = " << literal(action(index).reset) << ";\n  end\n";
  if (is_bram) out_ << "`endif\n";
}

void PortLogic::print_contents(unsigned index) {
  out_ << "  initial begin\n";
  for (std::size_t entry = 0; entry < action(index).contents.size(); ++entry)
    out_ << "    " << names_.port(index) << "_mem[" << entry << "] = " << literal(action(index).contents[entry])
         << ";\n";
  out_ << "  end\n";
}

void PortLogic::print_memory(unsigned index) {
  const PortAction& what = action(index);
  const std::string& name = names_.port(index);
  const std::string i = names_.identifiers().unique(name + "_entry_number");
  const bool is_bram = port(index).storage == Storage::kBlock;
  if (is_bram) out_ << "\n  initial " << name << "_q = " << literal(what.reset) << ";";
  out_ << "\n  // Contents at power-up" << (is_bram && what.contents.empty() ? ", in simulation" : "")
       << "; a reset does not clear a memory.\n";
  if (what.contents.empty())
    print_cleared(index, i);
  else
    print_contents(index);
  const std::string running = acts_in_reset(index) ? "if (running) " : "";
  for (const auto* regions : {&reads_, &writes_}) {
    const auto region = regions->find(index);
    if (region == regions->end()) continue;
    const unsigned stage = regions == &reads_ ? what.request_stage : what.stage;
    out_ << "  always_ff @(posedge clk_i) " << running << step_.if_fire(stage) << "begin\n";
    statements_.print_block(region->second.outer, 4);
    out_ << "  end\n";
  }
}

}  // namespace hlsc
