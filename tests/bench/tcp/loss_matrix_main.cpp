// SPDX-License-Identifier: Apache-2.0
// Runs the loss matrix (loss_matrix.hpp), prints its table, and writes its figures: the whole of it is a campaign of
// minutes, whose file tests/bench/campaigns/tcp_loss_matrix.json is.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/bench/campaign.hpp"
#include "tests/bench/tcp/loss_matrix.hpp"

namespace sockwire::bench {
namespace {

using nlohmann::json;

struct Settings {
  std::string output;
  std::uint64_t seed = 1;
  std::uint64_t bytes = 20'000'000;
  double loss_percent = -1;
  int round_trip_ms = 0;
  unsigned jobs = 1;
  int min_rto_ms = 200;
};

std::vector<Cell> chosen(const Settings& settings) {
  std::vector<Cell> cells = whole_matrix();
  std::erase_if(cells, [&](const Cell& cell) {
    return (settings.loss_percent >= 0 && std::abs(100 * cell.loss - settings.loss_percent) > 1e-9) ||
           (settings.round_trip_ms > 0 && cell.round_trip_ms != settings.round_trip_ms);
  });
  return cells;
}

/// Each cell has its own world, so they may run beside each other. The seed of a cell is the run's plus its number.
std::vector<CellResult> run_all(const std::vector<Cell>& cells, const Settings& settings) {
  std::vector<CellResult> results(cells.size());
  std::atomic<std::size_t> next = 0;
  std::mutex printing;
  const auto work = [&] {
    for (std::size_t i = next++; i < cells.size(); i = next++) {
      results[i] =
          run_cell(cells[i], settings.bytes, settings.seed + 2 * i, std::chrono::milliseconds(settings.min_rto_ms));
      const std::lock_guard lock(printing);
      std::fprintf(stderr, "%s\n", table_row(results[i]).c_str());
    }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 1; i < settings.jobs; ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  return results;
}

json figures_of(const std::vector<CellResult>& results, std::uint64_t bytes) {
  const auto complete = std::count_if(results.begin(), results.end(), [](const auto& one) { return one.complete; });
  const auto worst = std::min_element(results.begin(), results.end(),
                                      [](const auto& left, const auto& right) { return left.ratio < right.ratio; });
  double logs = 0;
  // The ideal is a steady state: a transfer that sees a dozen losses may be ahead of it, which makes up for nothing.
  for (const CellResult& one : results) logs += std::log(std::min(one.ratio, 1.0));
  char note[400];
  std::snprintf(
      note, sizeof note,
      "%.0f MB each, native cards, 100 Mb/s bottleneck; ideal: the capacity, or per round trip the larger of "
      "sqrt(1.5/p) (RFC 3649 4) and CUBIC's own window (RFC 9438 5.1, Eq. 6) if that is less; lowest at %g %% "
      "loss, %d ms, %u frames of buffer, %g %% reordering, with %llu time-outs in %.0f s",
      static_cast<double>(bytes) / 1e6, 100 * worst->cell.loss, worst->cell.round_trip_ms, buffer_frames(worst->cell),
      100 * worst->cell.reordering, static_cast<unsigned long long>(worst->timeouts), worst->seconds);
  const auto count = static_cast<double>(results.size());
  return json::array({
      {{"name", "tcp/loss_matrix/cells"}, {"value", results.size()}, {"unit", "cells"}, {"bound", nullptr}},
      {{"name", "tcp/loss_matrix/cells_complete"},
       {"value", complete},
       {"unit", "cells"},
       {"bound", results.size()},
       {"note", "all bytes arrived equal, both ends closed"}},
      {{"name", "tcp/loss_matrix/goodput_ratio_min"},
       {"value", worst->ratio},
       {"unit", "fraction"},
       {"bound", nullptr},
       {"note", note}},
      {{"name", "tcp/loss_matrix/goodput_ratio_geomean"},
       {"value", std::exp(logs / count)},
       {"unit", "fraction"},
       {"bound", nullptr},
       {"note", "ratios above 1 count as 1"}},
  });
}

bool write(const Settings& settings, const std::string& command, const std::vector<CellResult>& results) {
  json table = json::array({table_header()});
  for (const CellResult& one : results) table.push_back(table_row(one));
  return write_campaign(settings.output,
                        {settings.seed, command, figures_of(results, settings.bytes), {{"table", table}}});
}

}  // namespace
}  // namespace sockwire::bench

int main(int argc, char** argv) {
  using namespace sockwire::bench;
  Settings settings;
  CLI::App app("TCP's goodput over bad paths, in virtual time");
  app.add_option("--output", settings.output, "where the campaign's file goes, as JSON");
  app.add_option("--seed", settings.seed, "of the first cell");
  app.add_option("--bytes", settings.bytes, "of payload in each cell");
  app.add_option("--loss", settings.loss_percent, "only cells with this loss, in percent");
  app.add_option("--rtt", settings.round_trip_ms, "only cells with this round trip, in milliseconds");
  app.add_option("--min-rto", settings.min_rto_ms, "the floor of the retransmission time-out, in milliseconds");
  app.add_option("--jobs", settings.jobs, "cells at once")->check(CLI::Range(1, 64));
  CLI11_PARSE(app, argc, argv);
  const std::vector<Cell> cells = chosen(settings);
  if (cells.empty()) {
    std::fprintf(stderr, "loss_matrix: there is no such cell\n");
    return 2;
  }
  std::fprintf(stderr, "seed %llu\n%s\n", static_cast<unsigned long long>(settings.seed), table_header().c_str());
  const std::vector<CellResult> results = run_all(cells, settings);
  const std::string command = "build/bin/loss_matrix --seed " + std::to_string(settings.seed) + " --bytes " +
                              std::to_string(settings.bytes) + " --output FILE";
  if (!write(settings, command, results)) return 1;
  return std::all_of(results.begin(), results.end(), [](const CellResult& one) { return one.complete; }) ? 0 : 1;
}
