// SPDX-License-Identifier: Apache-2.0
#include "sim/usb/model_byte_link.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

namespace sockwire::sim {

namespace ftdi = transport::ftdi;

ModelByteLink::ModelByteLink(HostController& port, const ModelLinkSettings& settings)
    : port_(port),
      settings_(settings),
      rate_(ftdi::divisor_for(settings.baud).value_or(ftdi::Divisor{})),
      capacity_bytes_(settings.out_transfers * settings.out_transfer_bytes) {
  assert(rate_.baud != 0);
}

ModelByteLink::~ModelByteLink() { close(); }

bool ModelByteLink::request(ftdi::Request what, std::uint16_t value, std::uint16_t index) {
  return port_.control({ftdi::kVendorOut, static_cast<std::uint8_t>(what), value, index, 0}, {}).outcome ==
         UsbOutcome::kDone;
}

/// As transport::UsbCard sets the UART up.
bool ModelByteLink::set_up() {
  constexpr std::uint8_t kToEndpoint = 0x02;
  for (const std::uint8_t endpoint : {ftdi::kUartIn, ftdi::kUartOut}) {
    port_.control({kToEndpoint, static_cast<std::uint8_t>(UsbRequest::kClearFeature), 0, endpoint, 0}, {});
  }
  return request(ftdi::Request::kReset, ftdi::kResetAll, ftdi::kUartIndex) &&
         request(ftdi::Request::kSetData, ftdi::kEightNoneOne, ftdi::kUartIndex) &&
         request(ftdi::Request::kSetFlowControl, 0, ftdi::kUartIndex) &&
         request(ftdi::Request::kSetLatencyTimer, static_cast<std::uint16_t>(settings_.latency_ms), ftdi::kUartIndex) &&
         request(ftdi::Request::kSetBaudRate, rate_.value, rate_.index) &&
         request(ftdi::Request::kReset, ftdi::kPurgeFromHost, ftdi::kUartIndex) &&
         request(ftdi::Request::kReset, ftdi::kPurgeToHost, ftdi::kUartIndex);
}

/// Where a request is refused it is tried again at the next poll().
void ModelByteLink::open() {
  if (!set_up()) return;
  open_ = true;
  ++session_;
  transmitter_empty_ = false;
  for (std::size_t i = 0; i < settings_.in_transfers; ++i) submit_in();
}

void ModelByteLink::close() {
  for (const std::uint64_t id : flying_) port_.cancel(id);
  flying_.clear();
  flying_out_ = 0;
  received_.clear();
  gathered_.clear();
  queued_ = 0;
  open_ = false;
}

void ModelByteLink::poll() {
  bool failed = false;
  while (auto done = port_.take_completed()) {
    const auto found = std::find(flying_.begin(), flying_.end(), done->id);
    if (found == flying_.end()) continue;  // of an earlier session
    flying_.erase(found);
    failed |= done->outcome != UsbOutcome::kDone;
    if (!failed) take(*done);
  }
  if (open_ && (failed || !port_.plugged())) {
    ++counters_.losses;
    return close();
  }
  if (!open_ && port_.plugged()) open();
  if (open_ && flying_out_ == 0) submit_out();
}

void ModelByteLink::take(CompletedTransfer& done) {
  if (done.endpoint == ftdi::kUartOut) {
    --flying_out_;
    queued_ -= done.bytes;
    transmitter_empty_ = false;
    return;
  }
  const ftdi::LineReport report = ftdi::strip_status(done.data);
  counters_.overruns += report.overruns;
  counters_.framing_errors += report.framing_errors;
  if (report.any) transmitter_empty_ = report.transmitter_empty;
  done.data.resize(report.payload_bytes);
  if (done.data.empty()) return submit_in();
  received_.push_back({std::move(done.data)});
}

void ModelByteLink::submit_in() {
  flying_.push_back(next_id_);
  port_.submit_in(next_id_++, ftdi::kUartIn, settings_.in_transfer_bytes);
}

void ModelByteLink::submit_out() {
  if (gathered_.empty()) return;
  flying_.push_back(next_id_);
  ++flying_out_;
  port_.submit_out(next_id_++, ftdi::kUartOut, std::exchange(gathered_, {}));
}

std::size_t ModelByteLink::write(std::span<const std::uint8_t> bytes) {
  const std::size_t taken = std::min(bytes.size(), room());
  for (std::size_t at = 0; at < taken;) {
    const std::size_t part = std::min(taken - at, settings_.out_transfer_bytes - gathered_.size());
    const auto from = bytes.subspan(at, part);
    gathered_.insert(gathered_.end(), from.begin(), from.end());
    at += part;
    if (gathered_.size() == settings_.out_transfer_bytes) submit_out();
  }
  queued_ += taken;
  counters_.bytes_out += taken;
  if (flying_out_ == 0) submit_out();
  return taken;
}

std::size_t ModelByteLink::read(std::span<std::uint8_t> out) {
  std::size_t given = 0;
  while (given < out.size() && !received_.empty()) {
    Received& oldest = received_.front();
    const std::size_t part = std::min(out.size() - given, oldest.bytes.size() - oldest.consumed);
    std::memcpy(out.data() + given, oldest.bytes.data() + oldest.consumed, part);
    given += part;
    oldest.consumed += part;
    if (oldest.consumed < oldest.bytes.size()) break;
    received_.pop_front();
    submit_in();
  }
  counters_.bytes_in += given;
  return given;
}

std::uint32_t ModelByteLink::nearest_baud(std::uint32_t baud) const {
  const auto divisor = ftdi::divisor_for(baud);
  return divisor ? divisor->baud : 0;
}

bool ModelByteLink::set_baud(std::uint32_t baud) {
  const auto divisor = ftdi::divisor_for(baud);
  if (!divisor || !open_) return false;
  rate_ = *divisor;
  if (request(ftdi::Request::kSetBaudRate, rate_.value, rate_.index)) return true;
  ++counters_.losses;
  close();
  return false;
}

}  // namespace sockwire::sim
