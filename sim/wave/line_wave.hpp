// SPDX-License-Identifier: Apache-2.0
// A waveform of a coded line: for each end the octets of its MAC, and the symbols that it drives, by value and by name.
// Time is the line's own; what was left out of it while it was frozen is left out here.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "sim/cosim/coded_link.hpp"
#include "sim/wave/fst_writer.hpp"
#include "sim/wave/symbol_names.hpp"

namespace sockwire::sim {

namespace detail {

inline std::uint64_t value_of(const ap_uint<2>& level) { return static_cast<std::uint64_t>(level); }
inline std::uint64_t value_of(const ap_uint<10>& group) { return static_cast<std::uint64_t>(group); }
inline std::uint64_t value_of(const Block66& block) { return static_cast<std::uint64_t>(block.data); }
inline unsigned bits_of(const ap_uint<2>&) { return 2; }
inline unsigned bits_of(const ap_uint<10>&) { return 10; }
inline unsigned bits_of(const Block66&) { return 64; }

}  // namespace detail

/// Whether there is a waveform to be seen.
template <typename Code>
inline constexpr bool kIsCopper = std::is_same_v<typename Code::TxSymbol, LineLevel>;

/// What one end drives, and on copper what comes in.
template <typename Code>
class EndWave final : public SymbolObserver<Code> {
 public:
  /// fst: outlives it. Declares its signals there.
  EndWave(FstWriter& fst, const std::string& scope) : fst_(fst) {
    fst_.enter(scope);
    octets_ = fst_.add_text("mac_tx");
    symbol_ = fst_.add_bits("symbol", detail::bits_of(typename Code::TxSymbol{}));
    name_ = fst_.add_text("symbol_name");
    if constexpr (kIsCopper<Code>) received_ = fst_.add_real("received_volts");
    fst_.leave();
  }

  void on_symbol(const LineMoment<Code>& moment) override {
    const auto time_ps = static_cast<std::uint64_t>(moment.time_fs) / 1000;
    const std::uint64_t value = detail::value_of(moment.symbol);
    const std::string name = names_.name(moment.symbol);
    const auto volts = static_cast<double>(moment.volts[0]);
    const bool moves = first_ || value != value_;
    const bool renamed = !name.empty() && name != named_;
    const std::string octets = moment.tx_enable ? text_of(moment.from_mac) : shown_;
    const bool seen = kIsCopper<Code> && volts != volts_;
    if (!moves && !renamed && !seen && octets == shown_) return;
    fst_.at(time_ps);
    if (seen) fst_.set_real(received_, volts_ = volts);
    if (moves) fst_.set(symbol_, value_ = value);
    if (renamed) fst_.set_text(name_, named_ = name);
    if (octets != shown_) fst_.set_text(octets_, shown_ = octets);
    first_ = false;
  }

 private:
  static std::string hex(std::uint64_t octet) {
    static constexpr char kDigits[] = "0123456789abcdef";
    return {kDigits[(octet >> 4) & 15], kDigits[octet & 15]};
  }
  static std::string text_of(const Line<1>& line) {
    if (!line.valid) return line.error ? "error" : "idle";
    return line.error ? "error" : hex(static_cast<std::uint64_t>(line.data));
  }
  /// Lane 0 first; idle as "I", /S/ and /T/ by their letters.
  static std::string text_of(const Line<8>& line) {
    if (is_idle(line)) return "idle";
    std::string text;
    for (int lane = 0; lane < 8; ++lane) {
      const auto octet = static_cast<std::uint64_t>(line.data.range(8 * lane + 7, 8 * lane));
      if (lane != 0) text += ' ';
      if (!line.control[lane]) {
        text += hex(octet);
      } else {
        text += octet == kXgmiiIdle ? "I" : octet == kXgmiiStart ? "S" : octet == kXgmiiTerminate ? "T" : "E";
      }
    }
    return text;
  }

  FstWriter& fst_;
  FstWriter::Signal octets_;
  FstWriter::Signal symbol_;
  FstWriter::Signal name_;
  FstWriter::Signal received_;
  SymbolNames<Code> names_;
  bool first_ = true;
  double volts_ = 0;
  std::uint64_t value_ = 0;
  std::string named_;
  std::string shown_;
};

/// Both ends of a link, in one file.
template <typename Code>
class LineWave {
 public:
  /// fst: a new one.
  explicit LineWave(std::unique_ptr<FstWriter> fst)
      : fst_(std::move(fst)), near_(*fst_, "near"), far_(*fst_, "far"), marker_(fst_->add_text("marker")) {}

  /// Says what happens now: at the time of the change that was written last.
  void mark(std::string_view text) { fst_->set_text(marker_, text); }

  SymbolObserver<Code>& near() { return near_; }
  SymbolObserver<Code>& far() { return far_; }

 private:
  std::unique_ptr<FstWriter> fst_;
  EndWave<Code> near_;
  EndWave<Code> far_;
  FstWriter::Signal marker_;
};

}  // namespace sockwire::sim
