// SPDX-License-Identifier: Apache-2.0
#include "host/transport/usb/usb_card.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <utility>

namespace sockwire::transport {
namespace {

constexpr unsigned kControlTimeoutMs = 500;
constexpr const char* kUdevRule = "70-sockwire-usb.rules";
constexpr const char* kMaker = "Digilent";

std::string port_of(libusb_device* device) {
  std::array<std::uint8_t, 8> ports{};
  const int depth = libusb_get_port_numbers(device, ports.data(), static_cast<int>(ports.size()));
  std::string path = std::to_string(libusb_get_bus_number(device));
  for (int i = 0; i < depth; ++i) path += (i == 0 ? "-" : ".") + std::to_string(ports[static_cast<std::size_t>(i)]);
  return path;
}

/// The FT2232Hs that are plugged in, by bus and port, kept from being freed.
class Devices {
 public:
  explicit Devices(libusb_context* context) {
    libusb_device** all = nullptr;
    const ssize_t count = libusb_get_device_list(context, &all);
    for (ssize_t i = 0; i < count; ++i) {
      libusb_device_descriptor descriptor{};
      const bool chip = libusb_get_device_descriptor(all[i], &descriptor) == LIBUSB_SUCCESS &&
                        descriptor.idVendor == ftdi::kVendor && descriptor.idProduct == ftdi::kFt2232h;
      if (chip) devices_.push_back(libusb_ref_device(all[i]));
    }
    if (count >= 0) libusb_free_device_list(all, 1);
    std::sort(devices_.begin(), devices_.end(),
              [](libusb_device* left, libusb_device* right) { return port_of(left) < port_of(right); });
  }
  ~Devices() {
    for (libusb_device* one : devices_) libusb_unref_device(one);
  }
  Devices(const Devices&) = delete;
  Devices& operator=(const Devices&) = delete;

  const std::vector<libusb_device*>& all() const { return devices_; }

 private:
  std::vector<libusb_device*> devices_;
};

std::string attribute(const std::string& port, const char* name) {
  std::ifstream file("/sys/bus/usb/devices/" + port + "/" + name);
  std::string line;
  std::getline(file, line);
  return line;
}

CardInfo describe(libusb_device* device) {
  CardInfo info;
  info.bus = libusb_get_bus_number(device);
  info.address = libusb_get_device_address(device);
  info.port = port_of(device);
  info.serial = attribute(info.port, "serial");
  info.manufacturer = attribute(info.port, "manufacturer");
  info.product = attribute(info.port, "product");
  return info;
}

std::string called(const CardInfo& card) {
  return card.serial.empty() ? "the card on USB " + card.port : "card " + card.serial + " on USB " + card.port;
}

std::string file_of(const CardInfo& card) {
  std::array<char, 32> path{};
  std::snprintf(path.data(), path.size(), "/dev/bus/usb/%03u/%03u", card.bus, card.address);
  return path.data();
}

/// Whether interface B has the two pipes of a UART at high speed.
bool has_uart(libusb_device* device) {
  libusb_config_descriptor* configuration = nullptr;
  if (libusb_get_active_config_descriptor(device, &configuration) != LIBUSB_SUCCESS) return false;
  unsigned found = 0;
  if (configuration->bNumInterfaces > ftdi::kUartInterface) {
    const libusb_interface& one = configuration->interface[ftdi::kUartInterface];
    const int endpoints = one.num_altsetting > 0 ? one.altsetting[0].bNumEndpoints : 0;
    for (int i = 0; i < endpoints; ++i) {
      const libusb_endpoint_descriptor& pipe = one.altsetting[0].endpoint[i];
      const bool ours = pipe.bEndpointAddress == ftdi::kUartIn || pipe.bEndpointAddress == ftdi::kUartOut;
      if (ours && pipe.wMaxPacketSize == ftdi::kPacketBytes) ++found;
    }
  }
  libusb_free_config_descriptor(configuration);
  return found == 2;
}

UsbError refused(const CardInfo& card, int code) {
  switch (code) {
    case LIBUSB_ERROR_ACCESS:
      return {UsbProblem::kNoPermission, "no permission to open " + called(card) + " (" + file_of(card) +
                                             "): install " + kUdevRule +
                                             " in /etc/udev/rules.d, and plug the card in again"};
    case LIBUSB_ERROR_BUSY:
      return {UsbProblem::kBusy, called(card) + " is in use by another program: end that one first"};
    case LIBUSB_ERROR_NO_DEVICE:
      return {UsbProblem::kNotFound, called(card) + " has just been unplugged: plug it in again"};
    default:
      return {UsbProblem::kFailed, called(card) + " does not answer (" +
                                       libusb_strerror(static_cast<libusb_error>(code)) + "): plug it in again"};
  }
}

UsbError without_uart(const CardInfo& card) {
  return {
      UsbProblem::kWrongDevice,
      called(card) + " has no UART on its channel B at high speed: use a USB 2.0 port, and a board like the Arty A7"};
}

UsbError other_board(const CardInfo& card) {
  return {UsbProblem::kWrongDevice,
          called(card) + " is an FT2232H of '" + card.manufacturer +
              "', which is no Digilent board: if it is a card all the same, choose it by its serial number"};
}

CardState state_of(UsbProblem problem) {
  switch (problem) {
    case UsbProblem::kNoPermission:
      return CardState::kNoPermission;
    case UsbProblem::kBusy:
      return CardState::kBusy;
    default:
      return CardState::kBroken;
  }
}

/// Opens it for a moment. A kernel's driver on the UART is no obstacle: it makes way.
int try_open(libusb_device* device) {
  libusb_device_handle* handle = nullptr;
  int code = libusb_open(device, &handle);
  if (code != LIBUSB_SUCCESS) return code;
  if (libusb_kernel_driver_active(handle, ftdi::kUartInterface) != 1) {
    code = libusb_claim_interface(handle, ftdi::kUartInterface);
    if (code == LIBUSB_SUCCESS) libusb_release_interface(handle, ftdi::kUartInterface);
  }
  libusb_close(handle);
  return code;
}

CardInfo examine(libusb_device* device) {
  CardInfo info = describe(device);
  const auto because = [&](CardState state, const UsbError& error) {
    info.state = state;
    info.reason = error.message;
    return info;
  };
  if (!has_uart(device)) return because(CardState::kBroken, without_uart(info));
  const int code = try_open(device);
  if (code != LIBUSB_SUCCESS) {
    const UsbError error = refused(info, code);
    return because(state_of(error.problem), error);
  }
  if (info.manufacturer != kMaker) return because(CardState::kOtherBoard, other_board(info));
  return info;
}

std::string serials_of(const std::vector<CardInfo>& cards) {
  std::string all;
  for (const CardInfo& card : cards) {
    all += (all.empty() ? "" : ", ") + (card.serial.empty() ? "one without, on USB " + card.port : card.serial);
  }
  return all;
}

/// Which of them is meant, as an index.
Result<std::size_t, UsbError> choose(const std::vector<CardInfo>& cards, const std::string& serial) {
  const auto meant = [&](const CardInfo& card) {
    return serial.empty() ? card.manufacturer == kMaker : card.serial == serial;
  };
  const auto count = std::count_if(cards.begin(), cards.end(), meant);
  const auto first = std::find_if(cards.begin(), cards.end(), meant);
  if (count == 1) return static_cast<std::size_t>(first - cards.begin());
  if (count > 1) {
    return Failure{UsbError{
        UsbProblem::kAmbiguous,
        std::to_string(count) + " cards are on USB: say which by its serial number (" + serials_of(cards) + ")"}};
  }
  if (cards.empty()) {
    return Failure{
        UsbError{UsbProblem::kNotFound, "no card is on USB: plug in the board's USB cable, and see 'sockwire cards'"}};
  }
  if (serial.empty()) return Failure{other_board(cards.front())};
  return Failure{UsbError{UsbProblem::kNotFound,
                          "no card with the serial number " + serial + " is on USB: there is " + serials_of(cards)}};
}

}  // namespace

const char* name_of(CardState state) {
  switch (state) {
    case CardState::kReady:
      return "ready";
    case CardState::kBusy:
      return "busy";
    case CardState::kNoPermission:
      return "no permission";
    case CardState::kOtherBoard:
      return "other board";
    case CardState::kBroken:
      return "broken";
  }
  return "";
}

std::vector<CardInfo> list_cards(UsbContext& usb) {
  const Devices devices(usb.get());
  std::vector<CardInfo> cards;
  for (libusb_device* device : devices.all()) cards.push_back(examine(device));
  return cards;
}

Result<std::vector<CardInfo>, UsbError> list_cards() {
  auto usb = UsbContext::open();
  if (!usb) return Failure{usb.error()};
  return list_cards(*usb.value());
}

Result<std::unique_ptr<UsbCard>, UsbError> UsbCard::open(UsbContext& usb, const std::string& serial,
                                                         const ftdi::Divisor& rate, unsigned latency_ms) {
  const Devices devices(usb.get());
  std::vector<CardInfo> cards;
  for (libusb_device* device : devices.all()) cards.push_back(describe(device));
  const auto chosen = choose(cards, serial);
  if (!chosen) return Failure{chosen.error()};
  libusb_device* const device = devices.all()[chosen.value()];
  CardInfo& info = cards[chosen.value()];
  if (!has_uart(device)) return Failure{without_uart(info)};
  libusb_device_handle* handle = nullptr;
  const int code = libusb_open(device, &handle);
  if (code != LIBUSB_SUCCESS) return Failure{refused(info, code)};
  std::unique_ptr<UsbCard> card(new UsbCard(handle, std::move(info)));
  if (const auto claimed = card->claim(); !claimed) return Failure{claimed.error()};
  if (const auto set = card->set_up(rate, latency_ms); !set) return Failure{set.error()};
  return card;
}

UsbCard::~UsbCard() {
  if (claimed_) libusb_release_interface(handle_, ftdi::kUartInterface);  // and the kernel's driver is back
  libusb_close(handle_);
}

Result<void, UsbError> UsbCard::claim() {
  libusb_set_auto_detach_kernel_driver(handle_, 1);
  const int code = libusb_claim_interface(handle_, ftdi::kUartInterface);
  if (code != LIBUSB_SUCCESS) return Failure{refused(info_, code)};
  claimed_ = true;
  return {};
}

Result<void, UsbError> UsbCard::set_up(const ftdi::Divisor& rate, unsigned latency_ms) {
  struct Step {
    ftdi::Request request;
    std::uint16_t value;
    std::uint16_t index;
  };
  const std::array<Step, 7> steps{{
      {ftdi::Request::kReset, ftdi::kResetAll, ftdi::kUartIndex},
      {ftdi::Request::kSetData, ftdi::kEightNoneOne, ftdi::kUartIndex},
      {ftdi::Request::kSetFlowControl, 0, ftdi::kUartIndex},
      {ftdi::Request::kSetLatencyTimer, static_cast<std::uint16_t>(latency_ms), ftdi::kUartIndex},
      {ftdi::Request::kSetBaudRate, rate.value, rate.index},
      {ftdi::Request::kReset, ftdi::kPurgeFromHost, ftdi::kUartIndex},
      {ftdi::Request::kReset, ftdi::kPurgeToHost, ftdi::kUartIndex},
  }};
  for (const std::uint8_t endpoint : {ftdi::kUartIn, ftdi::kUartOut}) {
    const int code = libusb_clear_halt(handle_, endpoint);
    if (code != LIBUSB_SUCCESS) return Failure{refused(info_, code)};
  }
  for (const Step& step : steps) {
    const int code = libusb_control_transfer(handle_, ftdi::kVendorOut, static_cast<std::uint8_t>(step.request),
                                             step.value, step.index, nullptr, 0, kControlTimeoutMs);
    if (code < 0) return Failure{refused(info_, code)};
  }
  return {};
}

}  // namespace sockwire::transport
