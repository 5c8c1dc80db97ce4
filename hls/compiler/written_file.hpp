// SPDX-License-Identifier: Apache-2.0
// How a module's file is written.
#pragma once

#include <string>

namespace hlsc {

/// Leaves an equal file alone, so that a build does not Verilate it again. Throws Refusal if it cannot be written.
void write_if_changed(const std::string& path, const std::string& text);

}  // namespace hlsc
