// SPDX-License-Identifier: Apache-2.0
#include "host/apps/journey/journey.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <span>

#include "host/apps/far_side.hpp"
#include "host/apps/journey/applications.hpp"
#include "host/apps/journey/document.hpp"
#include "host/apps/journey/journey_world.hpp"
#include "host/apps/journey/text_output.hpp"
#include "host/apps/journey/text_packet.hpp"
#include "host/apps/journey/wave_output.hpp"
#include "host/apps/session.hpp"
#include "sim/journey/packets.hpp"
#include "sim/net/pcapng.hpp"

namespace sockwire::apps {

namespace {

constexpr Ipv4Address kPeer{10, 18, 0, 1};
constexpr IpAddress kPeer6({0xfd, 0x18, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
/// Of a page, whatever the size of the transfer.
constexpr std::size_t kPagePackets = 300;
constexpr const char* kTooLong = "a journey is at most 64 MB long; use 'sockwire get' or 'sockwire send' for more";

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
  const bool files = !journey.html.empty() || !journey.json.empty() || !options.pcap.empty() || !options.wave.empty();
  for (const std::size_t number : journey.packets) {
    if (number == 0 || number > packets.size()) {
      return Failure{fmt::format("there is no packet {}: 1 to {} have left", number, packets.size())};
    }
    std::fputs(tell_packet_in_full({recording, packets}, packets[number - 1]).c_str(), stdout);
  }
  const bool whole = journey.text || (!files && journey.packets.empty());
  if (whole) std::fputs(tell(recording, packets).c_str(), stdout);
  if (!options.pcap.empty()) {
    if (auto written = write_capture(options.pcap, recording, packets); !written) return written;
  }
  if (const std::string wave = octet_wave_path(options); !wave.empty()) {
    if (auto written = write_octet_wave(wave, recording, packets); !written) return written;
  }
  if (!journey.json.empty()) {
    const auto document = document_of(recording, packets, packets.size());
    if (auto written = write_file(journey.json, document.dump()); !written) return written;
  }
  if (journey.html.empty()) return {};
  return write_file(journey.html, page_of(document_of(recording, packets, kPagePackets)));
}

/// In the subnet that it makes: of 24 bits, or 64.
bool can_be_host(const IpAddress& address) {
  const std::uint8_t last = address.bytes().back();
  const bool reserved = address.is_ipv4() && (last == 0 || last == 255 || address.ipv4() >> 24 == 0);
  return !reserved && !address.is_unspecified() && !address.is_multicast() && !address.is_loopback() &&
         !address.is_link_local();
}

Result<std::vector<std::uint8_t>, std::string> read_file(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(path == "-" ? stdin : std::fopen(path.c_str(), "rb"),
                                                             &std::fclose);
  if (!file) return Failure{"cannot read " + path + ": " + std::strerror(errno)};
  std::vector<std::uint8_t> content;
  std::array<std::uint8_t, 65536> buffer;
  while (content.size() <= kLongestMessage) {
    const std::size_t bytes = std::fread(buffer.data(), 1, buffer.size(), file.get());
    if (std::ferror(file.get()) != 0) return Failure{"cannot read " + path + ": " + std::strerror(errno)};
    content.insert(content.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(bytes));
    if (std::feof(file.get()) != 0) break;
  }
  if (content.size() > kLongestMessage) return Failure{std::string(kTooLong)};
  return content;
}

Result<void, std::string> fetch_file(JourneyWorld& world, const JourneyOptions& journey, Duration patience,
                                     const JourneyServer& server) {
  const auto fetched = fetch_recorded(world, journey.url, patience);
  if (!fetched) return Failure{fetched.error()};
  if (fetched->body != server.body()) return Failure{std::string("what arrived is not what was sent")};
  if (fetched->status == 200) return {};
  return Failure{fmt::format("the server says {} to {}; ask for a size, such as /1000 or /4MB", fetched->status,
                             journey.url.target)};
}

Result<void, std::string> send_message(JourneyWorld& world, const JourneyOptions& journey,
                                       std::span<const std::uint8_t> message, Duration patience,
                                       const JourneyServer& server) {
  if (auto sent = send_recorded(world, journey.to, message, journey.writes, patience); !sent) return sent;
  if (std::equal(message.begin(), message.end(), server.body().begin(), server.body().end())) return {};
  return Failure{std::string("what arrived is not what was sent")};
}

}  // namespace

int run_journey(const Options& options, const JourneyOptions& journey) {
  const bool sends = journey.errand == journey::Errand::kSend;
  auto content = journey.file.empty() ? std::vector<std::uint8_t>() : read_file(journey.file);
  if (!content) {
    complain(content.error());
    return 1;
  }
  if (!sends && size_of_path(journey.url.target).value_or(0) > kLongestMessage) {
    complain(kTooLong);
    return 1;
  }
  const std::string& name = sends ? journey.to.host : journey.url.host;
  const auto literal = IpAddress::parse(name);
  const IpAddress peer = literal ? *literal : journey.ipv6 ? kPeer6 : IpAddress(kPeer);
  if (!can_be_host(peer)) {
    complain(to_string(peer) + " is no address of a host: give a name, or one such as 10.18.0.1 or [fd18::1]");
    return 2;
  }
  auto world = JourneyWorld::make(options, peer);
  if (!world) {
    complain(world.error());
    return 1;
  }
  journey::Recording& recording = (*world)->recorder().recording();
  recording.command_line = journey.command_line;
  recording.errand = journey.errand;
  JourneyServer server(**world, journey.errand, sends ? std::vector<std::uint8_t>() : *content, options.seed);
  if (const auto started = server.start(sends ? journey.to.port : journey.url.port); !started) {
    complain(started.error().message);
    return 1;
  }
  (*world)->loop().add_task([&] { return server.turn(); });
  const auto done = sends ? send_message(**world, journey, *content, options.patience, server)
                          : fetch_file(**world, journey, options.patience, server);
  if (const auto written = write_outputs(options, journey, recording); !written) {
    complain(written.error());
    return 1;
  }
  if (done) return 0;
  complain(done.error());
  return 1;
}

}  // namespace sockwire::apps
