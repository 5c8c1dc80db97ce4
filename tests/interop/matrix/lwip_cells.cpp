// SPDX-License-Identifier: Apache-2.0
// lwIP as the peer: its packets come and go by way of Linux, which forwards them between the two TAPs.
#include "host/apps/sha256.hpp"
#include "lwip_peer.hpp"
#include "peer_cells.hpp"
#include "tests/bench/tcp/lwip_tap.hpp"

namespace sockwire::interop {

namespace {

constexpr std::uint16_t kPort = 7000;

std::string told(EngineSide& engine, LwipPeer& lwip) {
  std::string said;
  engine.wait_until("lwIP", [&] { return !(said = lwip.told()).empty(); });
  return said;
}

void to_lwip(Scene& scene) {
  EngineSide& engine = scene.engine;
  const auto lwip = LwipPeer::take(kPort);
  if (!lwip) throw CellFailure("lwIP cannot be started");
  engine.wait_until("lwIP", [&] { return lwip->ready(); });
  const int connection = engine.connect(IpAddress(bench::kLwipAddress), kPort);
  engine.send(connection, scene.content);
  engine.finish(connection);
  compare(engine.receive_to_end(connection), {});
  engine.close(connection);
  apps::Sha256 sha;
  sha.update(scene.content);
  const std::string expected = std::to_string(scene.content.size()) + " " + sha.finish();
  const std::string said = told(engine, *lwip);
  if (said != expected) throw CellFailure("lwIP has taken " + said + ", not " + expected);
}

void from_lwip(Scene& scene) {
  EngineSide& engine = scene.engine;
  const int listener = engine.listen(kPort);
  const auto lwip = LwipPeer::send(engine.ipv4(), kPort, scene.seed, scene.content.size());
  if (!lwip) throw CellFailure("lwIP cannot be started");
  const int connection = engine.accept(listener);
  const auto taken = engine.receive_to_end(connection);
  engine.close(connection);
  engine.close(listener);
  if (const std::string said = told(engine, *lwip); said != "sent") throw CellFailure(said);
  compare(taken, scene.content);
}

}  // namespace

void run_lwip(Scene& scene, Way way) {
  if (way == Way::kToPeer) return to_lwip(scene);
  from_lwip(scene);
}

}  // namespace sockwire::interop
