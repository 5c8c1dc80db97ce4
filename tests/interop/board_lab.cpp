// SPDX-License-Identifier: Apache-2.0
#include "board_lab.hpp"

#include <chrono>
#include <cstdio>
#include <utility>

#include "host/apps/sha256.hpp"
#include "host/apps/transfer.hpp"

namespace sockwire::interop {

namespace {

using namespace std::chrono_literals;

/// Of simulated time, without progress.
constexpr Duration kPatience = 30s;

apps::Options options_of() {
  apps::Options options;
  options.card = apps::CardKind::kUsb;
  options.wire = apps::WireKind::kNetwork;
  return options;
}

sim::Ft2232hSettings chip_settings(const BoardLabOptions& options) {
  sim::Ft2232hSettings settings;
  settings.faults = options.uart;
  settings.seed = options.seed;
  return settings;
}

stack::Config stack_config(const apps::LabPort& port, std::uint64_t seed) {
  stack::Config config;
  config.mac = port.mac;
  config.ipv4 = {port.address, 24};
  for (std::size_t i = 0; i < config.secret.size(); ++i) {
    config.secret[i] = static_cast<std::uint8_t>((seed >> (8 * (i % 8))) + i);
  }
  return config;
}

/// What both ways have in common: clocks and counters around a transfer.
template <typename Transfer>
BoardCarried carried(Transfer transfer) {
  const auto before = linux_tcp_counters().at("RetransSegs");
  const auto start = std::chrono::steady_clock::now();
  BoardCarried carried;
  const apps::CommandResult<apps::TransferResult> result = transfer();
  carried.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  carried.sent_again_by_linux = linux_tcp_counters().at("RetransSegs") - before;
  if (result) {
    carried.simulated_s = std::chrono::duration<double>(result->time).count();
    carried.sent_again_by_us = result->info.retransmissions;
  } else {
    carried.problem = result.error().message;
  }
  return carried;
}

}  // namespace

BoardLab::BoardLab(apps::LabPort port, const BoardLabOptions& options)
    : options_(options_of()),
      line_(std::move(port.tap), options.wire, options.wire, options.seed),
      card_(line_, options.clocks, [this] { return chip_.uart().baud(); }),
      chip_(chip_settings(options)),
      usb_(chip_, card_),
      bytes_(usb_, {}),
      link_(bytes_, {}, static_cast<std::uint8_t>(options.seed % 255 + 1)),
      world_(usb_, link_, nullptr),
      loop_(world_),
      port_(link_, port.mac),
      host_(stack_config(port, options.seed), port_, loop_) {
  loop_.add_task([this] { return pull_when_due(); });
}

std::string BoardLab::start() {
  port_.start(loop_.now(), 1);
  if (loop_.run_until([this] { return port_.ready(); }, loop_.now() + 10s)) return "";
  return port_.failure() ? *port_.failure() : "the card does not answer";
}

void BoardLab::pull_after(std::uint64_t uart_bytes_more, Duration away) {
  pull_at_bytes_ = uart_bytes() + uart_bytes_more;
  away_ = away;
}

bool BoardLab::pull_when_due() {
  if (pull_at_bytes_ == 0 || uart_bytes() < pull_at_bytes_) return false;
  pull_at_bytes_ = 0;
  usb_.unplug();
  loop_.run_until([] { return false; }, loop_.now() + away_);
  usb_.plug();
  return true;
}

BoardCarried fetch_over(BoardLab& lab, LinuxFiles& files, const std::function<void(std::uint64_t)>& progress) {
  apps::Sha256 sha;
  const auto sink = [&sha](std::span<const std::uint8_t> bytes) {
    sha.update(bytes);
    return Result<void, std::string>();
  };
  BoardCarried made = carried([&] {
    return apps::fetch(lab, *apps::Url::parse(LinuxFiles::url()), kPatience, sink,
                       [&](std::uint64_t done, std::optional<std::uint64_t>) { progress(done); });
  });
  if (made.problem.empty() && sha.finish() != files.sha256()) made.problem = "the file is another one";
  return made;
}

BoardCarried send_over(BoardLab& lab, LinuxFiles& files, const std::function<void(std::uint64_t)>& progress) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(files.path().c_str(), "rb"), &std::fclose);
  const auto source = [&file](std::span<std::uint8_t> out) {
    return Result<std::size_t, std::string>(std::fread(out.data(), 1, out.size(), file.get()));
  };
  BoardCarried made = carried([&] {
    return apps::push(lab, {apps::kLabAddress, LinuxFiles::kSinkPort}, kPatience, source, files.bytes(),
                      [&](std::uint64_t done, std::optional<std::uint64_t>) { progress(done); });
  });
  if (made.problem.empty()) made.problem = files.problem_of_sunk();
  return made;
}

}  // namespace sockwire::interop
