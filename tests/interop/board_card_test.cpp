// SPDX-License-Identifier: Apache-2.0
// Short files between the board's RTL and Linux. tests/bench/board/board_linux.cpp carries long ones.
#include <gtest/gtest.h>

#include "board_lab.hpp"
#include "lab.hpp"

namespace sockwire::interop {
namespace {

constexpr std::uint64_t kSeed = 3;

// A short file: half of the time the board begins, and what a damaged frame costs is tens of its milliseconds, each of
// which takes a fifth of a second.
TEST(BoardCard, CarriesAFileEachWayToLinux) {
  SCOPED_TRACE(kSeed);
  in_lab([]() -> std::string {
    sc_core::sc_set_time_resolution(1, sc_core::SC_FS);
    LinuxFiles files(kSeed, 8'000);
    auto port = apps::plug_in();
    if (!port) return port.error();
    BoardLabOptions options{.seed = kSeed};
    options.uart.byte_errors = 2e-5;
    BoardLab lab(std::move(port).value(), options);
    if (const std::string problem = lab.start(); !problem.empty()) return problem;
    const auto no_progress = [](std::uint64_t) {};
    if (const auto got = fetch_over(lab, files, no_progress); !got.problem.empty()) return "get: " + got.problem;
    if (const auto sent = send_over(lab, files, no_progress); !sent.problem.empty()) return "send: " + sent.problem;
    return "";
  });
}

}  // namespace
}  // namespace sockwire::interop
