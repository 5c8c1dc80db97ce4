// SPDX-License-Identifier: Apache-2.0
// Short files between the board's RTL and Linux. tests/bench/board/board_linux.cpp carries long ones.
#include <gtest/gtest.h>

#include "board_lab.hpp"
#include "lab.hpp"

namespace sockwire::interop {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kSeed = 3;

void no_progress(std::uint64_t) {}

/// Empty if `body` is pleased with a board in this lab.
std::string on_board(std::uint64_t bytes, const BoardLabOptions& options,
                     const std::function<std::string(BoardLab&, LinuxFiles&)>& body) {
  sc_core::sc_set_time_resolution(1, sc_core::SC_FS);
  LinuxFiles files(kSeed, bytes);
  auto port = apps::plug_in();
  if (!port) return port.error();
  BoardLab lab(std::move(port).value(), options);
  std::string problem = lab.start();
  return problem.empty() ? body(lab, files) : problem;
}

TEST(BoardCard, CarriesAFileEachWayToLinuxOverABadUart) {
  SCOPED_TRACE(kSeed);
  in_lab([] {
    BoardLabOptions options{.seed = kSeed};
    options.uart.byte_errors = 2e-4;
    return on_board(16'000, options, [](BoardLab& lab, LinuxFiles& files) -> std::string {
      if (const auto got = fetch_over(lab, files, no_progress); !got.problem.empty()) return "get: " + got.problem;
      if (const auto sent = send_over(lab, files, no_progress); !sent.problem.empty()) return "send: " + sent.problem;
      return lab.bytes_damaged() > 0 ? "" : "the UART was good";
    });
  });
}

TEST(BoardCard, FetchesAFileFromLinuxAlthoughTheCableIsPulled) {
  in_lab([] {
    return on_board(16'000, {}, [](BoardLab& lab, LinuxFiles& files) -> std::string {
      lab.pull_after(8'000, 1ms);
      if (const auto got = fetch_over(lab, files, no_progress); !got.problem.empty()) return "get: " + got.problem;
      return lab.driver_counters().card_losses == 1 ? "" : "the cable was not pulled";
    });
  });
}

}  // namespace
}  // namespace sockwire::interop
