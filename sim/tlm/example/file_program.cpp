// SPDX-License-Identifier: Apache-2.0
#include "sim/tlm/example/file_program.hpp"

#include <array>

namespace sockwire::sim::example {

bool FileProgram::turn() {
  if (done()) return false;
  if (connection_ < 0) return open();
  return sends_ ? send_some() : receive_some();
}

// Notes what is wrong, unless it is only that something takes its time. Returns false: nothing was done.
bool FileProgram::check(const SocketError& error) {
  const bool waits = error.code == SocketErrc::kWouldBlock || error.code == SocketErrc::kInProgress ||
                     error.code == SocketErrc::kNotConnected;
  if (!waits) failure_ = error.message;
  return false;
}

bool FileProgram::open() {
  if (role_.connect_to) {
    connection_ = *host_->socket();
    static_cast<void>(host_->set_nonblocking(connection_, true));
    if (const auto connecting = host_->connect(connection_, *role_.connect_to); !connecting) check(connecting.error());
    return true;
  }
  if (listener_ < 0) {
    listener_ = *host_->socket();
    static_cast<void>(host_->set_nonblocking(listener_, true));
    if (const auto bound = host_->bind(listener_, {{}, role_.listen_port}); !bound) return check(bound.error());
    if (const auto listening = host_->listen(listener_, 1); !listening) return check(listening.error());
  }
  const auto accepted = host_->accept(listener_);
  if (!accepted) return check(accepted.error());
  connection_ = *accepted;
  static_cast<void>(host_->set_nonblocking(connection_, true));
  return true;
}

bool FileProgram::send_some() {
  if (sent_ == file_.size()) {
    // An empty file: there is nothing to close before there is a connection.
    PollRequest request;
    request.descriptor = connection_;
    request.want_writable = true;
    if (const auto answers = host_->poll({&request, 1}, Duration(0)); !answers) return check(answers.error());
    if (!request.writable) return false;
    finish();
    return true;
  }
  const auto taken = host_->send(connection_, std::span(file_).subspan(sent_));
  if (!taken) return check(taken.error());
  sent_ += *taken;
  return *taken > 0;
}

bool FileProgram::receive_some() {
  std::array<std::uint8_t, 16384> piece;
  const auto got = host_->recv(connection_, piece);
  if (!got) return check(got.error());
  file_.insert(file_.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(*got));
  if (*got == 0) finish();
  return true;
}

// The stack goes on by itself: what was sent is delivered, and FIN exchanged.
void FileProgram::finish() {
  static_cast<void>(host_->close(connection_));
  if (listener_ >= 0) static_cast<void>(host_->close(listener_));
  done_ = true;
}

}  // namespace sockwire::sim::example
