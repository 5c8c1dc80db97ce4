// SPDX-License-Identifier: Apache-2.0
// The Verilated models that the lockstep tests run with.
#pragma once

#include <gtest/gtest.h>
#include <verilated.h>

#include <cstdint>
#include <memory>
#include <string>

#include "Vqor_generated.h"
#include "Vqor_reference.h"
#include "tests/hls/qor/lockstep.hpp"

namespace sockwire::qor {

/// V: the class that Verilator made. Registers without a reset begin with random bits if it was made for that.
template <typename V>
class ModelOf : public Model {
 public:
  ModelOf() : rtl_(started(context_)) {
    s_data = words(rtl_.s_data_i);
    s_valid = words(rtl_.s_valid_i);
    s_ready = words(rtl_.s_ready_o);
    m_data = words(rtl_.m_data_o);
    m_valid = words(rtl_.m_valid_o);
    m_ready = words(rtl_.m_ready_i);
    wires = words(rtl_.wires_i);
    signals = words(rtl_.signals_o);
  }

  void eval(bool clock, bool reset_n) override {
    rtl_.clk_i = clock ? 1 : 0;
    rtl_.rst_ni = reset_n ? 1 : 0;
    rtl_.eval();
  }

 private:
  static VerilatedContext* started(VerilatedContext& context) {
    context.randReset(2);
    context.randSeed(7);
    return &context;
  }
  template <typename Vector>
  static std::uint32_t* words(Vector& vector) {
    return reinterpret_cast<std::uint32_t*>(&vector);
  }

  VerilatedContext context_;
  V rtl_;
};

enum class Side { kGenerated, kReference };

inline std::unique_ptr<Model> model_of(Side side) {
  if (side == Side::kGenerated) return std::make_unique<ModelOf<Vqor_generated>>();
  return std::make_unique<ModelOf<Vqor_reference>>();
}

inline std::string name_of(const testing::TestParamInfo<Side>& info) {
  return info.param == Side::kGenerated ? "Generated" : "Reference";
}

/// A test of one side; `bench` names the kernel by its number in qor_kernels.sv.
class Lockstep : public testing::TestWithParam<Side> {
 protected:
  Lockstep() : model_(model_of(GetParam())) {}
  Bench bench(int number) { return Bench(*model_, number); }

 private:
  std::unique_ptr<Model> model_;
};

}  // namespace sockwire::qor
