// SPDX-License-Identifier: Apache-2.0
#include "tests/hls/fuzz/types.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

namespace sockwire::fuzz {
namespace {

TypeRef make(Kind kind, int width, std::string name) {
  auto type = std::make_shared<Type>();
  type->kind = kind;
  type->width = width;
  type->name = std::move(name);
  return type;
}

/// Makes the types of one pool and writes them down.
class PoolMaker {
 public:
  explicit PoolMaker(std::uint64_t number) : random_(0x706f6f6c00000000u + number) {
    pool_.name = "pool" + std::to_string(number);
  }

  TypePool make() {
    text_ << "namespace sockwire {\nnamespace " << pool_.name << " {\n\n";
    for (int i = 0; i < 3; ++i) add_enum(i);
    for (int i = 0; i < 4; ++i) pool_.parts.push_back(add_struct("Part" + std::to_string(i), 2, 3, false));
    for (int i = 0; i < 6; ++i) pool_.payloads.push_back(add_struct("Payload" + std::to_string(i), 2, 5, true));
    pool_.payloads.push_back(bool_type());
    for (const int width : {1, 8, random_.between(2, 40), random_.between(41, 128)})
      pool_.payloads.push_back(ap_uint_type(width));
    text_ << "}  // namespace " << pool_.name << "\n}  // namespace sockwire\n";
    pool_.text = text_.str();
    return std::move(pool_);
  }

 private:
  void add_enum(int number) {
    const std::string name = "Choice" + std::to_string(number);
    const int count = random_.between(2, 6);
    int value = 0;
    text_ << "enum class " << name << " : std::uint8_t {";
    for (int i = 0; i < count; ++i) {
      text_ << (i == 0 ? " " : ", ") << "k" << i << " = " << value;
      if (i + 1 < count) value += random_.percent(70) ? 1 : random_.between(2, 20);
    }
    text_ << " };\n";
    int width = 1;
    while (value >> width != 0) ++width;
    auto type = std::make_shared<Type>();
    type->kind = Kind::kEnum;
    type->width = width;
    type->name = name;
    pool_.enums.push_back(type);
    text_ << "inline void leaves(Bits& bits, " << name << "& v) { v = static_cast<" << name
          << ">(bits.leaf(static_cast<unsigned>(v), " << width << ")); }\n\n";
  }

  TypeRef member_type(bool nested) {
    switch (random_.weighted({70, 15, nested ? 20 : 0, 15})) {
      case 0:
        return random_scalar(random_);
      case 1:
        return random_.pick(pool_.enums);
      case 2:
        return random_.pick(pool_.parts);
      default:
        return array_of(nested && random_.percent(30) ? random_.pick(pool_.parts) : random_scalar(random_),
                        random_.between(2, 5));
    }
  }

  TypeRef add_struct(const std::string& name, int least, int most, bool nested) {
    auto type = std::make_shared<Type>();
    type->kind = Kind::kStruct;
    type->width = 0;
    type->name = name;
    const int count = random_.between(least, most);
    for (int i = 0; i < count; ++i) {
      TypeRef member = member_type(nested);
      if (type->width + member->width > 500) member = bool_type();
      type->width += member->width;
      type->members.push_back({std::string(1, static_cast<char>('a' + i)), member});
    }
    text_ << "struct " << name << " {\n";
    for (const Member& member : type->members) {
      const Type& of = *member.type;
      text_ << "  " << of.name << " " << declarator(member.name, of) << random_initialiser(random_, of) << ";\n";
    }
    text_ << "};\ninline void leaves(Bits& bits, " << name << "& v) {\n";
    for (const Member& member : type->members) {
      if (member.type->kind == Kind::kArray)
        text_ << "  for (auto& each : v." << member.name << ") leaves(bits, each);\n";
      else
        text_ << "  leaves(bits, v." << member.name << ");\n";
    }
    text_ << "}\n\n";
    return type;
  }

  Random random_;
  TypePool pool_;
  std::ostringstream text_;
};

}  // namespace

TypeRef bool_type() {
  static const TypeRef type = make(Kind::kBool, 1, "bool");
  return type;
}

TypeRef ap_uint_type(int width) { return make(Kind::kApUint, width, "ap_uint<" + std::to_string(width) + ">"); }

TypeRef integer_type(bool is_signed, int width) {
  const std::string name =
      width == 128 ? "detail::uint128_t" : (is_signed ? "std::int" : "std::uint") + std::to_string(width) + "_t";
  return make(is_signed ? Kind::kSigned : Kind::kUnsigned, width, name);
}

TypeRef array_of(TypeRef element, int count) {
  auto type = std::make_shared<Type>();
  type->kind = Kind::kArray;
  type->width = element->width * count;
  type->name = element->name;
  type->element = std::move(element);
  type->count = count;
  return type;
}

int random_width(Random& random) {
  static const std::vector<int> kEdges = {1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128};
  switch (random.weighted({40, 30, 20, 10})) {
    case 0:
      return random.between(1, 24);
    case 1:
      return random.pick(kEdges);
    case 2:
      return random.between(1, 64);
    default:
      return random.between(65, 128);
  }
}

TypeRef random_scalar(Random& random) {
  switch (random.weighted({70, 15, 10, 8})) {
    case 0:
      return ap_uint_type(random_width(random));
    case 1:
      return bool_type();
    case 2:
      return integer_type(false, 8 << random.below(random.percent(20) ? 5 : 4));
    default:
      return integer_type(true, 8 << random.below(4));
  }
}

std::string hex_literal(std::uint64_t value) {
  std::ostringstream text;
  if (value < 10)
    text << value;
  else
    text << "0x" << std::hex << value;
  text << (value > 0xffffffffu ? "ull" : "u");
  return text.str();
}

std::string random_literal(Random& random, const Type& type) {
  if (type.kind == Kind::kBool) return random.percent(50) ? "true" : "false";
  if (type.kind == Kind::kEnum) return type.name + "::k" + std::to_string(random.below(2));
  const int width = std::min(type.width, 64);
  std::uint64_t value = random.word() >> (64 - width);
  if (random.percent(60)) value &= 0xf;
  if (type.kind != Kind::kSigned) return hex_literal(value);
  const std::int64_t number = static_cast<std::int64_t>(value << (64 - width)) >> (64 - width);
  return "static_cast<" + type.name + ">(" + std::to_string(number) + "ll)";
}

std::string declarator(const std::string& name, const Type& type) {
  return type.kind == Kind::kArray ? name + "[" + std::to_string(type.count) + "]" : name;
}

std::string random_constant(Random& random, const Type& type) {
  if (type.is_scalar()) return random_literal(random, type);
  std::string text = "{";
  for (const Member& member : type.members) text += (text == "{" ? "" : ", ") + random_constant(random, *member.type);
  for (int i = 0; i < type.count; ++i) text += (i == 0 ? "" : ", ") + random_constant(random, *type.element);
  return text + "}";
}

std::string random_initialiser(Random& random, const Type& type) {
  const Type& innermost = type.kind == Kind::kArray ? *type.element : type;
  return innermost.is_scalar() ? " = " + random_constant(random, type) : "";
}

TypePool make_pool(std::uint64_t number) { return PoolMaker(number).make(); }

}  // namespace sockwire::fuzz
