// SPDX-License-Identifier: Apache-2.0
// The types that random kernels compute with, and the pool of them that many kernels share: a stream of one more type
// costs the native compiler more than the kernel itself does.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/hls/fuzz/random.hpp"

namespace sockwire::fuzz {

enum class Kind { kBool, kUnsigned, kSigned, kApUint, kEnum, kStruct, kArray };

struct Type;
using TypeRef = std::shared_ptr<const Type>;

struct Member {
  std::string name;
  TypeRef type;
};

struct Type {
  Kind kind = Kind::kBool;
  int width = 1;     ///< bits of a scalar; of a struct or an array, of all its leaves
  std::string name;  ///< in C++; of an array, its element's
  std::vector<Member> members;
  TypeRef element;
  int count = 0;  ///< of an array

  bool is_scalar() const { return kind != Kind::kStruct && kind != Kind::kArray; }
};

TypeRef bool_type();
TypeRef ap_uint_type(int width);
TypeRef integer_type(bool is_signed, int width);
TypeRef array_of(TypeRef element, int count);

/// 1 to 128, the widths next to a machine word's more often than others.
int random_width(Random& random);
/// bool, ap_uint or an integer.
TypeRef random_scalar(Random& random);
/// A literal that a scalar of the type can be initialised with.
std::string random_literal(Random& random, const Type& type);
/// "name[2]", or "name" of something that is no array.
std::string declarator(const std::string& name, const Type& type);
/// A literal, or a list of them in braces for what has parts.
std::string random_constant(Random& random, const Type& type);
/// " = value", with a random value; nothing for a struct, whose members have their own.
std::string random_initialiser(Random& random, const Type& type);

/// The bits of 64 that a mask of so many low ones has, as a C++ literal.
std::string hex_literal(std::uint64_t value);

/// Types that kernels with neighbouring seeds have in common.
struct TypePool {
  std::string name;  ///< a namespace
  std::string text;  ///< C++: the types, and for each `void leaves(Bits&, T&)`
  std::vector<TypeRef> enums;
  std::vector<TypeRef> parts;     ///< small structs
  std::vector<TypeRef> payloads;  ///< what a stream, a wire or a memory holds
};

TypePool make_pool(std::uint64_t number);

}  // namespace sockwire::fuzz
