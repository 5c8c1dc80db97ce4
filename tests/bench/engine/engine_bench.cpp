// SPDX-License-Identifier: Apache-2.0
// Latencies and the smallest frames on the Verilated engine, and how fast both models run while they carry segments.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/sim/dut/engine_driver.hpp"
#include "tests/sim/dut/lockstep.hpp"

namespace sockwire::sim {
namespace {

using nlohmann::json;

json figure(const std::string& name, const json& value, const char* unit, const json& bound, const std::string& note) {
  return {{"name", name}, {"value", value}, {"unit", unit}, {"bound", bound}, {"note", note}};
}

CommandHeader header(card::Command type) {
  CommandHeader out;
  out.type = type;
  out.epoch = EngineDriver<1>::epoch;
  return out;
}

template <int kBytes>
void open_slot(EngineDriver<kBytes>& driver, std::uint32_t seq) {
  CommandHeader slot = header(card::Command::kSlot);
  slot.tag = 14;
  slot.seq = seq;
  driver.send(command(slot));
}

template <int kBytes>
void send(EngineDriver<kBytes>& driver, std::uint32_t seq, std::uint32_t bytes) {
  CommandHeader out = header(card::Command::kSend);
  out.seq = seq;
  out.arg = bytes | (1460u << 16);
  out.flags = static_cast<unsigned>(card::SendFlag::kStamp);
  const Message headers = tcp_template(0x10);
  SendParameters parameters;
  parameters.pseudo_sum = template_pseudo_sum(headers);
  driver.send(command(out, send_body(parameters, headers)));
}

template <int kBytes>
void write(EngineDriver<kBytes>& driver, std::uint32_t seq, std::uint32_t bytes) {
  CommandHeader out = header(card::Command::kWrite);
  out.seq = seq;
  driver.send(command(out, Message(bytes, 0x5A)));
}

/// Idle wire; SEND, then the WRITE that completes it; from its last beat (SEND's, if there is no payload) to preamble.
template <int kBytes>
json transmit_latency(std::uint32_t bytes) {
  EngineDriver<kBytes> driver(make_verilated_engine<kBytes>(1));
  driver.start();
  open_slot(driver, 0);
  driver.run_until_idle(1000);
  if (bytes > 0) write(driver, 0, bytes);
  driver.run_until_idle(5000);
  send(driver, 0, bytes);
  driver.run_until_idle(20000);
  const auto& frames = driver.line_tx.frames;
  if (frames.size() != 1) return nullptr;
  return frames[0].first_cycle - driver.last_command_cycle;
}

/// A frame with so much TCP payload; from its last byte before the line goes idle to its event's first beat.
template <int kBytes>
json receive_latency(std::uint32_t bytes) {
  EngineDriver<kBytes> driver(make_verilated_engine<kBytes>(1));
  driver.start();
  Bytes frame = tcp_template(0x10);
  std::swap_ranges(frame.begin(), frame.begin() + 6, frame.begin() + 6);
  frame[16] = static_cast<std::uint8_t>((40 + bytes) >> 8);
  frame[17] = static_cast<std::uint8_t>(40 + bytes);
  frame.resize(54 + bytes);
  if (frame.size() < 60) frame.resize(60);
  driver.line_rx.add(with_fcs(frame), 0);
  driver.run_until_idle(20000);
  if (driver.events.size() != 1) return nullptr;
  return driver.events[0].first_cycle - driver.last_rx_cycle;
}

template <int kBytes>
json minimum_frame_drops(int frames) {
  EngineDriver<kBytes> driver(make_verilated_engine<kBytes>(1));
  driver.start();
  const Bytes frame = with_fcs(Bytes(60, 0xFF));
  for (int i = 0; i < frames; ++i) {
    driver.line_rx.add(frame, 12);
    while (!driver.line_rx.empty()) driver.step();
  }
  driver.run_until_idle(10000);
  int received = 0;
  for (const auto& event : driver.events) received += event.type() == static_cast<unsigned>(card::Event::kReceive);
  return frames - received;
}

/// Segments of 1460 bytes looped to the receiver, one after the other, for about so many cycles.
template <int kBytes>
double megacycles_per_second(std::unique_ptr<Engine<kBytes>> engine, std::uint64_t cycles) {
  EngineDriver<kBytes> driver(std::move(engine));
  driver.loop = true;
  driver.start();
  open_slot(driver, 0);
  const std::clock_t begin = std::clock();  // processor time: what else the machine does is not the model's fault
  const std::uint64_t first = driver.cycle;
  std::uint32_t seq = 0;
  std::uint32_t queued = 0;
  while (driver.cycle - first < cycles) {
    if (!driver.commands_pending() && seq - queued == 0 && driver.line_tx.frames.size() + 4 > seq / 1460) {
      CommandHeader release = header(card::Command::kRelease);
      release.seq = seq > 8760 ? seq - 8760 : 0;
      driver.send(command(release));
      write(driver, seq, 1460);
      send(driver, seq, 1460);
      seq += 1460;
      queued = seq;
    }
    driver.step();
    driver.events.clear();
  }
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  return static_cast<double>(driver.cycle - first) / seconds / 1e6;
}

/// Native and Verilated side by side under random traffic; 0 if they ever differed.
template <int kBytes>
json lockstep(std::uint64_t beats) {
  constexpr std::uint32_t kSeed = 2026;
  const LockstepResult result = Lockstep<kBytes>(kSeed).run(beats);
  const bool alike = result.difference.empty();
  return figure("lockstep_beats/w" + std::to_string(kBytes), alike ? result.beats() : 0, "beats", 1'000'000,
                alike ? "compared without a difference, " + std::to_string(result.cycles) + " cycles, seed " +
                            std::to_string(kSeed)
                      : result.difference + ", seed " + std::to_string(kSeed));
}

template <int kBytes>
void measure(json& figures) {
  const std::string width = "w" + std::to_string(kBytes);
  for (const std::uint32_t bytes : {0u, 1u, 1460u}) {
    figures.push_back(figure("latency_cycles/tx/" + width + "/" + std::to_string(bytes),
                             transmit_latency<kBytes>(bytes), "cycles", nullptr,
                             "payload stored beforehand; last beat of SEND in to first preamble out"));
    figures.push_back(figure("latency_cycles/rx/" + width + "/" + std::to_string(bytes), receive_latency<kBytes>(bytes),
                             "cycles", nullptr, "last frame byte in to first beat of its event"));
  }
  figures.push_back(figure("rx_min_frame_drops/" + width, minimum_frame_drops<kBytes>(10000), "frames", 0,
                           "of 10,000 at full line rate"));
  figures.push_back(lockstep<kBytes>(2'000'000));
  figures.push_back(figure("sim_mcycles_per_s_engine/verilator/" + width,
                           megacycles_per_second<kBytes>(make_verilated_engine<kBytes>(1), 3'000'000), "Mcycle/s",
                           nullptr, "the engine alone, segments looped"));
  figures.push_back(figure("sim_mcycles_per_s_engine/native/" + width,
                           megacycles_per_second<kBytes>(make_native_engine<kBytes>(1), 3'000'000), "Mcycle/s", nullptr,
                           "the engine alone, segments looped"));
}

}  // namespace
}  // namespace sockwire::sim

int main(int argc, char** argv) {
  CLI::App app("Measures the engine's latencies, its smallest-frame rate and the speed of its models");
  std::string output = "engine.json";
  app.add_option("--output", output, "the JSON file to write");
  CLI11_PARSE(app, argc, argv);
  nlohmann::json figures = nlohmann::json::array();
  sockwire::sim::measure<1>(figures);
  sockwire::sim::measure<8>(figures);
  std::ofstream file(output);
  file << figures.dump(2) << '\n';
  file.close();
  if (!file) std::fprintf(stderr, "engine_bench: cannot write %s\n", output.c_str());
  return file ? 0 : 1;
}
