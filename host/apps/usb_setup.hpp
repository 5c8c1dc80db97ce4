// SPDX-License-Identifier: Apache-2.0
// --card usb: a real card, on a USB cable.
#pragma once

#include "host/apps/setup.hpp"

namespace sockwire::apps {

/// Opens the card and shakes hands with it. The error is one line for people.
Result<std::unique_ptr<Setup>, std::string> make_usb_setup(const Options& options);

}  // namespace sockwire::apps
