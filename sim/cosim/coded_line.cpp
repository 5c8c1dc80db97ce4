// SPDX-License-Identifier: Apache-2.0
#include "sim/cosim/coded_line.hpp"

#include <array>
#include <cassert>
#include <stdexcept>
#include <type_traits>

#include "sim/cosim/coded_tap.hpp"
#include "sim/cosim/line_medium.hpp"
#include "sim/wave/line_wave.hpp"

namespace sockwire::sim {

namespace {

struct Named {
  LineCode code;
  std::string_view name;
  int width;
  std::uint64_t cycle_ps;
  int cycles;
};

constexpr std::array<Named, 5> kCodes{
    {{LineCode::kMii, "mii", 0, 0, 1},
     {LineCode::k10BaseT, Code10BaseT::kName, Code10BaseT::kBytes, Code10BaseT::kClockPs, Code10BaseT::kClocksPerCycle},
     {LineCode::k100BaseTx, Code100BaseTx::kName, Code100BaseTx::kBytes, Code100BaseTx::kClockPs,
      Code100BaseTx::kClocksPerCycle},
     {LineCode::k1000BaseX, Code1000BaseX::kName, Code1000BaseX::kBytes, Code1000BaseX::kClockPs,
      Code1000BaseX::kClocksPerCycle},
     {LineCode::k10GBaseR, Code10GBaseR::kName, Code10GBaseR::kBytes, Code10GBaseR::kClockPs,
      Code10GBaseR::kClocksPerCycle}}};

/// Tells a watcher what an end's symbols are called.
template <typename Code>
class ToldEnd final : public SymbolObserver<Code> {
 public:
  ToldEnd(LineWatcher& watcher, int end) : watcher_(watcher), end_(end) {}

  void on_symbol(const LineMoment<Code>& moment) override {
    const std::string name = names_.name(moment.symbol);
    watcher_.on_clock(
        {end_, moment.now_ns, moment.time_fs / 1000, Code::kClockPs, name, names_.clocks(), moment.volts});
  }

 private:
  LineWatcher& watcher_;
  int end_;
  SymbolNames<Code> names_;
};

template <typename Code>
class Coded final : public CodedLine<Code::kBytes> {
 public:
  static constexpr int kBytes = Code::kBytes;

  Coded(const LineSettings& settings, LinePeer<kBytes>* behind) : link_(end(settings, 0), end(settings, 1)) {
    if (behind != nullptr) tap_ = std::make_unique<CodedTap<Code>>(link_, *behind);
  }

  LinePeer<kBytes>& near() override {
    if (tap_) return *tap_;
    return link_.a();
  }
  LinePeer<kBytes>& far() override { return link_.b(); }
  double far_clock_ppm() const override { return link_.b().clock_ppm(); }
  bool up() const override { return link_.up(); }
  LineReport report() const override {
    return {Code::kName, link_.a().status(), link_.b().status(), link_.a().counts(), link_.b().counts()};
  }
  void observe_near(FrameObserver* observer) override { link_.a().observe(observer); }
  Result<void, std::string> record(const std::string& path) override {
    auto fst = FstWriter::create(path);
    if (!fst) return Failure{fst.error()};
    wave_ = std::make_unique<LineWave<Code>>(std::move(fst).value());
    link_.a().observe(wave_->near());
    link_.b().observe(wave_->far());
    return {};
  }
  void mark(std::string_view text) override {
    if (wave_) wave_->mark(text);
  }
  void watch(LineWatcher& watcher) override {
    for (int end = 0; end < 2; ++end) {
      auto& told = watched_[static_cast<std::size_t>(end)];
      told = std::make_unique<ToldEnd<Code>>(watcher, end);
      (end == 0 ? link_.a() : link_.b()).observe(*told);
    }
  }

 private:
  static typename CodedLink<Code>::EndParts end(const LineSettings& settings, int number) {
    typename CodedLink<Code>::EndParts parts;
    parts.port = settings.verilated ? make_verilated_line_port<Code>() : make_native_line_port<Code>();
    parts.out = make_medium<Code>(settings, settings.seed * 2 + static_cast<std::uint64_t>(number));
    parts.clock_ppm = number == 0 ? 0 : settings.clock_ppm;
    return parts;
  }

  std::unique_ptr<LineWave<Code>> wave_;
  std::array<std::unique_ptr<ToldEnd<Code>>, 2> watched_;
  CodedLink<Code> link_;
  std::unique_ptr<CodedTap<Code>> tap_;
};

}  // namespace

std::string_view name_of(LineCode code) { return kCodes.at(static_cast<std::size_t>(code)).name; }

std::optional<LineCode> parse_line_code(std::string_view name) {
  for (const Named& one : kCodes) {
    if (one.name == name) return one.code;
  }
  return std::nullopt;
}

int cycles_of(LineCode code) { return kCodes.at(static_cast<std::size_t>(code)).cycles; }

std::uint64_t cycle_ps_of(LineCode code) { return kCodes.at(static_cast<std::size_t>(code)).cycle_ps; }

int width_of(LineCode code) { return kCodes.at(static_cast<std::size_t>(code)).width; }

template <>
std::unique_ptr<CodedLine<1>> make_coded_line<1>(const LineSettings& settings, LinePeer<1>* behind) {
  switch (settings.code) {
    case LineCode::k10BaseT:
      return std::make_unique<Coded<Code10BaseT>>(settings, behind);
    case LineCode::k100BaseTx:
      return std::make_unique<Coded<Code100BaseTx>>(settings, behind);
    case LineCode::k1000BaseX:
      return std::make_unique<Coded<Code1000BaseX>>(settings, behind);
    case LineCode::kMii:
    case LineCode::k10GBaseR:
      break;
  }
  throw std::logic_error("no code of width 1");
}

template <>
std::unique_ptr<CodedLine<8>> make_coded_line<8>(const LineSettings& settings, LinePeer<8>* behind) {
  if (settings.code != LineCode::k10GBaseR) throw std::logic_error("no code of width 8");
  return std::make_unique<Coded<Code10GBaseR>>(settings, behind);
}

}  // namespace sockwire::sim
