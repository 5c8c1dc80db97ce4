// SPDX-License-Identifier: Apache-2.0
// A client of iperf3's server: one TCP stream, as iperf3 3.12 speaks. A control connection carries states of one byte
// and JSON behind its length; both connections begin with the same cookie. The server reads or writes a file (-F), so
// that what is carried can be compared; its own count of bytes must be equal, too.
//
// Where a send is cut short, iperf3 3.12 overwrites what it has not sent with what it reads next (the same between two
// of it over loopback). So its block is the whole file, and Linux's send buffer has room for it.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "peer_cells.hpp"
#include "sim/net/net_namespace.hpp"

namespace sockwire::interop {

namespace {

using nlohmann::json;

constexpr std::uint16_t kPort = 5201;

enum class State : std::uint8_t {
  kTestStart = 1,
  kTestRunning = 2,
  kTestEnd = 4,
  kParameterExchange = 9,
  kCreateStreams = 10,
  kExchangeResults = 13,
  kDisplayResults = 14,
  kDone = 16,
};

/// 36 characters and a zero.
std::string cookie() { return std::string("sockwiresockwiresockwiresockwire0123") + '\0'; }

void expect(EngineSide& engine, int control, State state) {
  const auto came = engine.receive_exactly(control, 1);
  if (came[0] == static_cast<std::uint8_t>(state)) return;
  throw CellFailure("iperf3 is in state " + std::to_string(came[0]) + ", not " +
                    std::to_string(static_cast<int>(state)));
}

void tell(EngineSide& engine, int control, State state) {
  const std::uint8_t byte = static_cast<std::uint8_t>(state);
  engine.send(control, std::span(&byte, 1));
}

void send_json(EngineSide& engine, int control, const json& value) {
  const std::string text = value.dump();
  std::string framed;
  for (int shift = 24; shift >= 0; shift -= 8) framed += static_cast<char>(text.size() >> shift);
  engine.send(control, framed + text);
}

json receive_json(EngineSide& engine, int control) {
  std::size_t bytes = 0;
  for (const std::uint8_t byte : engine.receive_exactly(control, 4)) bytes = bytes << 8 | byte;
  constexpr std::size_t kMax = 1 << 20;
  if (bytes > kMax) throw CellFailure("iperf3 announces too much JSON");
  const auto text = engine.receive_exactly(control, bytes);
  return json::parse(text, nullptr, false);
}

json results_of(std::size_t bytes) {
  const json stream = {{"id", 1},     {"bytes", bytes}, {"retransmits", 0}, {"jitter", 0},
                       {"errors", 0}, {"packets", 0},   {"start_time", 0},  {"end_time", 1}};
  return {{"cpu_util_total", 0},
          {"cpu_util_user", 0},
          {"cpu_util_system", 0},
          {"sender_has_retransmits", 0},
          {"streams", {stream}}};
}

/// Room for a file in each send buffer of this namespace, for as long as this object lives.
class RoomToSend {
 public:
  explicit RoomToSend(std::size_t bytes) {
    std::ifstream file("/proc/sys/net/" + std::string(kName));
    std::getline(file, before_);
    const std::string room = std::to_string(4 * bytes);
    if (!sim::set_sysctl(kName, "4096 " + room + " " + room)) throw CellFailure("this namespace has no tcp_wmem");
  }
  ~RoomToSend() { sim::set_sysctl(kName, before_); }
  RoomToSend(const RoomToSend&) = delete;
  RoomToSend& operator=(const RoomToSend&) = delete;

 private:
  static constexpr const char* kName = "ipv4/tcp_wmem";
  std::string before_;
};

/// The server drops what it has not read when the test ends, so its file must be whole first.
void wait_for_file(EngineSide& engine, const std::string& file, std::size_t bytes) {
  engine.wait_until("iperf3's file", [&] {
    std::error_code error;
    return std::filesystem::file_size(file, error) == bytes && !error;
  });
}

}  // namespace

void run_iperf3(Scene& scene, Way way) {
  EngineSide& engine = scene.engine;
  const std::size_t bytes = scene.content.size();
  const bool reverse = way == Way::kFromPeer;
  const std::string file = reverse ? scene.sent_file() : scene.taken_file();
  const RoomToSend room(bytes);
  Program server("iperf3 -s -1 -p " + std::to_string(kPort) + " -F " + file + " >/dev/null");
  const int control = engine.connect(kPort);
  engine.send(control, cookie());
  expect(engine, control, State::kParameterExchange);
  json parameters = {{"tcp", true},
                     {"omit", 0},
                     {"time", 0},
                     {"num", bytes},
                     {"parallel", 1},
                     {"len", bytes},
                     {"client_version", "3.12"}};
  if (reverse) parameters["reverse"] = true;
  send_json(engine, control, parameters);
  expect(engine, control, State::kCreateStreams);
  const int stream = engine.connect(kPort);
  engine.send(stream, cookie());
  expect(engine, control, State::kTestStart);
  expect(engine, control, State::kTestRunning);
  std::vector<std::uint8_t> taken;
  if (reverse) {
    taken = engine.receive_exactly(stream, bytes);
  } else {
    engine.send(stream, scene.content);
    wait_for_file(engine, file, bytes);
  }
  tell(engine, control, State::kTestEnd);
  expect(engine, control, State::kExchangeResults);
  send_json(engine, control, results_of(bytes));
  const json told = receive_json(engine, control);
  expect(engine, control, State::kDisplayResults);
  tell(engine, control, State::kDone);
  engine.close(stream);
  engine.close(control);
  engine.wait_until("iperf3", [&] { return server.ended(); });
  if (told.is_discarded() || told.value("/streams/0/bytes"_json_pointer, std::size_t{0}) != bytes) {
    throw CellFailure("iperf3 has counted something else: " + told.dump());
  }
  if (reverse) return compare(taken, scene.content);
  compare_file(file, scene.content);
}

}  // namespace sockwire::interop
