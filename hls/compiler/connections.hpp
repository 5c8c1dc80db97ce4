// SPDX-License-Identifier: Apache-2.0
// Who writes and who reads each net of a dataflow function, which is known when its kernels are compiled.
#pragma once

#include <string>
#include <vector>

#include "hls/compiler/dataflow.hpp"
#include "hls/compiler/kernel_module.hpp"

namespace hlsc {

/// An instance, or a join, that uses a part.
struct End {
  static constexpr int kJoin = -1;
  int instance = kJoin;
  const ModulePort* port = nullptr;
  SourceLocation where;
};

/// Of one part.
struct Ends {
  std::vector<End> writers;
  std::vector<End> readers;
  std::vector<End> users;  // of a process or a memory; of a net, kernels that have it but do nothing with it
};

/// The ends of each part; `modules` has one for each instance. Throws Refusal unless every stream has one writer and
/// one reader, every other net one writer and a reader, every process and memory one kernel. An argument is the other
/// end of a net.
std::vector<Ends> connect(const Dataflow& dataflow, const std::vector<const KernelModule*>& modules);

}  // namespace hlsc
