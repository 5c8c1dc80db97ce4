// SPDX-License-Identifier: Apache-2.0
// Goodput of bulk TCP between two engines back to back, in virtual time, and how fast the engines are simulated
// meanwhile.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "sim/dut/engine.hpp"
#include "tests/bench/tcp/bulk_transfer.hpp"

namespace sockwire::sim {
namespace {

using nlohmann::json;

constexpr std::uint64_t kWarmUpBytes = 2'000'000;

struct Settings {
  std::string output;
  std::uint64_t bytes = 10'000'000;
  std::string goodput_engine = "native";
  int width = 0;
  std::string only;
};

json figure(const std::string& name, double value, const char* unit, double bound, const std::string& note) {
  std::fprintf(stderr, "%-44s %10.5f %-10s (bound %g)  %s\n", name.c_str(), value, unit, bound, note.c_str());
  return {{"name", name}, {"value", value}, {"unit", unit}, {"bound", bound}, {"note", note}};
}

/// Of this process, so that what else the machine does makes no difference.
double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

template <int kBytes>
std::unique_ptr<Engine<kBytes>> make(const std::string& kind, std::uint32_t boot_id) {
  if (kind == "native") return make_native_engine<kBytes>(boot_id);
#if SOCKWIRE_HAS_VERILATED
  return make_verilated_engine<kBytes>(boot_id);
#else
  throw std::runtime_error("built without the Verilated engine");
#endif
}

template <int kBytes>
std::pair<BulkResult, double> run(const std::string& kind, bool duplex, std::uint64_t bytes) {
  BackToBack<kBytes> net([&kind](int, std::uint32_t boot_id) { return make<kBytes>(kind, boot_id); });
  const std::string trouble = net.start();
  if (!trouble.empty()) throw std::runtime_error(trouble);
  const double begin = cpu_seconds();
  const std::uint64_t before = net.world().counters().cycles;
  const BulkResult result = run_bulk(net, duplex, kWarmUpBytes, bytes);
  const double seconds = cpu_seconds() - begin;
  if (result.wrong_bytes != 0) throw std::runtime_error("bytes arrived wrong");
  const double engine_cycles = 2.0 * static_cast<double>(net.world().counters().cycles - before);
  return {result, engine_cycles / seconds / 1e6};
}

template <int kBytes>
void measure_goodput(const Settings& settings, json& figures) {
  for (const bool duplex : {false, true}) {
    const std::string name = "goodput_fraction/w" + std::to_string(kBytes) + (duplex ? "/duplex" : "/simplex");
    if (name.find(settings.only) == std::string::npos) continue;
    const auto [result, speed] = run<kBytes>(settings.goodput_engine, duplex, settings.bytes);
    char note[200];
    std::snprintf(note, sizeof note, "%.1f MB in %.4f s of %s, MSS %u, %s engines, %llu bytes sent again",
                  static_cast<double>(result.bytes) / 1e6, result.seconds, kBytes == 1 ? "1 Gb/s" : "10 Gb/s",
                  result.mss, settings.goodput_engine.c_str(),
                  static_cast<unsigned long long>(result.retransmitted_bytes));
    figures.push_back(figure(name, result.fraction, "fraction", duplex ? 0.97 : 0.999, note));
  }
}

void measure_speed(const Settings& settings, json& figures) {
  for (const char* kind : {"verilator", "native"}) {
    const std::string name = std::string("sim_mcycles_per_s/") + kind + "/w1";
    if (name.find(settings.only) == std::string::npos) continue;
#if !SOCKWIRE_HAS_VERILATED
    if (std::string(kind) == "verilator") continue;
#endif
    const auto [result, speed] = run<1>(kind, false, settings.bytes / 4);
    figures.push_back(figure(name, speed, "Mcycle/s", kind[0] == 'v' ? 2.0 : 4.0,
                             "engine cycles per second of CPU, two engines with their hosts, bulk TCP"));
  }
}

}  // namespace
}  // namespace sockwire::sim

int main(int argc, char** argv) {
  using namespace sockwire::sim;
  Settings settings;
  CLI::App app("Goodput of bulk TCP between two engines, and the speed of the simulation");
  app.add_option("--output", settings.output, "where the figures go, as JSON");
  app.add_option("--bytes", settings.bytes, "payload to measure over, per direction");
  app.add_option("--engine", settings.goodput_engine, "native or verilator, for the goodput")
      ->check(CLI::IsMember({"native", "verilator"}));
  app.add_option("--width", settings.width, "1 or 8 alone")->check(CLI::IsMember({1, 8}));
  app.add_option("--only", settings.only, "only figures whose name contains this");
  CLI11_PARSE(app, argc, argv);
  nlohmann::json figures = nlohmann::json::array();
  try {
    if (settings.width != 8) measure_goodput<1>(settings, figures);
    if (settings.width != 1) measure_goodput<8>(settings, figures);
    if (settings.width != 8) measure_speed(settings, figures);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "tcp_bench: %s\n", error.what());
    return 1;
  }
  if (!settings.output.empty()) std::ofstream(settings.output) << figures.dump(2) << "\n";
  return 0;
}
