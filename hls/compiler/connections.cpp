// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/connections.hpp"

namespace hlsc {
namespace {

class Connections {
 public:
  Connections(const Dataflow& dataflow, const std::vector<const KernelModule*>& modules)
      : dataflow_(dataflow), modules_(modules), ends_(dataflow.parts.size()) {}

  std::vector<Ends> run() {
    for (std::size_t i = 0; i < dataflow_.instances.size(); ++i) gather(static_cast<int>(i));
    for (const Join& join : dataflow_.joins) {
      ends_[join.whole.part].writers.push_back({End::kJoin, nullptr, join.whole.where});
      for (const Operand& part : join.parts) ends_[part.part].readers.push_back({End::kJoin, nullptr, part.where});
    }
    for (unsigned i = 0; i < ends_.size(); ++i) check(dataflow_.parts[i], ends_[i]);
    for (const Join& join : dataflow_.joins) check_order(join);
    return std::move(ends_);
  }

 private:
  void gather(int number) {
    const Instance& instance = dataflow_.instances[static_cast<std::size_t>(number)];
    ends_[instance.process.part].users.push_back({number, nullptr, instance.process.where});
    for (std::size_t i = 0; i < instance.operands.size(); ++i) {
      const Operand& operand = instance.operands[i];
      Ends& ends = ends_[operand.part];
      End end = {number, nullptr, operand.where};
      Direction direction = Direction::kUnused;
      for (const ModulePort& port : modules_[static_cast<std::size_t>(number)]->ports) {
        if (port.argument != i + 1) continue;
        end.port = &port;
        direction = port.direction;
      }
      if (direction == Direction::kRead)
        ends.readers.push_back(end);
      else if (direction == Direction::kWritten)
        ends.writers.push_back(end);
      else
        ends.users.push_back(end);
    }
  }

  std::string kernel_of(const End& end) const {
    if (end.instance == End::kJoin) return "a join";
    return dataflow_.instances[static_cast<std::size_t>(end.instance)].kernel;
  }

  void check(const Part& part, const Ends& ends) const {
    if (part.kind != Part::kNet) return check_owned(part, ends);
    if (ends.writers.size() > 1)
      throw Refusal(ends.writers[1].where, part.name + " is written by " + kernel_of(ends.writers[0]) +
                                               " already; a net has one writer: give each its own, and merge them in a "
                                               "kernel");
    if (part.net.kind == PortKind::kStream && ends.readers.size() > 1)
      throw Refusal(ends.readers[1].where, "stream " + part.name + " is read by " + kernel_of(ends.readers[0]) +
                                               " already; what one takes is gone for the other: let a kernel copy it "
                                               "to two streams");
    if (part.is_argument())
      check_argument(part, ends);
    else
      check_member(part, ends);
  }

  void check_owned(const Part& part, const Ends& ends) const {
    const std::string what = part.kind == Part::kProcess ? "process " : "memory ";
    if (ends.users.empty())
      throw Refusal(part.where, what + part.name + " belongs to no kernel of " + dataflow_.function + "; remove it");
    if (ends.users.size() > 1)
      throw Refusal(ends.users[1].where, what + part.name + " belongs to " + kernel_of(ends.users[0]) +
                                             " already; give each kernel its own, and a stream between them");
  }

  /// Who could have been meant to be at the missing end.
  std::string hint(const Ends& ends) const {
    return ends.users.empty() ? "" : " (" + kernel_of(ends.users[0]) + " has it, but does not use it)";
  }

  void check_member(const Part& part, const Ends& ends) const {
    if (ends.writers.empty() && ends.readers.empty())
      throw Refusal(part.where, part.name + " is neither written nor read" + hint(ends) + "; remove it");
    if (ends.writers.empty())
      throw Refusal(ends.readers[0].where, part.name + " is read by " + kernel_of(ends.readers[0]) +
                                               ", but nobody writes it" + hint(ends) +
                                               "; what comes from outside is an argument of " + dataflow_.function);
    if (ends.readers.empty() && !part.is_busy)  // idle_o is a busy_wire's reader
      throw Refusal(ends.writers[0].where, part.name + " is written by " + kernel_of(ends.writers[0]) +
                                               ", but nobody reads it" + hint(ends) +
                                               "; what goes outside is an argument of " + dataflow_.function);
  }

  void check_argument(const Part& part, const Ends& ends) const {
    if (ends.writers.empty() && ends.readers.empty())
      throw Refusal(part.where, "argument " + part.name + " is neither written nor read" + hint(ends) + "; remove it");
    if (part.net.kind == PortKind::kStream && !ends.writers.empty() && !ends.readers.empty())
      throw Refusal(ends.readers[0].where, "argument " + part.name +
                                               " is both written and read; a stream between two " +
                                               "kernels is a member of what " + dataflow_.function + " owns");
    if (part.net.kind == PortKind::kPulse && ends.writers.empty())
      throw Refusal(ends.readers[0].where, "argument " + part.name +
                                               " is read, but a pulse goes outside only; take a "
                                               "wire instead");
  }

  /// Natively a join takes effect where it stands.
  void check_order(const Join& join) const {
    const std::string name = dataflow_.parts[join.whole.part].name;
    for (const End& reader : ends_[join.whole.part].readers)
      if (reader.instance != End::kJoin && static_cast<std::size_t>(reader.instance) < join.instances_before)
        throw Refusal(join.whole.where, "the join of " + name + " comes before " + kernel_of(reader) + " reads it");
    for (const Join* earlier = dataflow_.joins.data(); earlier != &join; ++earlier)
      for (const Operand& part : earlier->parts)
        if (part.part == join.whole.part)
          throw Refusal(join.whole.where, "the join of " + name + " comes before another join reads it");
  }

  const Dataflow& dataflow_;
  const std::vector<const KernelModule*>& modules_;
  std::vector<Ends> ends_;
};

}  // namespace

std::vector<Ends> connect(const Dataflow& dataflow, const std::vector<const KernelModule*>& modules) {
  return Connections(dataflow, modules).run();
}

}  // namespace hlsc
