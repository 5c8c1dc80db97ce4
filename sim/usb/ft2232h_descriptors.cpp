// SPDX-License-Identifier: Apache-2.0
// How the chip describes itself: USB 2.0, 9.6.
#include <array>
#include <cstddef>

#include "sim/usb/ft2232h.hpp"

namespace sockwire::sim {
namespace {

constexpr std::uint8_t low(unsigned value) { return static_cast<std::uint8_t>(value); }
constexpr std::uint8_t high(unsigned value) { return static_cast<std::uint8_t>(value >> 8); }

constexpr std::uint8_t kManufacturerString = 1;
constexpr std::uint8_t kProductString = 2;
constexpr std::uint8_t kSerialString = 3;
constexpr std::uint8_t kVendorClass = 0xff;
constexpr std::uint16_t kUsEnglish = 0x0409;

std::vector<std::uint8_t> device_descriptor() {
  return {18,
          low(static_cast<unsigned>(UsbDescriptor::kDevice)),
          0x00,
          0x02,  // USB 2.0
          0,
          0,
          0,
          64,  // each interface says its class; packets of endpoint 0
          low(kFtdiVendor),
          high(kFtdiVendor),
          low(kFt2232hProduct),
          high(kFt2232hProduct),
          0x00,
          0x07,  // release 7.00: by this drivers know the FT2232H from its ancestors
          kManufacturerString,
          kProductString,
          kSerialString,
          1};
}

void append_interface(std::vector<std::uint8_t>& all, std::uint8_t number, std::uint8_t in, std::uint8_t out) {
  const std::array<std::uint8_t, 9> interface{9,
                                              low(static_cast<unsigned>(UsbDescriptor::kInterface)),
                                              number,
                                              0,
                                              2,
                                              kVendorClass,
                                              kVendorClass,
                                              kVendorClass,
                                              kProductString};
  all.insert(all.end(), interface.begin(), interface.end());
  for (const std::uint8_t endpoint : {in, out}) {
    const std::array<std::uint8_t, 7> bulk{7,
                                           low(static_cast<unsigned>(UsbDescriptor::kEndpoint)),
                                           endpoint,
                                           2,
                                           low(Ft2232h::kPacketBytes),
                                           high(Ft2232h::kPacketBytes),
                                           0};
    all.insert(all.end(), bulk.begin(), bulk.end());
  }
}

std::vector<std::uint8_t> configuration_descriptor() {
  std::vector<std::uint8_t> all{9,  low(static_cast<unsigned>(UsbDescriptor::kConfiguration)), 0, 0, 2, 1, 0, 0x80,
                                250};  // 500 mA from the bus
  append_interface(all, 0, Ft2232h::kJtagIn, Ft2232h::kJtagOut);
  append_interface(all, 1, Ft2232h::kUartIn, Ft2232h::kUartOut);
  all[2] = low(static_cast<unsigned>(all.size()));
  all[3] = high(static_cast<unsigned>(all.size()));
  return all;
}

std::vector<std::uint8_t> qualifier_descriptor() {
  return {10, low(static_cast<unsigned>(UsbDescriptor::kDeviceQualifier)), 0x00, 0x02, 0, 0, 0, 64, 1, 0};
}

std::vector<std::uint8_t> string_descriptor(const std::string& ascii) {
  std::vector<std::uint8_t> all{low(static_cast<unsigned>(2 + 2 * ascii.size())),
                                low(static_cast<unsigned>(UsbDescriptor::kString))};
  for (const char letter : ascii) {
    all.push_back(static_cast<std::uint8_t>(letter));
    all.push_back(0);
  }
  return all;
}

}  // namespace

std::vector<std::uint8_t> Ft2232h::descriptors() const {
  std::vector<std::uint8_t> all = device_descriptor();
  const std::vector<std::uint8_t> configuration = configuration_descriptor();
  all.insert(all.end(), configuration.begin(), configuration.end());
  return all;
}

UsbControlReply Ft2232h::descriptor(UsbDescriptor type, std::uint8_t number) const {
  switch (type) {
    case UsbDescriptor::kDevice:
      return {UsbOutcome::kDone, device_descriptor()};
    case UsbDescriptor::kConfiguration:
      return {number == 0 ? UsbOutcome::kDone : UsbOutcome::kStall, configuration_descriptor()};
    case UsbDescriptor::kDeviceQualifier:
      return {UsbOutcome::kDone, qualifier_descriptor()};
    case UsbDescriptor::kString:
      switch (number) {
        case 0:
          return {UsbOutcome::kDone, {4, low(static_cast<unsigned>(type)), low(kUsEnglish), high(kUsEnglish)}};
        case kManufacturerString:
          return {UsbOutcome::kDone, string_descriptor(settings_.manufacturer)};
        case kProductString:
          return {UsbOutcome::kDone, string_descriptor(settings_.product)};
        case kSerialString:
          return {UsbOutcome::kDone, string_descriptor(settings_.serial)};
        default:
          return {UsbOutcome::kStall, {}};
      }
    default:
      return {UsbOutcome::kStall, {}};
  }
}

}  // namespace sockwire::sim
