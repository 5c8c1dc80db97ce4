// SPDX-License-Identifier: Apache-2.0
// What the MAC's tests share: a plain CRC, lines made from frames and frames read from lines, both written from the
// standard and independent of the kernels.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "hls/base/process.hpp"
#include "hls/mac/mac_rx.hpp"
#include "hls/mac/mac_tx.hpp"

namespace sockwire::test {

using Bytes = std::vector<std::uint8_t>;

/// IEEE 802.3 clause 3.2.9, bit by bit with the unreflected polynomial, as the standard words it.
inline std::uint32_t plain_fcs(const Bytes& bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const std::uint8_t byte : bytes) {
    for (int bit = 0; bit < 8; ++bit) {
      const bool feedback = ((crc >> 31) ^ (byte >> bit)) & 1;
      crc = (crc << 1) ^ (feedback ? 0x04C11DB7u : 0);
    }
  }
  std::uint32_t reflected = 0;
  for (int bit = 0; bit < 32; ++bit) reflected |= ((crc >> bit) & 1) << (31 - bit);
  return ~reflected;
}

inline Bytes with_fcs(Bytes frame) {
  const std::uint32_t fcs = plain_fcs(frame);
  for (int i = 0; i < 4; ++i) frame.push_back(static_cast<std::uint8_t>(fcs >> (8 * i)));
  return frame;
}

inline Bytes padded(Bytes frame) {
  if (frame.size() < 60) frame.resize(60, 0);
  return frame;
}

/// The station address that the tests use, and a frame for it.
constexpr std::uint64_t kOwnAddress = 0x665544332202;  // 02:22:33:44:55:66

inline Bytes random_frame(std::mt19937& random, std::size_t bytes, std::uint64_t destination = kOwnAddress) {
  Bytes frame(bytes);
  for (auto& byte : frame) byte = static_cast<std::uint8_t>(random());
  for (std::size_t i = 0; i < 6 && i < bytes; ++i) frame[i] = static_cast<std::uint8_t>(destination >> (8 * i));
  if (bytes > 13) frame[12] = 0x08, frame[13] = 0x00;
  return frame;
}

/// One byte of the wire, as either width shows it. `control` is an XGMII control character, or no carrier on GMII.
struct Symbol {
  std::uint8_t data = 0x07;
  bool control = true;
  bool error = false;
  bool dribble = false;
};

/// Symbols of the wire, byte by byte, cut into beats.
template <int kBytes>
class LineWriter {
 public:
  std::vector<Symbol> symbols;

  void idle(int bytes) { symbols.insert(symbols.end(), static_cast<std::size_t>(bytes), Symbol{}); }

  /// A frame with its FCS. On XGMII it is moved on to the next lane 0 or 4; returns where it starts.
  std::size_t frame(const Bytes& frame_with_fcs, int preamble = 7) {
    while (kBytes == 8 && symbols.size() % 4 != 0) idle(1);
    const std::size_t start = symbols.size();
    symbols.push_back(kBytes == 8 ? Symbol{0xFB, true} : Symbol{0x55, false});
    for (int i = 1; i < preamble; ++i) symbols.push_back({0x55, false});
    symbols.push_back({0xD5, false});
    for (const std::uint8_t byte : frame_with_fcs) symbols.push_back({byte, false});
    if (kBytes == 8) symbols.push_back({0xFD, true});
    return start;
  }

  std::vector<Line<kBytes>> lines() const {
    std::vector<Line<kBytes>> out;
    for (std::size_t at = 0; at < symbols.size(); at += kBytes) {
      Line<kBytes> line;
      for (std::size_t i = 0; i < kBytes && at + i < symbols.size(); ++i) put(line, i, symbols[at + i]);
      out.push_back(line);
    }
    return out;
  }

 private:
  static void put(Line<1>& line, std::size_t, const Symbol& symbol) {
    line.valid = !symbol.control;
    line.data = symbol.control && !symbol.error ? 0 : symbol.data;
    line.error = symbol.error;
    line.dribble = symbol.dribble;
  }
  static void put(Line<8>& line, std::size_t lane, const Symbol& symbol) {
    const int low = static_cast<int>(8 * lane);
    line.data.range(low + 7, low) = symbol.error ? 0xFE : symbol.data;
    line.control[static_cast<int>(lane)] = symbol.control || symbol.error;
  }
};

/// A frame as it stood on the wire.
struct Seen {
  Bytes bytes;            ///< with FCS
  std::size_t start = 0;  ///< byte time of the first preamble byte
  std::size_t end = 0;    ///< byte time after the last FCS byte
  bool error = false;
  std::size_t preamble = 0;  ///< bytes before the SFD
};

/// Reads frames from a line, by the standard's words and not by the kernel's.
template <int kBytes>
class LineReader {
 public:
  std::vector<Seen> frames;

  void step(const Line<1>& line) { symbol(line.data, !line.valid, line.error, true); }
  void step(const Line<8>& line) {
    for (int i = 0; i < 8; ++i) {
      const auto data = static_cast<std::uint8_t>(line.data.range(8 * i + 7, 8 * i));
      symbol(data, line.control[i], line.control[i] && data == 0xFE, i % 4 == 0);
    }
  }

 private:
  void symbol(std::uint8_t data, bool control, bool error, bool may_start) {
    const bool starts = kBytes == 1 ? !control : control && data == 0xFB;
    if (!inside_ && starts) {
      frames.emplace_back();
      frames.back().start = now_;
      frames.back().error = !may_start;
      inside_ = true;
      preamble_ = true;
      frames.back().preamble = kBytes == 1 ? 0 : 1;
      if (kBytes == 8) {
        ++now_;
        return;
      }
    }
    if (inside_) {
      Seen& seen = frames.back();
      seen.error |= error;
      if (control && !error) {
        if (kBytes == 8 && data != 0xFD) seen.error = true;
        seen.end = now_;
        inside_ = false;
      } else if (preamble_) {
        if (data == 0xD5) {
          preamble_ = false;
        } else {
          if (data != 0x55) seen.error = true;
          ++seen.preamble;
        }
      } else {
        seen.bytes.push_back(data);
      }
    }
    ++now_;
  }

  std::size_t now_ = 0;
  bool inside_ = false;
  bool preamble_ = false;
};

template <int kBytes, typename B>
B make_beat(const Bytes& bytes, std::size_t at) {
  B beat;
  for (std::size_t i = 0; i < kBytes; ++i) {
    const int low = static_cast<int>(8 * i);
    if (at + i >= bytes.size()) continue;
    beat.data.range(low + 7, low) = bytes[at + i];
    beat.keep[static_cast<int>(i)] = 1;
  }
  beat.last = at + kBytes >= bytes.size();
  return beat;
}

template <typename B>
void append(Bytes& bytes, const B& beat, int width) {
  for (int i = 0; i < width; ++i) {
    if (beat.keep[i]) bytes.push_back(static_cast<std::uint8_t>(beat.data.range(8 * i + 7, 8 * i)));
  }
}

/// mac_tx with its streams and a line that is read.
template <int kBytes>
struct TxBench {
  Process<MacTxState<kBytes>> process;
  stream<Beat<kBytes>> frame{4};
  stream<FrameInfo> info{4};
  stream<PauseRequest> pause{2};
  wire<ap_uint<64>> now_ns;
  wire<bool> enable{true};
  wire<Line<kBytes>> line;
  stream<Departure> departure{4};
  pulse<kMacTxCounters> counters;
  wire<bool> busy;

  LineReader<kBytes> reader;
  std::vector<Departure> departures;
  std::uint64_t counted[kMacTxCounters] = {};
  std::uint64_t cycle = 0;
  bool stall_departures = false;

  std::vector<std::pair<Bytes, FrameInfo>> queue;
  std::size_t queue_at = 0;
  std::size_t byte_at = 0;
  bool starve = false;  ///< no more beats for now

  void send(Bytes bytes, FrameInfo about = {}) { queue.emplace_back(std::move(bytes), about); }

  void step() {
    if (!starve && queue_at < queue.size() && !frame.full() && !(byte_at == 0 && info.full())) {
      const auto& [bytes, about] = queue[queue_at];
      if (byte_at == 0) info.push(about);
      frame.push(make_beat<kBytes, Beat<kBytes>>(bytes, byte_at));
      byte_at += kBytes;
      if (byte_at >= bytes.size()) {
        byte_at = 0;
        ++queue_at;
      }
    }
    if (!departure.empty() && !stall_departures) departures.push_back(departure.pop());
    now_ns.drive(cycle);
    process.step(mac_tx<kBytes>, frame, info, pause, now_ns, enable, line, departure, counters, busy);
    tick(frame, info, pause, now_ns, enable, line, departure, counters, busy);
    for (int i = 0; i < kMacTxCounters; ++i) counted[i] += counters.read()[i];
    if (enable.read()) reader.step(line.read());
    ++cycle;
  }
  bool done() const {
    return queue_at == queue.size() && frame.empty() && !busy.read() &&
           process.state().step == decltype(process.state().step)::kIdle;
  }
  void run(std::uint64_t limit = 10'000'000) {
    for (std::uint64_t i = 0; i < limit && !done(); ++i) step();
    for (int i = 0; i < 8; ++i) step();
  }
};

/// mac_rx with its streams; collects what comes out.
template <int kBytes>
struct RxBench {
  Process<MacRxState<kBytes>> process;
  wire<Line<kBytes>> line;
  wire<bool> enable{true};
  wire<MacConfig> config;
  stream<RxBeat<kBytes>> frame{2};
  stream<PauseRequest> pause{2};
  pulse<kMacRxCounters> counters;
  wire<bool> busy;

  std::vector<Bytes> good;
  int bad = 0;
  Bytes current;
  std::vector<unsigned> pauses;
  std::uint64_t counted[kMacRxCounters] = {};
  bool stall = false;

  RxBench() {
    MacConfig settings;
    settings.address = kOwnAddress;
    config.drive(settings);
  }
  void step(const Line<kBytes>& in) {
    line.drive(in);
    if (!frame.empty() && !stall) {
      const RxBeat<kBytes> beat = frame.pop();
      append(current, beat, kBytes);
      if (beat.last) {
        if (beat.bad) {
          ++bad;
        } else {
          good.push_back(current);
        }
        current.clear();
      }
    }
    if (!pause.empty()) pauses.push_back(static_cast<unsigned>(pause.pop().quanta));
    process.step(mac_rx<kBytes>, line, enable, config, frame, pause, counters, busy);
    tick(line, enable, config, frame, pause, counters, busy);
    for (int i = 0; i < kMacRxCounters; ++i) counted[i] += counters.read()[i];
  }
  void run(const LineWriter<kBytes>& writer) {
    for (const Line<kBytes>& in : writer.lines()) step(in);
    settle();
  }
  void settle() {
    for (int i = 0; i < 16; ++i) step(Line<kBytes>{});
  }
  std::uint64_t total() const {
    std::uint64_t sum = 0;
    for (const std::uint64_t one : counted) sum += one;
    return sum;
  }
};

}  // namespace sockwire::test
