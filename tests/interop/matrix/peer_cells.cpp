// SPDX-License-Identifier: Apache-2.0
#include "peer_cells.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string_view>

#include "host/apps/pattern.hpp"
#include "host/apps/peers.hpp"
#include "host/apps/sha256.hpp"

namespace sockwire::interop {

namespace {

constexpr std::uint16_t kNcPort = 5001;
constexpr std::uint16_t kHttpPort = 80;
/// nginx lies in /usr/sbin, which is not on everybody's path.
constexpr const char* kWithSbin = "PATH=/usr/local/sbin:/usr/sbin:$PATH ";
constexpr std::string_view kHeadEnd = "\r\n\r\n";

std::string digest_of(const std::vector<std::uint8_t>& data) {
  apps::Sha256 sha;
  sha.update(data);
  return sha.finish();
}

void write_file(const std::string& name, const std::vector<std::uint8_t>& data) {
  std::ofstream(name, std::ios::binary)
      .write(reinterpret_cast<const char*>(data.data()), static_cast<std::streamsize>(data.size()));
}

/// As a URL has it.
std::string host_in_url(const std::string& address) {
  return address.find(':') == std::string::npos ? address : "[" + address + "]";
}

void run_nc(Scene& scene, Way way) {
  EngineSide& engine = scene.engine;
  const std::string port = std::to_string(kNcPort);
  if (way == Way::kToPeer) {
    Program nc("nc -l " + engine.linux_address() + " " + port + " </dev/null >" + scene.taken_file());
    const int connection = engine.connect(kNcPort);
    engine.send(connection, scene.content);
    engine.finish(connection);
    compare(engine.receive_to_end(connection), {});
    engine.close(connection);
    engine.wait_until("nc", [&] { return nc.ended(); });
    compare_file(scene.taken_file(), scene.content);
    return;
  }
  const int listener = engine.listen(kNcPort);
  Program nc("nc -N " + engine.own_address() + " " + port + " <" + scene.sent_file());
  const int connection = engine.accept(listener);
  const auto taken = engine.receive_to_end(connection);
  engine.close(connection);
  engine.wait_until("nc", [&] { return nc.ended(); });
  engine.close(listener);
  compare(taken, scene.content);
}

/// An HTTP message's head, and what has come of its body.
struct HttpMessage {
  std::string head;
  std::vector<std::uint8_t> body;
};

HttpMessage receive_head(EngineSide& engine, int connection) {
  HttpMessage message;
  while (true) {
    const auto more = engine.receive(connection);
    if (more.empty()) throw CellFailure("an HTTP head without an end");
    message.body.insert(message.body.end(), more.begin(), more.end());
    const auto end = std::search(message.body.begin(), message.body.end(), kHeadEnd.begin(), kHeadEnd.end());
    if (end == message.body.end()) continue;
    message.head.assign(message.body.begin(), end);
    message.body.erase(message.body.begin(), end + static_cast<std::ptrdiff_t>(kHeadEnd.size()));
    return message;
  }
}

std::string length_line(std::size_t bytes) { return "Content-Length: " + std::to_string(bytes) + "\r\n"; }

/// curl is the client, whichever way the file goes.
void run_curl(Scene& scene, Way way) {
  EngineSide& engine = scene.engine;
  const int listener = engine.listen(kHttpPort);
  const std::string url = " http://" + host_in_url(engine.own_address()) + "/file";
  const std::string transfer = way == Way::kToPeer ? "-o " + scene.taken_file() : "-H Expect: -T " + scene.sent_file();
  Program curl("curl -g -s -f --max-time 20 " + transfer + url);
  const int connection = engine.accept(listener);
  HttpMessage request = receive_head(engine, connection);
  if (way == Way::kToPeer) {
    engine.send(connection, "HTTP/1.1 200 OK\r\nConnection: close\r\n" + length_line(scene.content.size()) + "\r\n");
    engine.send(connection, scene.content);
  } else {
    const std::size_t left = scene.content.size() - std::min(request.body.size(), scene.content.size());
    const auto rest = engine.receive_exactly(connection, left);
    request.body.insert(request.body.end(), rest.begin(), rest.end());
    engine.send(connection, "HTTP/1.1 200 OK\r\nConnection: close\r\n" + length_line(0) + "\r\n");
  }
  engine.finish(connection);
  compare(engine.receive_to_end(connection), {});
  engine.close(connection);
  engine.close(listener);
  engine.wait_until("curl", [&] { return curl.ended(); });
  if (way == Way::kToPeer) compare_file(scene.taken_file(), scene.content);
  if (way == Way::kFromPeer) compare(request.body, scene.content);
}

std::string nginx_configuration(const Scene& scene) {
  const std::string address = host_in_url(scene.engine.linux_address()) + ":" + std::to_string(kHttpPort);
  return "user root; daemon off; master_process off; worker_processes 1;\n"
         "pid " +
         scene.folder + "/pid; error_log " + scene.folder +
         "/error;\n"
         "events { worker_connections 16; }\n"
         "http { access_log off; sendfile on; client_body_temp_path " +
         scene.folder +
         "/body;\n"
         "  proxy_temp_path " +
         scene.folder + "/body; fastcgi_temp_path " + scene.folder +
         "/body;\n"
         "  uwsgi_temp_path " +
         scene.folder + "/body; scgi_temp_path " + scene.folder +
         "/body;\n"
         "  server { listen " +
         address + "; root " + scene.folder +
         "; client_max_body_size 100m;\n"
         "    location / { dav_methods PUT; } } }\n";
}

/// nginx is the server, whichever way the file goes.
void run_nginx(Scene& scene, Way way) {
  EngineSide& engine = scene.engine;
  const std::string configuration = scene.folder + "/nginx.conf";
  std::ofstream(configuration) << nginx_configuration(scene);
  const Program nginx(std::string("env ") + kWithSbin + "nginx -e " + scene.folder + "/error -p " + scene.folder +
                      " -c " + configuration + " >/dev/null 2>&1");
  const int connection = engine.connect(kHttpPort);
  const std::string rest = " HTTP/1.1\r\nHost: linux\r\nConnection: close\r\n";
  if (way == Way::kToPeer) {
    engine.send(connection, "PUT /taken" + rest + length_line(scene.content.size()) + "\r\n");
    engine.send(connection, scene.content);
  } else {
    engine.send(connection, "GET /sent" + rest + "\r\n");
  }
  HttpMessage answer = receive_head(engine, connection);
  const auto body = engine.receive_to_end(connection);
  answer.body.insert(answer.body.end(), body.begin(), body.end());
  engine.close(connection);
  const std::string expected = way == Way::kToPeer ? "HTTP/1.1 201" : "HTTP/1.1 200";
  if (answer.head.rfind(expected, 0) != 0) throw CellFailure("nginx says " + answer.head);
  if (way == Way::kToPeer) compare_file(scene.taken_file(), scene.content);
  if (way == Way::kFromPeer) compare(answer.body, scene.content);
}

/// lwIP is part of this program.
void check_installed(Peer peer) {
  constexpr const char* kPrograms[] = {"nc", "curl", "nginx", "iperf3"};
  if (peer == Peer::kLwip) return;
  const std::string program = kPrograms[static_cast<int>(peer)];
  if (std::system((std::string(kWithSbin) + "command -v " + program + " >/dev/null").c_str()) == 0) return;
  throw CellFailure(program + " is not installed: ./run installs it");
}

void run_cell(Scene& scene, const PeerCell& cell) {
  check_installed(cell.peer);
  switch (cell.peer) {
    case Peer::kNc:
      return run_nc(scene, cell.way);
    case Peer::kCurl:
      return run_curl(scene, cell.way);
    case Peer::kNginx:
      return run_nginx(scene, cell.way);
    case Peer::kIperf3:
      return run_iperf3(scene, cell.way);
    case Peer::kLwip:
      return run_lwip(scene, cell.way);
  }
}

}  // namespace

void compare(const std::vector<std::uint8_t>& taken, const std::vector<std::uint8_t>& content) {
  if (digest_of(taken) == digest_of(content)) return;
  throw CellFailure(std::to_string(taken.size()) + " bytes have come that are not the " +
                    std::to_string(content.size()) + " that were sent");
}

void compare_file(const std::string& file, const std::vector<std::uint8_t>& content) {
  if (apps::sha256_of_file(file) == digest_of(content)) return;
  std::error_code error;
  throw CellFailure("the peer's file of " + std::to_string(std::filesystem::file_size(file, error)) +
                    " bytes is not the " + std::to_string(content.size()) + " that were sent");
}

std::vector<CellResult> run_cells(const Setting& setting, const std::vector<PeerCell>& cells, std::size_t bytes,
                                  std::uint64_t seed) {
  std::vector<CellResult> results;
  std::unique_ptr<EngineSide> engine;
  for (const PeerCell& cell : cells) {
    const std::uint64_t cell_seed = seed + results.size();
    const apps::TemporaryFolder folder;
    std::string problem;
    try {
      if (!engine) engine = std::make_unique<EngineSide>(setting, cell_seed);
      Scene scene{*engine, folder.path(), cell_seed, std::vector<std::uint8_t>(bytes)};
      apps::fill_pattern(scene.seed, 0, scene.content);
      write_file(scene.sent_file(), scene.content);
      run_cell(scene, cell);
    } catch (const CellFailure& failure) {
      problem = failure.what();
      engine.reset();  // What the cell has left open must not spoil the next.
    }
    results.push_back({cell, problem});
  }
  return results;
}

}  // namespace sockwire::interop
