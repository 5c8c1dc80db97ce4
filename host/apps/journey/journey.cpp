// SPDX-License-Identifier: Apache-2.0
#include "host/apps/journey/journey.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iterator>

#include "host/apps/journey/applications.hpp"
#include "host/apps/journey/document.hpp"
#include "host/apps/journey/journey_world.hpp"
#include "host/apps/journey/text_output.hpp"
#include "host/apps/session.hpp"
#include "sim/journey/packets.hpp"
#include "sim/net/pcapng.hpp"

namespace sockwire::apps {

namespace {

constexpr Ipv4Address kPeer{10, 18, 0, 1};
/// Of a page, whatever the size of the transfer.
constexpr std::size_t kPagePackets = 300;

Result<void, std::string> write_file(const std::string& path, const std::string& content) {
  std::ofstream file(path, std::ios::binary);
  file << content;
  file.close();
  if (!file) return Failure{"cannot write " + path};
  return {};
}

Result<void, std::string> write_capture(const std::string& path, const journey::Recording& recording,
                                        const std::vector<journey::Packet>& packets) {
  auto writer = sim::PcapngWriter::create(path);
  if (!writer) return Failure{writer.error()};
  for (const journey::Station& station : recording.stations) {
    (*writer)->add_interface("card-" + station.name, "frames as the card of host " + station.name + " sends them");
  }
  for (const journey::Packet& packet : packets) {
    const journey::LineBurst& burst = recording.bursts[packet.sent];
    (*writer)->write(static_cast<std::uint32_t>(burst.end), burst.end_ns, journey::frame_of(burst),
                     sim::PacketDirection::kOutbound, sim::FrameFault::kNone, comment_of(recording, packet));
  }
  return (*writer)->flush();
}

Result<void, std::string> write_outputs(const Options& options, const JourneyOptions& journey,
                                        const journey::Recording& recording) {
  const auto packets = journey::find_packets(recording);
  const bool files = !journey.html.empty() || !journey.json.empty() || !options.pcap.empty();
  if (journey.text || !files) std::fputs(tell(recording, packets).c_str(), stdout);
  if (!options.pcap.empty()) {
    if (auto written = write_capture(options.pcap, recording, packets); !written) return written;
  }
  if (!journey.json.empty()) {
    const auto document = document_of(recording, packets, packets.size());
    if (auto written = write_file(journey.json, document.dump()); !written) return written;
  }
  if (journey.html.empty()) return {};
  return write_file(journey.html, page_of(document_of(recording, packets, kPagePackets)));
}

}  // namespace

int run_journey(const Options& options, const JourneyOptions& journey) {
  std::vector<std::uint8_t> content;
  if (!journey.serve.empty()) {
    std::ifstream file(journey.serve, std::ios::binary);
    if (!file) {
      complain("cannot read " + journey.serve);
      return 1;
    }
    content.assign(std::istreambuf_iterator<char>(file), {});
  }
  const auto literal = IpAddress::parse(journey.url.host);
  if (literal && !literal->is_ipv4()) {
    complain("a journey goes over IPv4: give a name or an address such as 10.18.0.1");
    return 2;
  }
  auto world = JourneyWorld::make(options, literal ? Ipv4Address(*literal) : kPeer);
  if (!world) {
    complain(world.error());
    return 1;
  }
  (*world)->recorder().recording().command_line = journey.command_line;
  JourneyServer server(**world, content, options.seed);
  if (const auto started = server.start(journey.url.port); !started) {
    complain(started.error().message);
    return 1;
  }
  (*world)->loop().add_task([&] { return server.turn(); });
  const auto fetched = fetch_recorded(**world, journey.url, options.patience);
  if (const auto written = write_outputs(options, journey, (*world)->recorder().recording()); !written) {
    complain(written.error());
    return 1;
  }
  if (!fetched) {
    complain(fetched.error());
    return 1;
  }
  if (fetched->body != server.body()) {
    complain("what arrived is not what was sent");
    return 1;
  }
  return fetched->status == 200 ? 0 : 1;
}

}  // namespace sockwire::apps
