// SPDX-License-Identifier: Apache-2.0
// The Verilated kernels of one batch. Generated beside the model, so that its headers are read once.
#pragma once

#include <cstdint>

namespace sockwire::fuzz {

void model_evaluate(bool clock, bool reset_n);
/// The packed inputs and outputs of a kernel, by its number in the batch.
std::uint32_t* model_inputs(int kernel);
const std::uint32_t* model_outputs(int kernel);

}  // namespace sockwire::fuzz
