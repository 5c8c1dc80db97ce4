// SPDX-License-Identifier: Apache-2.0
// What the layers' dissections have in common.
#pragma once

#include <string>
#include <utility>

#include "sim/journey/card_messages.hpp"
#include "sim/journey/dissection.hpp"

namespace sockwire::journey {

/// Adds fields to a layer. Offsets are the frame's.
class LayerWriter {
 public:
  LayerWriter(std::string name, std::size_t offset, std::size_t bytes) {
    layer_.name = std::move(name);
    layer_.offset = kFrameOffset + offset;
    layer_.bytes = bytes;
  }
  void add(std::size_t offset, std::size_t bytes, std::string name, std::string value, std::string meaning,
           std::string origin) {
    layer_.fields.push_back(
        {kFrameOffset + offset, bytes, std::move(name), std::move(value), std::move(meaning), std::move(origin)});
  }
  void work(Working working) { layer_.workings.push_back(std::move(working)); }
  Layer take() { return std::move(layer_); }

 private:
  Layer layer_;
};

/// Who made the bytes of a packet's headers: the driver whole (FRAME), or the card from a template (SEND).
struct Maker {
  bool from_template = false;
  bool stamped = false;  ///< ACK number, window and timestamp echo are the card's.
  bool inserts_l3 = false;
  bool inserts_l4 = false;
};

inline Maker maker_of(const Surroundings& run, const Packet& packet) {
  Maker maker;
  if (!packet.command) return maker;
  const Command command = read_command(run.recording.messages[*packet.command]);
  maker.from_template = command.type == card::Command::kSend;
  maker.stamped = maker.from_template && command.has(card::SendFlag::kStamp);
  maker.inserts_l3 = maker.from_template || command.has(card::FrameFlag::kInsertL3);
  maker.inserts_l4 = maker.from_template || command.has(card::FrameFlag::kInsertL4);
  return maker;
}

inline std::string hex_text(std::uint64_t value, int digits) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text = "0x";
  for (int i = digits; i-- > 0;) text += kDigits[value >> (4 * i) & 15];
  return text;
}

/// The latest packet before this one for which `is_it` holds; 0: none.
template <typename Predicate>
PacketNumber latest_before(const Surroundings& run, const Packet& packet, const Predicate& is_it) {
  for (std::size_t i = packet.number - 1; i-- > 0;) {
    if (is_it(run.packets[i])) return run.packets[i].number;
  }
  return 0;
}

}  // namespace sockwire::journey
