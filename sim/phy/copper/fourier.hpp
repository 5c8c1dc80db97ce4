// SPDX-License-Identifier: Apache-2.0
// The discrete Fourier transform, for filters and spectra.
#pragma once

#include <complex>
#include <vector>

namespace sockwire::sim {

/// In place, radix 2; `sign` -1 forward, +1 backward without the division by the size. Precondition: the size is a
/// power of two.
void fourier_transform(std::vector<std::complex<double>>& values, int sign);

}  // namespace sockwire::sim
