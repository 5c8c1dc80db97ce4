// SPDX-License-Identifier: Apache-2.0
#include "sim/usb/virtual_byte_link.hpp"

#include <algorithm>

#include "host/transport/usb/ftdi.hpp"

namespace sockwire::sim {

namespace ftdi = transport::ftdi;

VirtualByteLink::VirtualByteLink(HostController& controller, Ft2232h& chip) : controller_(controller), chip_(chip) {
  open();
}

bool VirtualByteLink::request(std::uint8_t request, std::uint16_t value, std::uint16_t index) {
  const UsbSetup setup{ftdi::kVendorOut, request, value, index, 0};
  return controller_.control(setup, {}).outcome == UsbOutcome::kDone;
}

void VirtualByteLink::open() {
  if (!chip_.plugged()) return;
  constexpr std::uint8_t kReset = static_cast<std::uint8_t>(ftdi::Request::kReset);
  const UsbSetup configure{0x00, static_cast<std::uint8_t>(UsbRequest::kSetConfiguration), 1, 0, 0};
  static_cast<void>(controller_.control(configure, {}));
  request(kReset, ftdi::kResetAll, ftdi::kUartIndex);
  request(static_cast<std::uint8_t>(ftdi::Request::kSetLatencyTimer), 1, ftdi::kUartIndex);
  open_ = true;
  ++session_;
  first_id_ = next_id_;
  in_.clear();
  out_transfers_ = out_bytes_ = 0;
  set_baud(baud_);
  for (std::size_t i = 0; i < kInTransfers; ++i) controller_.submit_in(next_id_++, ftdi::kUartIn, kInBytes);
}

void VirtualByteLink::poll() {
  while (const auto transfer = controller_.take_completed()) on_completed(*transfer);
  if (open_ && !chip_.plugged()) {
    open_ = false;
    ++counters_.losses;
    in_.clear();
  }
  if (!open_) open();
}

void VirtualByteLink::on_completed(const CompletedTransfer& transfer) {
  if (transfer.id < first_id_ || transfer.outcome != UsbOutcome::kDone) return;
  if (transfer.endpoint == ftdi::kUartOut) {
    --out_transfers_;
    out_bytes_ -= transfer.bytes;
    return;
  }
  std::vector<std::uint8_t> data = transfer.data;
  const ftdi::LineReport report = ftdi::strip_status(data);
  in_.insert(in_.end(), data.begin(), data.begin() + static_cast<std::ptrdiff_t>(report.payload_bytes));
  counters_.bytes_in += report.payload_bytes;
  counters_.overruns += report.overruns;
  counters_.framing_errors += report.framing_errors;
  if (report.any) transmitter_empty_ = report.transmitter_empty;
  controller_.submit_in(next_id_++, ftdi::kUartIn, kInBytes);
}

std::size_t VirtualByteLink::room() const { return open_ ? (kOutTransfers - out_transfers_) * kOutBytes : 0; }

std::size_t VirtualByteLink::write(std::span<const std::uint8_t> bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size() && open_ && out_transfers_ < kOutTransfers) {
    const auto part = bytes.subspan(taken, std::min(bytes.size() - taken, kOutBytes));
    ++out_transfers_;
    out_bytes_ += part.size();
    taken += part.size();
    controller_.submit_out(next_id_++, ftdi::kUartOut, {part.begin(), part.end()});
  }
  counters_.bytes_out += taken;
  return taken;
}

std::size_t VirtualByteLink::read(std::span<std::uint8_t> out) {
  const std::size_t count = std::min(out.size(), in_.size());
  std::copy_n(in_.begin(), count, out.begin());
  in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(count));
  return count;
}

std::uint32_t VirtualByteLink::nearest_baud(std::uint32_t baud) const {
  const auto divisor = ftdi::divisor_for(baud);
  return divisor ? divisor->baud : 0;
}

bool VirtualByteLink::set_baud(std::uint32_t baud) {
  const auto divisor = ftdi::divisor_for(baud);
  if (!divisor) return false;
  baud_ = baud;
  return open_ && request(static_cast<std::uint8_t>(ftdi::Request::kSetBaudRate), divisor->value, divisor->index);
}

}  // namespace sockwire::sim
