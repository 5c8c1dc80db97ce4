// SPDX-License-Identifier: Apache-2.0
// As much of HTTP/1.1 (RFC 9112) as it takes to fetch a file, and to serve one. Sans-IO: bytes in, bytes out.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/result.hpp"

namespace sockwire::apps {

/// http://HOST[:PORT][/PATH]; an IPv6 address stands in brackets (RFC 3986 3.2.2).
struct Url {
  std::string host;  ///< A name, or an address (IPv6 without its brackets).
  std::uint16_t port = 80;
  std::string authority;     ///< As it stands in the URL; the Host field.
  std::string target = "/";  ///< Path and query.

  /// The error is one line that says what was expected.
  static Result<Url, std::string> parse(std::string_view text);
};

/// "10.18.0.1:5001", "server.lan:5001", "[2001:db8::1]:5001".
struct HostPort {
  std::string host;  ///< As in Url.
  std::uint16_t port = 0;
  static Result<HostPort, std::string> parse(std::string_view text);
};

/// A GET request that asks for the connection to be closed afterwards.
std::string http_get(const Url& url);

/// Whether it is a name or an address, as a URL has them.
bool is_host(std::string_view text);

/// Reads one response: its head, and its body by length, in chunks, or until the connection closes (RFC 9112 6.3).
class HttpResponseReader {
 public:
  /// Takes bytes as they come; what they hold of the body is appended to `body`. Bytes after the end are ignored.
  void feed(std::span<const std::uint8_t> bytes, std::vector<std::uint8_t>& body);

  /// The peer has closed: completes a body without a length, and is an error for any other that is not complete.
  void end_of_stream();

  bool complete() const { return state_ == State::kComplete; }
  bool failed() const { return state_ == State::kFailed; }
  /// One line, if failed().
  const std::string& error() const { return error_; }
  /// The head has come; status(), reason() and content_length() are known.
  bool head_complete() const { return head_complete_; }
  int status() const { return status_; }
  const std::string& reason() const { return reason_; }
  std::optional<std::uint64_t> content_length() const { return content_length_; }

 private:
  enum class State : std::uint8_t {
    kStatusLine,
    kFields,
    kLength,
    kUntilClose,
    kChunkSize,
    kChunk,
    kChunkEnd,
    kTrailers,
    kComplete,
    kFailed
  };

  void line_complete();
  void status_line();
  void field_line();
  void head_done();
  void chunk_size_line();
  void fail(std::string message);

  State state_ = State::kStatusLine;
  std::string line_;
  std::string error_;
  bool head_complete_ = false;
  int status_ = 0;
  std::string reason_;
  std::optional<std::uint64_t> content_length_;
  bool chunked_ = false;
  std::uint64_t remaining_ = 0;  ///< of the body or the chunk
};

}  // namespace sockwire::apps
