// SPDX-License-Identifier: Apache-2.0
// The command `sockwire`, as it is installed, on cards on USB cables (usb_board.hpp), with Linux and nginx behind them.
#include <gtest/gtest.h>

#include <cstdio>

#include "host/apps/lab.hpp"
#include "linux_files.hpp"
#include "usb_board.hpp"

namespace sockwire::interop {
namespace {

constexpr std::uint64_t kSeed = 5;

// Each on a card of its own, at the same time: most of their time they ask whether anybody has their address.
TEST(UsbCard, FetchesAndSendsFilesOverABadWireAndABadUart) {
  SCOPED_TRACE(kSeed);
  LinuxFiles files(kSeed, 300'000);
  UsbBoardOptions getting{.serial = "210319AB0001", .seed = kSeed};
  getting.wire.loss = 0.03;  // of some 300 frames: a few, however the ACKs fall
  getting.uart.byte_errors = 1e-4;
  UsbBoardOptions sending = getting;
  sending.serial = "210319AB0002";
  sending.seed = kSeed + 1;
  UsbBoards boards({getting, sending});
  const std::string got = files.folder() + "/got";
  Running get(boards.command(0, {"get", files.url(), "-o", got}), files.folder() + "/get.errors");
  // Not in the same moment: umockdev makes a socket of udev's, by a name that is the same in both programs.
  boards.wait_for_bytes(0, 0);
  Running send(boards.command(1, {"send", files.path(), LinuxFiles::sink()}), files.folder() + "/send.errors");
  const Ended fetched = get.wait();
  const Ended sent = send.wait();
  EXPECT_EQ(fetched.status, 0) << fetched.errors;
  EXPECT_EQ(files.problem_of_fetched(got), "");
  EXPECT_EQ(sent.status, 0) << sent.errors;
  EXPECT_EQ(files.problem_of_sunk(), "");
  for (const std::size_t board : {0, 1}) {
    EXPECT_GT(boards.damage(board).frames, 0u);
    EXPECT_GT(boards.damage(board).bytes, 0u);
  }
}

// A pulled cable, the card's reset button, and a pipe of USB that fails.
TEST(UsbCard, CarriesOnWhenTheCardWasLostAndIsBack) {
  LinuxFiles files(kSeed, 500'000);
  UsbBoards boards({UsbBoardOptions{}});
  const std::string got = files.folder() + "/got";
  Running program(boards.command(0, {"get", files.url(), "-o", got}), files.folder() + "/errors");
  boards.wait_for_bytes(0, 100'000);
  boards.pull(0);
  boards.plug(0);
  boards.wait_for_bytes(0, 200'000);
  boards.reset(0);
  boards.wait_for_bytes(0, 300'000);
  boards.stall(0);
  const Ended ended = program.wait();
  EXPECT_EQ(ended.status, 0) << ended.errors;
  EXPECT_EQ(files.problem_of_fetched(got), "");
  for (const char* told : {"it was unplugged\n", "get: card lost\n", "it refused a transfer\n", "card back\n"}) {
    EXPECT_NE(ended.errors.find(told), std::string::npos) << told << ended.errors;
  }
}

// It is pulled, and stays away.
TEST(UsbCard, GivesUpWithOneSentenceWhenItIsGone) {
  LinuxFiles files(kSeed, 400'000);
  UsbBoards boards({UsbBoardOptions{}});
  const std::string got = files.folder() + "/got";
  Running program(boards.command(0, {"get", files.url(), "-o", got}, "4s"), files.folder() + "/errors");
  boards.wait_for_bytes(0, 100'000);
  boards.pull(0);
  const Ended ended = program.wait();
  EXPECT_EQ(ended.status, 1) << ended.errors;
  const std::string sentence =
      "sockwire: given up without a card: lost card 210319AB0001 on USB 1-1: it was unplugged; ";
  EXPECT_NE(ended.errors.find(sentence), std::string::npos) << ended.errors;
  EXPECT_NE(ended.errors.find(" bytes that came are kept in " + got + ".part\n"), std::string::npos) << ended.errors;
}

}  // namespace
}  // namespace sockwire::interop

int main(int argc, char** argv) {
  const std::string missing = sockwire::sim::start_again_with_umockdev(argv);
  if (!missing.empty()) {
    std::fprintf(stderr, "%s\n", missing.c_str());
    return 1;
  }
  testing::InitGoogleTest(&argc, argv);
  // Each case is a process of its own under ctest; the namespace is gone with it.
  if (!testing::GTEST_FLAG(list_tests)) {
    if (const auto entered = sockwire::apps::enter_new_lab(); !entered) {
      std::fprintf(stderr, "skipped: %s\n", entered.error().c_str());
      return 0;
    }
  }
  return RUN_ALL_TESTS();
}
