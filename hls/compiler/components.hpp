// SPDX-License-Identifier: Apache-2.0
// Strongly connected components, for finding recurrences.
#pragma once

#include <vector>

namespace hlsc {

/// Vertices are numbers; `depends[v]` are those that v depends on. Returns the components (Tarjan's algorithm), each
/// after all that it depends on.
std::vector<std::vector<unsigned>> components(const std::vector<std::vector<unsigned>>& depends);

}  // namespace hlsc
