// SPDX-License-Identifier: Apache-2.0
// What the command line takes for a number, a time, an address: each says what is wrong with a text that is none.
#pragma once

#include <CLI/CLI.hpp>

namespace sockwire::apps {

CLI::Validator probability();
/// native, verilator, usb or usb:SERIAL
CLI::Validator card_name();
CLI::Validator duration();
/// ADDRESS/BITS
CLI::Validator prefix();
CLI::Validator address();
/// A name or an address.
CLI::Validator host_name();

}  // namespace sockwire::apps
