// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/usb/replug_lab.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <iterator>
#include <stdexcept>

#include "hls/link/link_types.hpp"
#include "host/apps/lab.hpp"
#include "tests/value_of.hpp"

namespace sockwire::bench {
namespace {

using test::value_of;

constexpr int kPatienceMs = 120'000;
constexpr std::uint8_t kOurLatencyMs = 1;

}  // namespace

const char* name_of(Moment moment) {
  switch (moment) {
    case Moment::kHandshake:
      return "handshake";
    case Moment::kBulk:
      return "bulk";
    case Moment::kFin:
      return "FIN";
    case Moment::kRateChange:
      return "baud change";
    case Moment::kLinkUp:
      return "link coming up";
    case Moment::kOpening:
      return "card being opened";
    case Moment::kNone:
      break;
  }
  return "none";
}

ReplugBoard::ReplugBoard(std::uint64_t seed) {
  apps::LabPort port = value_of(apps::plug_in());
  address_ = port.address;
  line_ = std::make_unique<sim::TapPeer<1>>(std::move(port.tap), sim::Impairments{}, sim::Impairments{}, seed);
  line_->observe(&watch_);
  card_ = std::make_unique<sim::SerialCard>(sim::native_card_parts(1), *line_);
  front_ = value_of(sim::UmockdevFront::open());
  port_ = front_->add({}, *card_);
}

void ReplugBoard::watch_next() {
  front_->with(port_, [this](sim::Ft2232h&, sim::HostController&) { watch_.forget(); });
}

Moment ReplugBoard::moment_of(const sim::Ft2232h& chip) {
  const std::uint32_t chip_baud = chip.uart().baud();
  const std::uint32_t card_baud = card_->baud();
  if (!begun_) {
    if (chip.latency_ms() != kOurLatencyMs) return Moment::kNone;  // nobody has begun to open it
    begun_ = chip_baud == card_baud;
    if (!begun_) return Moment::kOpening;
  }
  if (chip_baud != card_baud) return Moment::kRateChange;
  if (chip_baud == kLinkStartBaud) {
    return chip.uart().counters().sent > sent_before_ ? Moment::kLinkUp : Moment::kOpening;
  }
  switch (watch_.phase()) {
    case TcpPhase::kHandshake:
      return Moment::kHandshake;
    case TcpPhase::kOpen:
      return Moment::kBulk;
    case TcpPhase::kEnding:
      return Moment::kFin;
    case TcpPhase::kNone:
    case TcpPhase::kOver:
      break;
  }
  return Moment::kNone;
}

Moment ReplugBoard::pull(const Pull& wanted) {
  Moment seen = Moment::kNone;
  unsigned looks = 0;
  front_->unplug_when(port_, [&](const sim::Ft2232h& chip) {
    seen = moment_of(chip);
    if (seen == Moment::kNone) return watch_.phase() == TcpPhase::kOver;
    if (seen != wanted.moment) return false;
    if (seen == Moment::kBulk && watch_.payload_bytes() < wanted.bytes) return false;
    return ++looks > wanted.looks;
  });
  return seen;
}

void ReplugBoard::plug() {
  front_->with(port_, [this](sim::Ft2232h& chip, sim::HostController&) {
    begun_ = false;
    sent_before_ = chip.uart().counters().sent;
  });
  front_->plug(port_);
}

ReplugProgram::ReplugProgram(const std::string& path, const std::string& address) {
  std::array<int, 2> in{};
  std::array<int, 2> out{};
  if (pipe2(in.data(), O_CLOEXEC) != 0 || pipe2(out.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error("no pipe can be made");
  }
  std::array<std::string, 2> texts{path, address};
  std::array<char*, 3> arguments{texts[0].data(), texts[1].data(), nullptr};
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(in[0], STDIN_FILENO);
    dup2(out[1], STDOUT_FILENO);
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  to_ = in[1];
  from_ = out[0];
}

ReplugProgram::~ReplugProgram() {
  if (pid_ >= 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  if (to_ >= 0) close(to_);
  close(from_);
}

void ReplugProgram::say(const std::string& line) {
  const std::string text = line + "\n";
  if (write(to_, text.data(), text.size()) < 0) throw std::runtime_error("the program has gone");
}

std::string ReplugProgram::hear() {
  std::string line;
  pollfd waiting{from_, POLLIN, 0};
  for (char letter = 0; poll(&waiting, 1, kPatienceMs) == 1 && read(from_, &letter, 1) == 1;) {
    if (letter != '\n') {
      line += letter;
      continue;
    }
    if (line != "lost" && line != "back") return line;
    lost_ = lost_ || line == "lost";
    line.clear();
  }
  return "nothing";
}

std::size_t ReplugProgram::entries(const std::string& folder) const {
  const std::filesystem::directory_iterator all("/proc/" + std::to_string(pid_) + "/" + folder);
  return static_cast<std::size_t>(std::distance(std::filesystem::begin(all), std::filesystem::end(all)));
}

std::string ReplugProgram::descriptor_names() const {
  std::string names;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/" + std::to_string(pid_) + "/fd")) {
    std::error_code closed_meanwhile;
    names += entry.path().filename().string() + " " +
             std::filesystem::read_symlink(entry.path(), closed_meanwhile).string() + "\n";
  }
  return names;
}

int ReplugProgram::end() {
  close(std::exchange(to_, -1));
  int status = 0;
  waitpid(std::exchange(pid_, -1), &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace sockwire::bench
