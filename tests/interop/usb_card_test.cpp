// SPDX-License-Identifier: Apache-2.0
// The command `sockwire`, as it is installed, on a card on a USB cable: libusb is real, the cable is umockdev's, the
// FT2232H is its model, the card's link and engine run natively, and behind the engine's line is Linux with nginx.
//
//   sockwire --libusb--> umockdev --> FT2232H's model --UART--> link, engine --line--> TAP --> Linux, nginx
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "host/apps/lab.hpp"
#include "host/apps/pattern.hpp"
#include "host/apps/peers.hpp"
#include "sim/net/tap_peer.hpp"
#include "sim/usb/serial_card.hpp"
#include "sim/usb/umockdev_front.hpp"

namespace sockwire::interop {
namespace {

constexpr std::uint64_t kSeed = 5;

/// A board: its USB cable in a test bed, its network connector in Linux of this namespace.
class Board {
 public:
  explicit Board(const sim::Impairments& wire = {}) {
    auto lab = apps::plug_in();
    if (!lab) throw std::runtime_error(lab.error());
    address_ = lab->address;
    line_ = std::make_unique<sim::TapPeer<1>>(std::move(lab->tap), wire, wire, kSeed);
    card_ = std::make_unique<sim::SerialCard>(sim::native_card_parts(1), *line_);
    front_ = std::move(sim::UmockdevFront::open()).value();
    sim::Ft2232hSettings settings;
    settings.serial = "210319AB0001";
    port_ = front_->add(settings, *card_);
  }

  /// sockwire get, which writes to a file.
  std::vector<std::string> get(const std::string& output, const std::string& timeout = "120s") const {
    return {
        SOCKWIRE_BINARY,         "get", "--card", "usb", "--address", to_string(address_) + "/24", "--timeout", timeout,
        "http://10.18.0.1/file", "-o",  output};
  }

  void pull() { front_->unplug(port_); }
  void plug() { front_->plug(port_); }
  void reset() {
    front_->with(port_, [this](sim::Ft2232h&, sim::HostController&) { card_->reset(); });
  }
  /// What comes from the card, once.
  void stall() {
    front_->with(port_, [](sim::Ft2232h& chip, sim::HostController&) { chip.stall(sim::Ft2232h::kUartIn); });
  }
  /// Waits until the card has carried so many bytes to the host.
  void wait_for_bytes(std::uint64_t bytes) {
    front_->wait_until(port_, [bytes](const sim::Ft2232h& chip) { return chip.uart().counters().received > bytes; });
  }

 private:
  Ipv4Address address_;
  std::unique_ptr<sim::TapPeer<1>> line_;
  std::unique_ptr<sim::SerialCard> card_;
  std::unique_ptr<sim::UmockdevFront> front_;
  unsigned port_ = 0;
};

std::string pattern_text(std::size_t bytes) {
  std::string text(bytes, '\0');
  apps::fill_pattern(kSeed, 0, std::span(reinterpret_cast<std::uint8_t*>(text.data()), text.size()));
  return text;
}

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Puts a file where nginx serves it.
void serve(const apps::TemporaryFolder& folder, const std::string& content) {
  std::filesystem::create_directory(folder.path() + "/www");
  std::ofstream(folder.path() + "/www/file", std::ios::binary) << content;
}

struct Command {
  int status = -1;
  std::string errors;
};

/// A program that runs while the test does something else.
class Running {
 public:
  Running(std::vector<std::string> arguments, const std::string& errors) : errors_(errors) {
    pid_ = fork();
    if (pid_ != 0) return;
    std::vector<char*> list;
    for (std::string& one : arguments) list.push_back(one.data());
    list.push_back(nullptr);
    if (std::freopen(errors.c_str(), "w", stderr) == nullptr) _exit(126);
    execv(list[0], list.data());
    _exit(127);
  }
  Command wait() {
    Command ended;
    int status = 0;
    waitpid(pid_, &status, 0);
    ended.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    ended.errors = content_of(errors_);
    return ended;
  }

 private:
  std::string errors_;
  pid_t pid_;
};

TEST(UsbCard, FetchesAFileFromNginx) {
  const apps::TemporaryFolder folder;
  const std::string content = pattern_text(300'000);
  serve(folder, content);
  Board board;
  const auto nginx = apps::Nginx::start(folder.path());
  ASSERT_TRUE(nginx) << nginx.error();
  Running program(board.get(folder.path() + "/got"), folder.path() + "/errors");
  const Command ended = program.wait();
  EXPECT_EQ(ended.status, 0) << ended.errors;
  EXPECT_TRUE(content_of(folder.path() + "/got") == content);
}

// A pulled cable, the card's reset button, and a pipe of USB that fails.
TEST(UsbCard, CarriesOnWhenTheCardWasLostAndIsBack) {
  const apps::TemporaryFolder folder;
  const std::string content = pattern_text(500'000);
  serve(folder, content);
  Board board;
  const auto nginx = apps::Nginx::start(folder.path());
  ASSERT_TRUE(nginx) << nginx.error();
  Running program(board.get(folder.path() + "/got"), folder.path() + "/errors");
  board.wait_for_bytes(100'000);
  board.pull();
  board.plug();
  board.wait_for_bytes(200'000);
  board.reset();
  board.wait_for_bytes(300'000);
  board.stall();
  const Command ended = program.wait();
  EXPECT_EQ(ended.status, 0) << ended.errors;
  EXPECT_TRUE(content_of(folder.path() + "/got") == content);
  for (const char* told : {"it was unplugged\n", "get: card lost\n", "it refused a transfer\n", "card back\n"}) {
    EXPECT_NE(ended.errors.find(told), std::string::npos) << told << ended.errors;
  }
}

// It is pulled, and stays away.
TEST(UsbCard, GivesUpWithOneSentenceWhenItIsGone) {
  const apps::TemporaryFolder folder;
  serve(folder, pattern_text(400'000));
  Board board;
  const auto nginx = apps::Nginx::start(folder.path());
  ASSERT_TRUE(nginx) << nginx.error();
  Running program(board.get(folder.path() + "/got", "4s"), folder.path() + "/errors");
  board.wait_for_bytes(100'000);
  board.pull();
  const Command ended = program.wait();
  EXPECT_EQ(ended.status, 1) << ended.errors;
  const std::string sentence =
      "sockwire: given up without a card: lost card 210319AB0001 on USB 1-1: it was unplugged; no card is on USB: "
      "plug in the board's USB cable, and see 'sockwire cards'; ";
  EXPECT_NE(ended.errors.find(sentence), std::string::npos) << ended.errors;
  EXPECT_NE(ended.errors.find(" bytes that came are kept in " + folder.path() + "/got.part\n"), std::string::npos)
      << ended.errors;
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
