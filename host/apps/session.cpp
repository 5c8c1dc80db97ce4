// SPDX-License-Identifier: Apache-2.0
#include "host/apps/session.hpp"

#include <fmt/format.h>

#include "host/apps/interrupt.hpp"
#include "host/apps/lab.hpp"
#include "host/apps/snapshot.hpp"
#include "host/apps/text.hpp"

namespace sockwire::apps {

void complain(const std::string& message) { fmt::print(stderr, "sockwire: {}\n", message); }

Session::Session(const Options& options, std::unique_ptr<Setup> setup)
    : options_(options), setup_(std::move(setup)), start_(std::chrono::steady_clock::now()) {}

std::unique_ptr<Session> Session::open(const Options& options, const std::string& command) {
  catch_interrupts();
  if (options.wire == WireKind::kTap) {
    if (const auto joined = join_lab(options.lab); !joined) {
      complain(joined.error());
      return nullptr;
    }
  }
  auto setup = Setup::make(options);
  if (!setup) {
    complain(setup.error());
    return nullptr;
  }
  std::unique_ptr<Session> session(new Session(options, std::move(setup).value()));
  if (Host* far = session->setup_->far_host()) {
    FarSide& far_side = session->far_.emplace(*far, options.seed);
    session->setup_->loop().add_task([&far_side] { return far_side.turn(); });
  }
  auto control = ControlSocket::open(
      [&setup_ref = *session->setup_, options, command] { return snapshot(setup_ref, options, command); });
  if (control) {
    session->control_ = std::move(control).value();
    session->setup_->loop().add_task([&socket = *session->control_] {
      socket.poll();
      return false;
    });
  } else {
    complain(control.error() + "; going on, but 'sockwire ss' and 'stats' will not see this process");
  }
  return session;
}

double Session::wall_seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

std::string Session::time_text() {
  const Measures measures = setup_->glance();
  const double wall = wall_seconds();
  if (options_.card == CardKind::kUsb) return fmt::format("{:.2f} s", wall);  // nothing is simulated
  const auto simulated = Duration(static_cast<Duration::rep>(measures.cycles * measures.cycle_ps / 1000));
  std::string text =
      fmt::format("{:.2f} s wall, {} cycles ({:.2f} M/s) that stand for {}", wall, with_separators(measures.cycles),
                  static_cast<double>(measures.cycles) / wall / 1e6, duration_text(simulated));
  if (options_.wire == WireKind::kLoop) {
    text += fmt::format("; {} of virtual time", duration_text(measures.now.time_since_epoch()));
  }
  return text;
}

int Session::succeed(const std::string& summary, nlohmann::json result) {
  if (const auto flushed = setup_->finish(); !flushed) return fail({flushed.error()});
  if (options_.json) {
    const Measures measures = setup_->glance();
    result["wall_s"] = wall_seconds();
    result["time_s"] = std::chrono::duration<double>(measures.now.time_since_epoch()).count();
    result["cycles"] = measures.cycles;
    fmt::print("{}\n", result.dump());
  } else {
    fmt::print(stderr, "{}\n", summary);
    if (!options_.pcap.empty()) fmt::print(stderr, "capture: {} (wireshark {})\n", options_.pcap, options_.pcap);
    const std::string line = line_wave_path(options_);
    if (!options_.wave.empty() && line != options_.wave) {
      fmt::print(stderr, "waveform: {} (gtkwave {})\n", options_.wave, options_.wave);
    }
    if (!line.empty()) fmt::print(stderr, "waveform of the line: {} (gtkwave {})\n", line, line);
  }
  return 0;
}

int Session::fail(const CommandError& error, const std::string& hint) {
  const auto flushed = setup_->finish();
  const std::string missing = setup_->missing_card();  // then what the peer did not do is no news
  const std::string message = error.interrupted ? "interrupted"
                              : missing.empty() ? error.message
                                                : "given up without a card: " + missing;
  complain(message + (hint.empty() ? "" : "; " + hint));
  if (!flushed && !error.interrupted && flushed.error() != error.message) complain(flushed.error());
  return error.interrupted ? interrupt_exit_code() : 1;
}

std::string tcp_text(const tcp::Info& info) {
  std::string text =
      fmt::format("{} data segments out, {} in", with_separators(info.segments_out), with_separators(info.segments_in));
  if (info.retransmissions > 0) {
    text += fmt::format(", {} sent again", with_separators(info.retransmissions));
    if (info.timeouts > 0) text += fmt::format(" ({} time-outs)", with_separators(info.timeouts));
  }
  if (info.counters.out_of_order_segments > 0) {
    text += fmt::format(", {} out of order", with_separators(info.counters.out_of_order_segments));
  }
  if (info.srtt.count() > 0) text += ", round trip " + duration_text(info.srtt);
  return text;
}

nlohmann::json tcp_json(const tcp::Info& info) {
  return {{"segments_out", info.segments_out},
          {"segments_in", info.segments_in},
          {"acks_out", info.pure_acks_out},
          {"retransmissions", info.retransmissions},
          {"timeouts", info.timeouts},
          {"fast_retransmits", info.fast_retransmits},
          {"out_of_order", info.counters.out_of_order_segments},
          {"mss", info.mss},
          {"rtt_ms", std::chrono::duration<double, std::milli>(info.srtt).count()}};
}

}  // namespace sockwire::apps
