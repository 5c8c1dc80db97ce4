// SPDX-License-Identifier: Apache-2.0
// A waveform of a journey without a line code: the octets at both ends, and calls and packets as markers. Where there
// is a code, its line writes the same and the symbols (sim/wave/line_wave.hpp).
#pragma once

#include <string>
#include <vector>

#include "host/apps/options.hpp"
#include "host/base/result.hpp"
#include "sim/journey/packets.hpp"

namespace sockwire::apps {

/// Where it goes; empty if none is asked for. A Verilated card has FILE.fst for itself: then it is FILE.line.fst.
std::string octet_wave_path(const Options& options);

/// For GTKWave (FST), in the world's time. The error is one line.
Result<void, std::string> write_octet_wave(const std::string& path, const journey::Recording& recording,
                                           const std::vector<journey::Packet>& packets);

}  // namespace sockwire::apps
