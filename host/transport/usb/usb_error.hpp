// SPDX-License-Identifier: Apache-2.0
// Why a card on USB cannot be used.
#pragma once

#include <cstdint>
#include <string>

namespace sockwire::transport {

enum class UsbProblem : std::uint8_t {
  kNoUsb,         ///< this machine has none, or hides it
  kNotFound,      ///< no such card is plugged in
  kAmbiguous,     ///< there are several, and none was chosen
  kNoPermission,  ///< the udev rule is missing
  kBusy,          ///< another program has it
  kWrongDevice,   ///< the chip is there, but not on a board that is known
  kFailed,        ///< it does not do what it should
};

struct UsbError {
  UsbProblem problem = UsbProblem::kFailed;
  std::string message;  ///< one line for people: what is wrong, and what to do
};

}  // namespace sockwire::transport
