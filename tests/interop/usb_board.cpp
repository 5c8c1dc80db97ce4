// SPDX-License-Identifier: Apache-2.0
#include "usb_board.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <utility>

#include "host/apps/lab.hpp"
#include "tests/value_of.hpp"

namespace sockwire::interop {

using test::value_of;

// The TAP devices come first: in a test bed there is no /dev but its own.
UsbBoards::UsbBoards(const std::vector<UsbBoardOptions>& options) {
  for (const UsbBoardOptions& one : options) {
    apps::LabPort lab = value_of(apps::plug_in());
    Board board;
    board.serial = one.serial;
    board.address = lab.address;
    board.line = std::make_unique<sim::TapPeer<1>>(std::move(lab.tap), one.wire, one.wire, one.seed);
    board.card = std::make_unique<sim::SerialCard>(sim::native_card_parts(1), *board.line);
    boards_.push_back(std::move(board));
  }
  front_ = value_of(sim::UmockdevFront::open());
  for (std::size_t i = 0; i < options.size(); ++i) {
    sim::Ft2232hSettings settings;
    settings.serial = options[i].serial;
    settings.faults = options[i].uart;
    settings.seed = options[i].seed;
    boards_[i].port = front_->add(settings, *boards_[i].card);
  }
}

std::vector<std::string> UsbBoards::command(std::size_t board, const std::vector<std::string>& what,
                                            const std::string& timeout) const {
  std::vector<std::string> arguments{SOCKWIRE_BINARY};
  arguments.insert(arguments.end(), what.begin(), what.end());
  for (const std::string& option : {std::string("--card"), "usb:" + boards_[board].serial, std::string("--address"),
                                    to_string(boards_[board].address) + "/24", std::string("--timeout"), timeout}) {
    arguments.push_back(option);
  }
  return arguments;
}

void UsbBoards::reset(std::size_t board) {
  front_->with(boards_[board].port, [&](sim::Ft2232h&, sim::HostController&) { boards_[board].card->reset(); });
}

void UsbBoards::stall(std::size_t board) {
  front_->with(boards_[board].port,
               [](sim::Ft2232h& chip, sim::HostController&) { chip.stall(sim::Ft2232h::kUartIn); });
}

void UsbBoards::wait_for_bytes(std::size_t board, std::uint64_t bytes) {
  front_->wait_until(boards_[board].port,
                     [bytes](const sim::Ft2232h& chip) { return chip.uart().counters().received > bytes; });
}

UsbBoards::Damage UsbBoards::damage(std::size_t board) {
  Damage damage;
  front_->with(boards_[board].port, [&](sim::Ft2232h& chip, sim::HostController&) {
    damage.bytes = chip.uart().counters().injected;
    damage.frames = boards_[board].line->to_linux().lost + boards_[board].line->from_linux().lost;
  });
  return damage;
}

Running::Running(std::vector<std::string> arguments, const std::string& errors) : errors_(errors), pid_(fork()) {
  if (pid_ != 0) return;
  std::vector<char*> list;
  for (std::string& one : arguments) list.push_back(one.data());
  list.push_back(nullptr);
  if (std::freopen(errors.c_str(), "w", stderr) == nullptr) _exit(126);
  execv(list[0], list.data());
  _exit(127);
}

Ended Running::wait() {
  Ended ended;
  int status = 0;
  waitpid(pid_, &status, 0);
  ended.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  std::ifstream file(errors_);
  ended.errors.assign(std::istreambuf_iterator<char>(file), {});
  return ended;
}

}  // namespace sockwire::interop
