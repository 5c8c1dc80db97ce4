// SPDX-License-Identifier: Apache-2.0
// Pieces of work in processes of their own, so many at a time.
#pragma once

#include <csignal>
#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>

namespace sockwire::fuzz {

/// Calls `work(0)` to `work(count - 1)`, each in a child process, and `done` in this one with each result as it comes.
/// When `stop` becomes nonzero the children are ended and their results are lost. Throws what a child threw, as
/// std::runtime_error.
void run_workers(std::size_t count, int jobs, const std::function<nlohmann::json(std::size_t)>& work,
                 const std::function<void(std::size_t, const nlohmann::json&)>& done,
                 const volatile std::sig_atomic_t& stop);

}  // namespace sockwire::fuzz
