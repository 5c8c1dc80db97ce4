// SPDX-License-Identifier: Apache-2.0
// How much memory the program holds. A program that has counted_memory.cpp counts what goes through new and delete,
// with what malloc adds to each block.
#pragma once

#include <cstddef>

namespace sockwire::test {

std::size_t held_bytes();
std::size_t held_blocks();

}  // namespace sockwire::test
