// SPDX-License-Identifier: Apache-2.0
#include "host/apps/journey/wave_output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "host/apps/card_options.hpp"
#include "host/apps/journey/text_packet.hpp"
#include "sim/wave/fst_writer.hpp"

namespace sockwire::apps {

namespace {

using journey::End;
using journey::LineBurst;
using journey::Recording;

/// What changes, one after the other in time.
class Track {
 public:
  virtual ~Track() = default;
  /// Nothing: it is over.
  virtual std::optional<std::uint64_t> next_ps() const = 0;
  virtual void write(sim::FstWriter& fst) = 0;
};

/// One end's octets, one way.
class OctetTrack final : public Track {
 public:
  OctetTrack(const Recording& recording, End end, bool from_card, sim::FstWriter& fst)
      : octet_ps_(recording.signal.octet_ps),
        signal_(fst.add_text(from_card ? "mac_tx" : "mac_rx")),
        valid_(fst.add_bits(from_card ? "tx_valid" : "rx_valid", 1)) {
    for (const LineBurst& burst : recording.bursts) {
      if (burst.end == end && burst.from_card == from_card) bursts_.push_back(&burst);
    }
  }
  std::optional<std::uint64_t> next_ps() const override {
    if (burst_ == bursts_.size()) return std::nullopt;
    return bursts_[burst_]->start_ps + octet_ * octet_ps_;
  }
  void write(sim::FstWriter& fst) override {
    const std::vector<std::uint8_t>& octets = bursts_[burst_]->octets;
    if (octet_ == 0 || octet_ == octets.size()) fst.set(valid_, octet_ == 0 ? 1 : 0);
    fst.set_text(signal_, octet_ < octets.size() ? fmt::format("{:02x}", octets[octet_]) : "idle");
    if (octet_++ < octets.size()) return;
    octet_ = 0;
    ++burst_;
  }

 private:
  std::vector<const LineBurst*> bursts_;
  std::uint64_t octet_ps_;
  sim::FstWriter::Signal signal_;
  sim::FstWriter::Signal valid_;
  std::size_t burst_ = 0;
  std::size_t octet_ = 0;
};

class MarkerTrack final : public Track {
 public:
  MarkerTrack(const Recording& recording, const std::vector<journey::Packet>& packets, sim::FstWriter::Signal signal)
      : signal_(signal) {
    for (const journey::Call& call : recording.calls) {
      markers_.emplace_back(call.begin.time_ns * 1000,
                            fmt::format("{}: {}({})", name_of(call.end), call.name, call.arguments));
    }
    for (const journey::Packet& packet : packets) {
      const LineBurst& sent = recording.bursts[packet.sent];
      markers_.emplace_back(sent.end_ns * 1000, fmt::format("#{} {}, left {} at {} ns", packet.number, packet.title,
                                                            name_of(sent.end), sent.end_ns));
    }
    std::ranges::stable_sort(markers_, {}, &Marker::first);
  }
  std::optional<std::uint64_t> next_ps() const override {
    if (next_ == markers_.size()) return std::nullopt;
    return markers_[next_].first;
  }
  void write(sim::FstWriter& fst) override { fst.set_text(signal_, markers_[next_++].second); }

 private:
  using Marker = std::pair<std::uint64_t, std::string>;
  std::vector<Marker> markers_;
  sim::FstWriter::Signal signal_;
  std::size_t next_ = 0;
};

}  // namespace

std::string octet_wave_path(const Options& options) {
  if (options.wave.empty() || is_coded(options)) return {};
  if (options.card == CardKind::kNative) return options.wave;
  return options.wave.substr(0, options.wave.rfind(".fst")) + ".line.fst";
}

Result<void, std::string> write_octet_wave(const std::string& path, const Recording& recording,
                                           const std::vector<journey::Packet>& packets) {
  auto created = sim::FstWriter::create(path);
  if (!created) return Failure{created.error()};
  sim::FstWriter& fst = **created;
  std::vector<std::unique_ptr<Track>> tracks;
  for (const auto& [end, name] : {std::pair<End, const char*>{0, "near"}, {1, "far"}}) {
    fst.enter(name);
    tracks.push_back(std::make_unique<OctetTrack>(recording, end, true, fst));
    tracks.push_back(std::make_unique<OctetTrack>(recording, end, false, fst));
    fst.leave();
  }
  tracks.push_back(std::make_unique<MarkerTrack>(recording, packets, fst.add_text("marker")));
  while (true) {
    Track* first = nullptr;
    for (const auto& track : tracks) {
      if (track->next_ps() && (first == nullptr || *track->next_ps() < *first->next_ps())) first = track.get();
    }
    if (first == nullptr) return {};
    fst.at(*first->next_ps());
    first->write(fst);
  }
}

}  // namespace sockwire::apps
