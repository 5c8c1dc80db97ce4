// SPDX-License-Identifier: Apache-2.0
#include "tests/hls/fuzz/random_kernel.hpp"

#include <sstream>
#include <stdexcept>

#include "tests/hls/fuzz/statements.hpp"

namespace sockwire::fuzz {
namespace {

constexpr std::uint64_t kGroupSize = 256;

class KernelMaker {
 public:
  KernelMaker(std::uint64_t seed, const TypePool& pool) : random_(seed), pool_(pool) {
    kernel_.name = "fuzz" + std::to_string(seed);
    kernel_.types = pool.text;
    around_.structs = pool.parts;
    for (const TypeRef& type : pool.payloads)
      if (!type->is_scalar()) around_.structs.push_back(type);
    around_.enums = pool.enums;
  }

  Kernel make() {
    kernel_.schedule_free = random_.percent(70);
    text_ << "namespace sockwire {\nnamespace " << kernel_.name << " {\n\nusing namespace " << pool_.name << ";\n\n";
    const int tables = random_.weighted({60, 30, 10});
    for (int i = 0; i < tables; ++i) add_table(i);
    const int functions = random_.weighted({40, 35, 25});
    for (int i = 0; i < functions; ++i) add_function(i);
    add_state();
    const int changers = random_.weighted({50, 30, 20});
    for (int i = 0; i < changers; ++i) add_changer(i);
    text_ << "template <typename T>\nT take(stream<T>& from) {\n  return from.read();\n}\n\n"
          << "template <typename T, typename Value>\nvoid put(stream<T>& to, const Value& value) {\n  "
             "to.write(static_cast<T>(value));\n}\n\n";
    add_ports();
    add_kernel();
    text_ << "}  // namespace " << kernel_.name << "\n}  // namespace sockwire\n";
    kernel_.text = text_.str();
    return std::move(kernel_);
  }

 private:
  void add_table(int number) {
    const TypeRef type = random_.percent(75) ? random_scalar(random_) : random_.pick(pool_.parts);
    const int count = random_.percent(60) ? 1 << random_.between(1, 4) : random_.between(2, 20);
    const std::string name = "kTable" + std::to_string(number);
    const TypeRef array = array_of(type, count);
    text_ << "constexpr " << type->name << " " << declarator(name, *array) << random_initialiser(random_, *array)
          << ";\n\n";
    globals_.variables.push_back({name, type, false, 0, count, name + "[", "]"});
  }

  std::string parameter(int number, const TypeRef& type, Scope& scope) {
    const std::string name = "p" + std::to_string(number);
    const bool by_value = random_.percent(50);
    scope.variables.push_back({name, type, by_value, 0, 0, "", ""});
    return by_value ? type->name + " " + name : "const " + type->name + "& " + name;
  }

  TypeRef random_type() { return random_.percent(75) ? random_scalar(random_) : random_.pick(around_.structs); }

  void add_function(int number) {
    PureFunction function;
    function.name = "function" + std::to_string(number);
    Scope scope = globals_;
    const bool is_template = random_.percent(25);
    function.result = random_type();
    std::string parameters;
    const int count = random_.between(1, 3);
    for (int i = 0; i < count; ++i) {
      function.parameters.push_back(random_type());
      parameters += (i == 0 ? "" : ", ") + parameter(i, function.parameters.back(), scope);
    }
    if (is_template) scope.variables.push_back({"kNumber", integer_type(true, 32), false, 8, 0, "", ""});
    const Surroundings inside{around_.structs, around_.enums, {}, {}, {}};
    Statements body(random_, scope, inside);
    if (random_.percent(40)) body.may_return(function.result);
    body.block(random_.between(0, 4));
    body.line("return " + Expressions(random_, scope).value_of(*function.result, 3) + ";");
    if (is_template) text_ << "template <int kNumber>\n";
    text_ << "inline " << function.result->name << " " << function.name << "(" << parameters << ") {\n"
          << body.text() << "}\n\n";
    if (is_template) function.name += "<" + std::to_string(random_.below(8)) + ">";
    globals_.functions.push_back(function);
  }

  void add_state() {
    auto state = std::make_shared<Type>();
    state->kind = Kind::kStruct;
    state->width = 0;
    state->name = "State";
    const int count = random_.between(1, 5);
    text_ << "struct State {\n";
    for (int i = 0; i < count; ++i) {
      TypeRef type = random_scalar(random_);
      switch (random_.weighted({50, 12, 18, 20})) {
        case 0:
          break;
        case 1:
          type = random_.pick(pool_.enums);
          break;
        case 2:
          type = random_.pick(around_.structs);
          break;
        default:
          type = array_of(random_.percent(30) ? random_.pick(pool_.parts) : type, random_.between(2, 8));
      }
      if (state->width + type->width > 1000) type = bool_type();
      state->width += type->width;
      const std::string name = (random_.percent(5) ? "logic" : "s") + std::to_string(i);
      state->members.push_back({name, type});
      text_ << "  " << type->name << " " << declarator(name, *type) << random_initialiser(random_, *type) << ";\n";
    }
    text_ << "};\n\n";
    state_ = state;
  }

  /// A function that changes its first argument; one of the state's arrays as a whole, sometimes.
  void add_changer(int number) {
    Changer changer;
    changer.name = "change" + std::to_string(number);
    Scope scope = globals_;
    std::string parameters;
    const Member& member = random_.pick(state_->members);
    if (member.type->kind == Kind::kArray) {
      changer.array = "state." + member.name;
      parameters = member.type->name + " (&target)[" + std::to_string(member.type->count) + "]";
      scope.variables.push_back({"target", member.type, true, 0, 0, "", ""});
    } else {
      changer.target = random_.percent(50) ? member.type : random_type();
      parameters = changer.target->name + "& target";
      scope.variables.push_back({"target", changer.target, true, 0, 0, "", ""});
    }
    const int count = random_.below(3);
    for (int i = 0; i < count; ++i) {
      changer.parameters.push_back(random_type());
      parameters += ", " + parameter(i, changer.parameters.back(), scope);
    }
    const Surroundings inside{around_.structs, around_.enums, {}, {}, {}};
    Statements body(random_, scope, inside);
    if (random_.percent(40)) body.may_return(nullptr);
    body.block(random_.between(1, 4));
    text_ << "inline void " << changer.name << "(" << parameters << ") {\n" << body.text() << "}\n\n";
    around_.changers.push_back(changer);
  }

  void add_port(const std::string& kind, const std::string& name, const TypeRef& type, int depth = 2) {
    kernel_.ports.push_back({kind, name, type->name, type->width, depth});
  }

  void add_value(const TypeRef& type, const std::string& text, int entries = 0) {
    readable_.push_back({"", type, false, 0, entries, text, entries == 0 ? "" : ")"});
  }

  void add_ports() {
    const int memories = random_.weighted({55, 30, 15});
    for (int i = 0; i < memories; ++i) add_memory("memory" + std::to_string(i));
    const int inputs = random_.weighted({8, 60, 32});
    for (int i = 0; i < inputs; ++i) {
      const std::string name = "in" + std::to_string(i);
      const TypeRef type = random_.pick(pool_.payloads);
      add_port("in", name, type);
      around_.once.push_back({Once::kRead, name, type, 0});
      if (!kernel_.schedule_free) add_value(bool_type(), name + ".empty()");
    }
    if (random_.percent(40)) {
      const TypeRef type = random_.pick(pool_.payloads);
      add_port("wire_in", "setting", type);
      add_value(type, "setting.read()");
    }
    const int outputs = random_.between(1, 2);
    for (int i = 0; i < outputs; ++i) {
      const std::string name = "out" + std::to_string(i);
      const TypeRef type = random_.pick(pool_.payloads);
      add_port("out", name, type, random_.percent(70) ? 2 : random_.between(3, 9));
      around_.once.push_back({Once::kWrite, name, type, 0});
      if (!kernel_.schedule_free) add_value(bool_type(), name + ".full()");
    }
    if (random_.percent(40)) {
      const TypeRef type = random_.pick(pool_.payloads);
      add_port("wire_out", "shown", type);
      around_.signals.push_back({"shown", type});
    }
    if (random_.percent(30)) {
      const TypeRef type = ap_uint_type(random_width(random_));
      kernel_.ports.push_back({"pulse", "events", std::to_string(type->width), type->width, 2});
      around_.signals.push_back({"events", type});
    }
  }

  void add_memory(const std::string& name) {
    const TypeRef type = random_.pick(pool_.payloads);
    const int entries = 1 << random_.between(0, 5);
    const std::string arguments = "<" + type->name + ", " + std::to_string(entries);
    const int kind = random_.weighted({50, 40, 10});
    if (kind == 0) {
      kernel_.ports.push_back({"memory", name, "mem" + arguments + ">", 0, 2});
      add_value(type, name + ".read(", entries);
      around_.once.push_back({Once::kMemoryWrite, name, type, entries});
      return;
    }
    const int banks = kind == 1 ? 1 : random_.between(2, 3);
    kernel_.ports.push_back(
        {"memory", name,
         kind == 1 ? "bram" + arguments + ">" : "banked" + arguments + ", " + std::to_string(banks) + ">", 0, 2});
    for (int bank = 0; bank < banks; ++bank) {
      const std::string one = kind == 1 ? name : name + ".bank[" + std::to_string(bank) + "]";
      add_value(type, one + ".data()");
      around_.once.push_back({Once::kRequest, one, type, entries});
      around_.once.push_back({Once::kMemoryWrite, one, type, entries});
    }
  }

  static std::string declaration(const Port& port) {
    if (port.kind == "memory") return port.type + "& " + port.name;
    const char* holder = port.kind == "pulse" ? "pulse" : port.kind == "in" || port.kind == "out" ? "stream" : "wire";
    return holder + ("<" + port.type + ">& ") + port.name;
  }

  void add_kernel() {
    Scope scope = globals_;
    // Twice, so that the state is looked at and changed more often than anything else is.
    scope.variables.push_back({"state", state_, true, 0, 0, "", ""});
    scope.variables.push_back({"state", state_, true, 0, 0, "", ""});
    scope.variables.insert(scope.variables.end(), readable_.begin(), readable_.end());
    Statements body(random_, scope, around_);
    body.may_return(nullptr);
    for (std::size_t i = 0; i < around_.once.size(); ++i)
      if (around_.once[i].kind == Once::kRead && random_.percent(75)) body.once(i);
    body.block(random_.between(2, 16));
    for (const Signal& signal : around_.signals)
      if (random_.percent(70)) body.signal(signal);
    body.remaining_writes();
    text_ << "inline void kernel(State& state";
    for (const Port& port : kernel_.ports) text_ << ", " << declaration(port);
    text_ << ") {\n" << body.text() << "}\n\n";
  }

  Random random_;
  const TypePool& pool_;
  Kernel kernel_;
  std::ostringstream text_;
  Scope globals_;
  Surroundings around_;
  TypeRef state_;
  std::vector<Variable> readable_;
};

}  // namespace

std::uint64_t group_of(std::uint64_t seed) { return seed / kGroupSize; }

Kernel random_kernel(std::uint64_t seed) {
  const TypePool pool = make_pool(group_of(seed));
  return KernelMaker(seed, pool).make();
}

std::string to_header(const Kernel& kernel, const std::string& remark) {
  std::ostringstream text;
  text << "// SPDX-License-Identifier: Apache-2.0\n// " << remark << "\n//\n// kernel: " << kernel.name << " "
       << (kernel.schedule_free ? "streams" : "cycles") << " " << kernel.period << "\n";
  for (const Port& port : kernel.ports)
    text << "// port: " << port.kind << " " << port.name << " " << port.width << " " << port.depth << " " << port.type
         << "\n";
  text << "#pragma once\n\n#include \"tests/hls/fuzz/bits.hpp\"\n\n" << kernel.types << "\n" << kernel.text;
  return text.str();
}

Kernel from_header(const std::string& text) {
  Kernel kernel;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string slashes;
    std::string what;
    words >> slashes >> what;
    if (slashes == "//" && what == "kernel:") {
      std::string compared;
      words >> kernel.name >> compared >> kernel.period;
      kernel.schedule_free = compared == "streams";
    } else if (slashes == "//" && what == "port:") {
      Port port;
      words >> port.kind >> port.name >> port.width >> port.depth >> std::ws;
      std::getline(words, port.type);
      kernel.ports.push_back(port);
    } else {
      kernel.text += line + "\n";
    }
  }
  if (kernel.name.empty() || kernel.ports.empty())
    throw std::runtime_error("this is no stored kernel: it has no line '// kernel: NAME' or '// port: ...'");
  return kernel;
}

}  // namespace sockwire::fuzz
