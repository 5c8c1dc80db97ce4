// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/tcp/loss_matrix.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "sim/cosim/back_to_back.hpp"
#include "sim/dut/engine.hpp"
#include "tests/interop/transfer.hpp"

namespace sockwire::bench {

namespace {

constexpr int kBytes = 8;
constexpr std::size_t kSocketBufferBytes = 4u << 20;  // two of the longest path's products with its buffer full
constexpr std::uint16_t kPort = 5001;
constexpr Duration kLimit = std::chrono::hours(4);

double round_trip_s(const Cell& cell) { return 1e-3 * cell.round_trip_ms + 8 * kSegmentWireBytes / kBottleneckBps; }

sim::BackToBackOptions path_of(const Cell& cell, std::uint64_t seed) {
  sim::BackToBackOptions options;
  options.seed = seed;
  options.a_to_b.loss = cell.loss;
  options.a_to_b.reordering = cell.reordering;
  options.a_to_b.rate_bps = static_cast<std::uint64_t>(kBottleneckBps);
  options.a_to_b.queue_frames = buffer_frames(cell);
  options.b_to_a.loss = cell.loss;
  options.b_to_a.delay_ns = static_cast<std::uint64_t>(cell.round_trip_ms) * 1'000'000;
  options.b_to_a.queue_frames = 1'000'000;  // the path itself, not a queue
  return options;
}

/// One transfer from host 0 to host 1.
class Run {
 public:
  Run(const Cell& cell, std::uint64_t bytes, std::uint64_t seed, Duration min_rto)
      : net_([](int, std::uint32_t boot_id) { return sim::make_native_engine<kBytes>(boot_id); }, path_of(cell, seed)),
        bytes_(bytes),
        min_rto_(min_rto) {
    result_.cell = cell;
  }

  CellResult run() {
    result_.problem = net_.start();
    if (result_.problem.empty()) result_.problem = connect();
    if (result_.problem.empty()) result_.problem = transfer();
    result_.complete = result_.problem.empty();
    return result_;
  }

 private:
  std::string connect() {
    tcp::Config config;
    config.min_rto = min_rto_;
    config.send_buffer_bytes = config.receive_buffer_bytes = kSocketBufferBytes;
    Host& near = net_.host(0);
    Host& far = net_.host(1);
    const auto listener = far.socket();
    const auto client = near.socket();
    if (!listener || !client) return "no socket";
    if (!far.set_config(*listener, config) || !near.set_config(*client, config)) return "the buffers are refused";
    if (!far.bind(*listener, {net_.address(1), kPort}) || !far.listen(*listener, 1)) return "cannot listen";
    if (const auto done = near.connect(*client, {net_.address(1), kPort}); !done) return done.error().message;
    const auto server = far.accept(*listener);
    if (!server) return server.error().message;
    client_ = *client;
    server_ = *server;
    if (!near.set_nonblocking(client_, true) || !far.set_nonblocking(server_, true)) return "cannot be non-blocking";
    return {};
  }

  std::string transfer() {
    test::Exchange there(net_.host(0), client_, 1, bytes_, 2);
    test::Exchange back(net_.host(1), server_, 2, 0, 1);
    bool running = true;
    net_.loop().add_task([&] { return running && (there.turn() | back.turn()); });
    const TimePoint begin = net_.loop().now();
    const TimePoint limit = begin + kLimit;
    net_.loop().run_until([&] { return back.received() == bytes_ || !back.error().empty(); }, limit);
    result_.seconds = std::chrono::duration<double>(net_.loop().now() - begin).count();
    result_.goodput_bps = 8 * static_cast<double>(back.received()) / result_.seconds;
    result_.ratio = result_.goodput_bps / ideal_bps(result_.cell);
    const bool closed = net_.loop().run_until([&] { return there.done() && back.done(); }, limit);
    running = false;
    count();
    for (const test::Exchange* one : {&there, &back}) {
      if (!one->error().empty()) return one->error();
      if (one->wrong_bytes() > 0) return "wrong bytes";
    }
    if (back.received() != bytes_) return "the transfer came to a halt";
    return closed ? "" : "the connection does not close";
  }

  void count() {
    if (const auto info = net_.host(0).tcp_info(client_); info && *info) {
      result_.retransmissions = (*info)->retransmissions;
      result_.timeouts = (*info)->timeouts;
      result_.spurious_timeouts = (*info)->spurious_timeouts;
    }
    result_.queue_drops = net_.cable().a_to_b().queue_drops;
  }

  sim::BackToBack<kBytes> net_;
  std::uint64_t bytes_;
  Duration min_rto_;
  int client_ = -1;
  int server_ = -1;
  CellResult result_;
};

}  // namespace

unsigned buffer_frames(const Cell& cell) {
  const double product = 1e-3 * cell.round_trip_ms * kBottleneckBps / (8 * kSegmentWireBytes);
  const double frames = cell.large_buffer ? std::max(product, 16.0) : std::max(product / 8, 8.0);
  return static_cast<unsigned>(std::ceil(frames));
}

double response_window_segments(double p, double round_trip_s) {
  constexpr double kC = 0.4;
  constexpr double kBeta = 0.7;
  const double cubic = std::pow(kC * (3 + kBeta) / (4 * (1 - kBeta)), 0.25) * std::pow(round_trip_s / p, 0.75);
  return std::max(cubic, std::sqrt(1.5 / p));
}

double ideal_bps(const Cell& cell) {
  const double capacity = kBottleneckBps * kSegmentPayloadBytes / kSegmentWireBytes;
  if (cell.loss <= 0) return capacity;
  const double segments_per_s = response_window_segments(cell.loss, round_trip_s(cell)) / round_trip_s(cell);
  return std::min(capacity, 8 * kSegmentPayloadBytes * segments_per_s);
}

CellResult run_cell(const Cell& cell, std::uint64_t bytes, std::uint64_t seed, Duration min_rto) {
  return Run(cell, bytes, seed, min_rto).run();
}

std::vector<Cell> whole_matrix() {
  std::vector<Cell> cells;
  for (const double loss : {0.0, 0.001, 0.01, 0.03, 0.1}) {
    for (const int round_trip_ms : {1, 20, 100}) {
      for (const bool large_buffer : {false, true}) {
        for (const double reordering : {0.0, 0.01}) cells.push_back({loss, round_trip_ms, large_buffer, reordering});
      }
    }
  }
  return cells;
}

std::string table_header() {
  return "loss %  rtt ms  buffer  reorder %  Mb/s     ideal    ratio  seconds   sent again  timeouts  (spurious)  "
         "queue drops";
}

std::string table_row(const CellResult& result) {
  char row[240];
  const auto number = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
  std::snprintf(
      row, sizeof row, "%6.1f  %6d  %6u  %9.0f  %7.3f  %7.3f  %5.3f  %8.3f  %10llu  %8llu  %10llu  %11llu  %s",
      100 * result.cell.loss, result.cell.round_trip_ms, buffer_frames(result.cell), 100 * result.cell.reordering,
      result.goodput_bps / 1e6, ideal_bps(result.cell) / 1e6, result.ratio, result.seconds,
      number(result.retransmissions), number(result.timeouts), number(result.spurious_timeouts),
      number(result.queue_drops), result.complete ? "equal" : result.problem.c_str());
  return row;
}

}  // namespace sockwire::bench
