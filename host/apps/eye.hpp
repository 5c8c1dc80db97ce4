// SPDX-License-Identifier: Apache-2.0
// `sockwire eye`: the eye diagram and the spectrum of a copper line, as one SVG.
#pragma once

#include <string>

#include "host/apps/options.hpp"
#include "sim/cosim/oscilloscope.hpp"

namespace sockwire::apps {

/// Left the eye: traces of two symbols over one another. Right the spectrum up to four times the symbol rate's half.
std::string eye_svg(const sim::ScopeTrace& trace, sim::ScopePoint point, const std::string& title);

/// Writes the file; `output` of "-" is standard output. Returns an exit status; says what is wrong.
int run_eye(const sim::LineSettings& line, sim::ScopePoint point, std::size_t symbols, const std::string& output);

}  // namespace sockwire::apps
