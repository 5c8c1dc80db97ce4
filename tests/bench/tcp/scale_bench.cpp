// SPDX-License-Identifier: Apache-2.0
// What many connections cost: memory of idle ones, time to open them, and how fairly they share one card.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "sim/dut/engine.hpp"
#include "tests/bench/tcp/concurrent_transfers.hpp"
#include "tests/host/stack/counted_memory.hpp"
#include "tests/host/stack/many_connections.hpp"

namespace sockwire {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using test::held_bytes;

/// Dynamic ports are 16,384 an address.
constexpr unsigned kAddresses = 8;
constexpr std::size_t kExchangeBytes = 3000;

struct Settings {
  std::string output;
  std::string only;
  std::size_t idle = 100'000;
  std::size_t concurrent = 10'000;
  unsigned milliseconds = 150;
};

json figure(const std::string& name, double value, const char* unit, double bound, const std::string& note) {
  std::fprintf(stderr, "%-44s %12.4f %-10s (bound %g)  %s\n", name.c_str(), value, unit, bound, note.c_str());
  return {{"name", name}, {"value", value}, {"unit", unit}, {"bound", bound}, {"note", note}};
}

double wall_seconds() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

void measure_stacks(const Settings& settings, json& figures) {
  const auto count = static_cast<double>(settings.idle);
  stack::test::ManyConnections many(kAddresses);
  many.open(100);  // what every stack has once
  const std::size_t before = held_bytes();
  const double begin = wall_seconds();
  many.open(settings.idle);
  const double seconds = wall_seconds() - begin;
  if (many.exchange(kExchangeBytes) != 2 * kExchangeBytes * many.near().size()) throw std::runtime_error("data lost");
  const double used = static_cast<double>(held_bytes() - before) / (2 * count);
  many.pass(20s);
  const double idle = static_cast<double>(held_bytes() - before) / (2 * count);
  char note[300];
  std::snprintf(note, sizeof note,
                "%zu connections between two stacks, from %u addresses, opened one after the other and accepted; both "
                "ends' work in one thread, without cards",
                settings.idle, kAddresses);
  figures.push_back(figure("tcp/connections_per_s", count / seconds, "1/s", 20'000, note));
  std::snprintf(note, sizeof note,
                "one end, all that is allocated with the allocator's overhead, %zu connections that carried %zu bytes "
                "each way and then had 20 s of quiet; right after the data, buffers included: %.0f bytes",
                settings.idle, kExchangeBytes, used);
  figures.push_back(figure("tcp/idle_bytes_per_connection", idle, "bytes", 512, note));
}

void measure_fairness(const Settings& settings, json& figures) {
  sim::BackToBackOptions options;
  options.max_sockets = settings.concurrent + 16;
  sim::BackToBack<8> net([](int, std::uint32_t boot_id) { return sim::make_native_engine<8>(boot_id); }, options);
  const std::string trouble = net.start();
  if (!trouble.empty()) throw std::runtime_error(trouble);
  const double begin = wall_seconds();
  sim::ConcurrentTransfers<8> transfers(net, settings.concurrent);
  transfers.open();
  const double opened = wall_seconds() - begin;
  const sim::Shares shares = transfers.run(std::chrono::milliseconds(settings.milliseconds));
  char note[300];
  std::snprintf(
      note, sizeof note,
      "%zu connections send at once from one native card to another at 10 Gb/s for %u ms of virtual time: "
      "%.1f MB, %.0f to %.0f bytes each; %.0f connections a second of wall time through the cards; %.0f s in all",
      settings.concurrent, settings.milliseconds, shares.total / 1e6, shares.least, shares.most,
      static_cast<double>(settings.concurrent) / opened, wall_seconds() - begin);
  figures.push_back(figure("tcp/jain_10000", shares.jain, "", 0.95, note));
}

}  // namespace
}  // namespace sockwire

int main(int argc, char** argv) {
  using namespace sockwire;
  Settings settings;
  CLI::App app("What many connections cost: memory of idle ones, time to open them, and how fairly they share a card");
  app.add_option("--output", settings.output, "where the figures go, as JSON");
  app.add_option("--only", settings.only, "stacks or fairness alone")->check(CLI::IsMember({"stacks", "fairness"}));
  app.add_option("--idle", settings.idle, "idle connections");
  app.add_option("--concurrent", settings.concurrent, "connections that transfer at once");
  app.add_option("--milliseconds", settings.milliseconds, "of virtual time that they transfer for");
  CLI11_PARSE(app, argc, argv);
  nlohmann::json figures = nlohmann::json::array();
  try {
    if (settings.only != "fairness") measure_stacks(settings, figures);
    if (settings.only != "stacks") measure_fairness(settings, figures);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "scale_bench: %s\n", error.what());
    return 1;
  }
  if (!settings.output.empty()) std::ofstream(settings.output) << figures.dump(2) << "\n";
  return 0;
}
