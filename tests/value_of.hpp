// SPDX-License-Identifier: Apache-2.0
// What a call has made, or its error as an exception: for set-ups that cannot go on without it.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "host/base/result.hpp"

namespace sockwire::test {

/// Throws std::runtime_error with the error's text.
template <typename Value>
Value value_of(Result<Value, std::string> result) {
  if (!result) throw std::runtime_error(result.error());
  return std::move(result).value();
}

}  // namespace sockwire::test
