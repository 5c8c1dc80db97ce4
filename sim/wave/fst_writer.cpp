// SPDX-License-Identifier: Apache-2.0
#include "sim/wave/fst_writer.hpp"

#include <gtkwave/fstapi.h>

#include <algorithm>
#include <array>
#include <cassert>

namespace sockwire::sim {

Result<std::unique_ptr<FstWriter>, std::string> FstWriter::create(const std::string& path) {
  void* context = fstWriterCreate(path.c_str(), 1);
  if (context == nullptr) return Failure<std::string>{"cannot write the waveform " + path};
  fstWriterSetPackType(context, FST_WR_PT_LZ4);
  fstWriterSetTimescaleFromString(context, "1ps");
  return std::unique_ptr<FstWriter>(new FstWriter(context));
}

FstWriter::~FstWriter() { fstWriterClose(context_); }

void FstWriter::enter(const std::string& scope) {
  fstWriterSetScope(context_, FST_ST_VCD_MODULE, scope.c_str(), nullptr);
}

void FstWriter::leave() { fstWriterSetUpscope(context_); }

FstWriter::Signal FstWriter::add_bits(const std::string& name, unsigned bits) {
  assert(bits >= 1 && bits <= 64);
  return {fstWriterCreateVar(context_, FST_VT_VCD_WIRE, FST_VD_IMPLICIT, bits, name.c_str(), 0), bits};
}

FstWriter::Signal FstWriter::add_real(const std::string& name) {
  return {fstWriterCreateVar(context_, FST_VT_VCD_REAL, FST_VD_IMPLICIT, 8, name.c_str(), 0), 0};
}

FstWriter::Signal FstWriter::add_text(const std::string& name) {
  return {fstWriterCreateVar(context_, FST_VT_GEN_STRING, FST_VD_IMPLICIT, 0, name.c_str(), 0), 0};
}

void FstWriter::at(std::uint64_t time_ps) {
  time_ps_ = std::max(time_ps_, time_ps);
  fstWriterEmitTimeChange(context_, time_ps_);
}

void FstWriter::set(Signal signal, std::uint64_t value) {
  std::array<char, 65> text{};
  for (unsigned i = 0; i < signal.bits; ++i) text[i] = (value >> (signal.bits - 1 - i)) & 1 ? '1' : '0';
  fstWriterEmitValueChange(context_, signal.handle, text.data());
}

void FstWriter::set_real(Signal signal, double value) { fstWriterEmitValueChange(context_, signal.handle, &value); }

void FstWriter::set_text(Signal signal, std::string_view text) {
  fstWriterEmitVariableLengthValueChange(context_, signal.handle, text.data(), static_cast<std::uint32_t>(text.size()));
}

}  // namespace sockwire::sim
