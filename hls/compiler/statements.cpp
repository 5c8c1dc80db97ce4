// SPDX-License-Identifier: Apache-2.0
#include "hls/compiler/statements.hpp"

#include <sstream>

namespace hlsc {

std::string place_comment(const SourceLocation& where) { return where.line == 0 ? "" : "  // " + short_place(where); }

void Statements::print_wires() const {
  for (Ref x : placement_.at(0).values) print_wire(x);
  for (const Assignment& each : placement_.at(0).assignments)
    line(2) << "assign " << each.target << " = " << expressions_.text_of_sole_use(each.value) << ";\n";
}

void Statements::print_wire(Ref x) const {
  const std::string& name = expressions_.name(x);
  line(2) << logic_type(expressions_.width(x)) << " " << name << ";\n";
  if (!x->is(Op::kCase)) {
    line(2) << "assign " << name << " = " << expressions_.definition(x) << ";" << place_comment(x->origin.where)
            << "\n";
    return;
  }
  std::vector<std::string> arms;
  for (std::size_t i = 1; i < x->operands.size(); ++i)
    arms.push_back(" " + name + " = " + expressions_.text(x->operands[i]) + ";\n");
  line(2) << "always_comb begin" << place_comment(x->origin.where) << "\n";
  print_arms(x->operand(0), x->labels, {arms.begin() + 1, arms.end()}, arms[0], 4);
  line(2) << "end\n";
}

void Statements::print_variables(unsigned region, unsigned indent) const {
  const std::vector<Ref> values = placement_.values_below(region);
  for (Ref x : values) line(indent) << logic_type(expressions_.width(x)) << " " << expressions_.name(x) << ";\n";
  for (Ref x : values) line(indent) << expressions_.name(x) << " = 'x;\n";
}

void Statements::print_block(unsigned number, unsigned indent) const {
  const Block& block = placement_.at(number);
  if (block.kind == RegionKind::kClocked)
    for (Ref x : block.values)
      line(indent) << logic_type(expressions_.width(x)) << " " << expressions_.name(x) << ";\n";
  for (Ref x : block.values) {
    if (const Choice* choice = placement_.choice_of(x))
      print_choice(*choice, indent);
    else
      line(indent) << expressions_.name(x) << " = " << expressions_.definition(x) << ";"
                   << place_comment(x->origin.where) << "\n";
  }
  for (const Assignment& assignment : block.assignments) print_assignment(assignment, indent);
  for (unsigned choice : block.choices) print_choice(placement_.choice(choice), indent);
}

void Statements::print_assignment(const Assignment& assignment, unsigned indent) const {
  Ref value = assignment.value;
  line(indent) << assignment.target << (assignment.blocking ? " = " : " <= ") << expressions_.text_of_sole_use(value)
               << ";" << place_comment(value->origin.where) << "\n";
}

void Statements::print_choice(const Choice& choice, unsigned indent) const {
  if (choice.labels.empty())
    print_if(choice, indent, "");
  else
    print_case(choice, indent);
}

bool Statements::is_one_assignment(unsigned number) const {
  const Block& block = placement_.at(number);
  return block.values.empty() && block.choices.empty() && block.assignments.size() == 1;
}

/// " begin ... end", or the one statement.
std::string Statements::arm(unsigned block, unsigned indent, const std::string& comment) const {
  std::ostringstream text;
  const Statements inner(expressions_, placement_, text);
  if (is_one_assignment(block)) {
    text << " ";
    inner.print_assignment(placement_.at(block).assignments[0], 0);
  } else {
    text << " begin" << comment << "\n";
    inner.print_block(block, indent + 2);
    inner.line(indent) << "end\n";
  }
  return text.str();
}

/// The if statement that is all that a block has in it, for "else if".
const Choice* Statements::only_if(unsigned number) const {
  const Block& block = placement_.at(number);
  if (!block.values.empty() || !block.assignments.empty() || block.choices.size() != 1) return nullptr;
  const Choice& choice = placement_.choice(block.choices[0]);
  return choice.labels.empty() ? &choice : nullptr;
}

void Statements::print_if(const Choice& choice, unsigned indent, const char* before) const {
  const bool inverted = placement_.is_empty(choice.arms[0]);
  const unsigned then = inverted ? choice.otherwise : choice.arms[0];
  const unsigned otherwise = inverted ? choice.arms[0] : choice.otherwise;
  if (placement_.is_empty(then)) return;
  const std::string condition = expressions_.text(choice.selector);
  line(indent) << before << "if (" << (inverted ? "!(" + condition + ")" : condition) << ")"
               << arm(then, indent, place_comment(choice.selector->origin.where));
  if (placement_.is_empty(otherwise)) return;
  if (const Choice* next = only_if(otherwise)) return print_if(*next, indent, "else ");
  line(indent) << "else" << arm(otherwise, indent);
}

void Statements::print_case(const Choice& choice, unsigned indent) const {
  std::vector<std::string> arms;
  for (unsigned each : choice.arms) arms.push_back(placement_.is_empty(each) ? " ;\n" : arm(each, indent + 2));
  const std::string otherwise = placement_.is_empty(choice.otherwise) ? " ;\n" : arm(choice.otherwise, indent + 2);
  print_arms(choice.selector, choice.labels, arms, otherwise, indent);
}

/// Labels that do the same stand side by side, and those that do what all others do are left out.
void Statements::print_arms(Ref selector, const std::vector<llvm::APInt>& labels, const std::vector<std::string>& arms,
                            const std::string& otherwise, unsigned indent) const {
  line(indent) << "case (" << expressions_.text(selector) << ")" << place_comment(selector->origin.where) << "\n";
  std::vector<bool> done(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (done[i] || arms[i] == otherwise) continue;
    line(indent + 2) << literal(labels[i]);
    for (std::size_t j = i + 1; j < labels.size(); ++j) {
      if (arms[j] != arms[i]) continue;
      out_ << ", " << literal(labels[j]);
      done[j] = true;
    }
    out_ << ":" << arms[i];
  }
  line(indent + 2) << "default:" << otherwise;
  line(indent) << "endcase\n";
}

}  // namespace hlsc
