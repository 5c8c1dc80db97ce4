// SPDX-License-Identifier: Apache-2.0
#include "sim/journey/card_messages.hpp"

#include <algorithm>
#include <cctype>

namespace sockwire::journey {

namespace {

std::uint64_t load(std::span<const std::uint8_t> bytes, int offset, int count) {
  std::uint64_t value = 0;
  for (int i = count; i-- > 0;) {
    const std::size_t at = static_cast<std::size_t>(offset) + static_cast<std::size_t>(i);
    value = value << 8 | (at < bytes.size() ? bytes[at] : 0);
  }
  return value;
}

/// kReadRegister: "READ REGISTER".
std::string words(const char* name) {
  std::string text;
  for (const char* at = name + 1; *at != 0; ++at) {
    const bool starts = std::isupper(static_cast<unsigned char>(*at)) != 0 && at != name + 1;
    if (starts) text += ' ';
    text += static_cast<char>(std::toupper(static_cast<unsigned char>(*at)));
  }
  return text;
}

template <std::size_t kCount>
std::string name_in(const card::Name (&names)[kCount], std::uint64_t value) {
  for (const card::Name& name : names) {
    if (name.value == value) return words(name.name);
  }
  return "message " + std::to_string(value);
}

template <std::size_t kCount>
std::string flags_in(const card::Name (&names)[kCount], std::uint64_t value) {
  std::string text;
  for (const card::Name& name : names) {
    if ((value & name.value) == 0) continue;
    std::string lower = words(name.name);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    text += (text.empty() ? "" : ", ") + lower;
  }
  return text;
}

template <std::size_t kCount>
void add_fields(const card::Field (&fields)[kCount], std::span<const std::uint8_t> bytes, int first,
                std::vector<MessageField>& out) {
  for (const card::Field& field : fields) {
    if (field.offset < first) continue;
    out.push_back({field.name + 1, load(bytes, field.offset, field.bytes), field.meaning});
  }
}

std::string command_text(const Command& command) {
  const std::string slot = " slot " + std::to_string(command.slot);
  const std::string seq = std::to_string(command.seq);
  switch (command.type) {
    case card::Command::kHello:
      return "HELLO: start a new epoch";
    case card::Command::kWrite:
      return "WRITE" + slot + ": " + std::to_string(command.body.size()) + " bytes of payload at seq " + seq;
    case card::Command::kSend:
      return "SEND" + slot + ": " + std::to_string(command.send_bytes()) + " bytes from seq " + seq + ", cut by MSS " +
             std::to_string(command.send_mss()) + "; " + flags_in(card::kSendFlags, command.flags);
    case card::Command::kFrame: {
      const std::string flags = flags_in(card::kFrameFlags, command.flags);
      return "FRAME: " + std::to_string(command.body.size()) + " bytes" + (flags.empty() ? "" : "; " + flags);
    }
    case card::Command::kUpdate:
      return "UPDATE" + slot + ": rcv_nxt " + seq + ", window field " + std::to_string(command.tag) + ", tsecr " +
             std::to_string(command.arg);
    case card::Command::kSlot:
      return "SLOT" + slot + ": a ring of " + std::to_string(1u << (command.tag & 31)) + " bytes at " +
             std::to_string(command.arg) + ", writing starts at seq " + seq;
    case card::Command::kRelease:
      return "RELEASE" + slot + ": nothing before seq " + seq + " needs sending any more";
    case card::Command::kReadRegister:
      return "READ REGISTER " + name_in(card::kRegisters, command.seq);
    case card::Command::kWriteRegister:
      return "WRITE REGISTER " + name_in(card::kRegisters, command.seq) + " = " + std::to_string(command.arg);
  }
  return "a command that the contract does not know";
}

std::string event_text(const CardEvent& event) {
  switch (event.type) {
    case card::Event::kHello:
      return "HELLO: the card's sizes";
    case card::Event::kSent: {
      const std::uint64_t slot = load(event.body, card::sent::kSlot, card::sent::kSlotBytes);
      const std::string what = slot == 0xFF ? "the FRAME" : "the SEND of slot " + std::to_string(slot);
      return "SENT: the last bit of " + what + " left at " + std::to_string(event.time_ns) + " ns";
    }
    case card::Event::kReceive: {
      const std::string status = flags_in(card::kReceiveStatus, event.status);
      return "RECEIVE: " + std::to_string(event.body.size()) + " bytes, the last bit at " +
             std::to_string(event.time_ns) + " ns; " +
             (status.empty() ? "the card has verified the FCS alone" : status);
    }
    case card::Event::kCoalesced:
      return "COALESCED: several segments, " + std::to_string(event.body.size()) +
             " bytes, the first one's last bit at " + std::to_string(event.time_ns) + " ns";
    case card::Event::kRegister:
      return "REGISTER: a register's value";
    case card::Event::kCredit:
      return "CREDIT: room for more commands";
  }
  return "an event that the contract does not know";
}

}  // namespace

std::span<const std::uint8_t> Command::header_template() const {
  const auto bytes = static_cast<std::size_t>(load(body, card::send::kTemplateBytes, 1));
  if (body.size() < card::send::kBytes + bytes) return {};
  return body.subspan(card::send::kBytes, bytes);
}

Command read_command(const CardMessage& message) {
  namespace c = card::command;
  const std::span<const std::uint8_t> bytes(message.bytes);
  Command command;
  command.type = static_cast<card::Command>(load(bytes, c::kType, c::kTypeBytes));
  command.slot = static_cast<std::uint8_t>(load(bytes, c::kSlot, c::kSlotBytes));
  command.flags = static_cast<std::uint8_t>(load(bytes, c::kFlags, c::kFlagsBytes));
  command.tag = static_cast<std::uint16_t>(load(bytes, c::kTag, c::kTagBytes));
  command.seq = static_cast<std::uint32_t>(load(bytes, c::kSeq, c::kSeqBytes));
  command.arg = static_cast<std::uint32_t>(load(bytes, c::kArg, c::kArgBytes));
  command.body = bytes.subspan(std::min<std::size_t>(card::kHeaderBytes, bytes.size()));
  return command;
}

CardEvent read_event(const CardMessage& message) {
  namespace e = card::event;
  const std::span<const std::uint8_t> bytes(message.bytes);
  CardEvent event;
  event.type = static_cast<card::Event>(load(bytes, e::kType, e::kTypeBytes));
  event.time_ns = load(bytes, e::kTime, e::kTimeBytes);
  event.status = static_cast<std::uint8_t>(load(bytes, e::kStatus, e::kStatusBytes));
  event.body = bytes.subspan(std::min<std::size_t>(card::kHeaderBytes, bytes.size()));
  return event;
}

std::string message_name(const CardMessage& message) {
  const std::uint64_t type = load(message.bytes, 0, 1);
  return message.command ? name_in(card::kCommands, type) : name_in(card::kEvents, type);
}

std::string message_text(const CardMessage& message) {
  return message.command ? command_text(read_command(message)) : event_text(read_event(message));
}

std::vector<MessageField> message_fields(const CardMessage& message) {
  std::vector<MessageField> fields;
  const std::span<const std::uint8_t> bytes(message.bytes);
  const std::span<const std::uint8_t> body = bytes.subspan(std::min<std::size_t>(card::kHeaderBytes, bytes.size()));
  if (!message.command) {
    add_fields(card::event::kFields, bytes, 0, fields);
    const card::Event type = read_event(message).type;
    if (type == card::Event::kSent) add_fields(card::sent::kFields, body, 0, fields);
    if (type == card::Event::kHello) add_fields(card::hello::kFields, body, 0, fields);
    if (type == card::Event::kRegister) add_fields(card::register_value::kFields, body, 0, fields);
    return fields;
  }
  const card::Command type = read_command(message).type;
  add_fields(card::command::kFields, bytes, 0, fields);
  if (type == card::Command::kFrame) {
    fields.resize(fields.size() - 2);  // FRAME has its own view of what follows byte 8
    add_fields(card::frame::kFields, bytes, 0, fields);
  }
  if (type == card::Command::kSend) add_fields(card::send::kFields, body, 0, fields);
  return fields;
}

}  // namespace sockwire::journey
