// SPDX-License-Identifier: Apache-2.0
#include "host/apps/http.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "host/base/ip_address.hpp"
#include "host/stack/dns/dns_name.hpp"

namespace sockwire::apps {

namespace {

constexpr std::size_t kLongestLine = 16384;

std::optional<std::uint64_t> parse_number(std::string_view text, int base) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

struct HostAndPort {
  std::string host;
  std::optional<std::string_view> port;
};

/// "HOST", "HOST:PORT", "[IPV6]", "[IPV6]:PORT" (RFC 3986 3.2.2). Nothing if HOST is neither a name nor an address.
std::optional<HostAndPort> split_port(std::string_view text) {
  HostAndPort parts;
  std::string_view rest;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    parts.host = std::string(text.substr(1, end - 1));
    rest = text.substr(end + 1);
    const auto address = IpAddress::parse(parts.host);
    if (!address || address->is_ipv4()) return std::nullopt;
  } else {
    const auto colon = std::min(text.find(':'), text.size());
    parts.host = std::string(text.substr(0, colon));
    rest = text.substr(colon);
    if (!is_host(parts.host)) return std::nullopt;
  }
  if (rest.empty()) return parts;
  if (rest.front() != ':') return std::nullopt;
  parts.port = rest.substr(1);
  return parts;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  const auto port = parse_number(text, 10);
  if (!port || *port == 0 || *port > 65535) return std::nullopt;
  return static_cast<std::uint16_t>(*port);
}

}  // namespace

Result<Url, std::string> Url::parse(std::string_view text) {
  const std::string quoted = "'" + std::string(text) + "'";
  constexpr std::string_view kScheme = "http://";
  if (text.substr(0, 8) == "https://") return Failure{quoted + ": https is not spoken, only http://HOST[:PORT]/PATH"};
  if (text.substr(0, kScheme.size()) != kScheme) {
    return Failure{quoted + " is no URL of the form http://HOST[:PORT]/PATH"};
  }
  text.remove_prefix(kScheme.size());
  if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c <= ' ' || c == 0x7f; })) {
    return Failure{quoted + " has blanks or control characters in it; write a blank as %20"};
  }
  Url url;
  const auto slash = text.find_first_of("/?#");
  url.authority = std::string(text.substr(0, slash));
  if (slash != std::string_view::npos) {
    const auto rest = text.substr(slash);
    url.target = std::string(rest.substr(0, rest.find('#')));
    if (url.target.empty() || url.target.front() != '/') url.target.insert(0, "/");
  }
  const auto parts = split_port(url.authority);
  if (!parts) return Failure{"'" + url.authority + "' is neither a name nor an address"};
  url.host = parts->host;
  if (parts->port) {
    const auto port = parse_port(*parts->port);
    if (!port) return Failure{quoted + " has a port that is not between 1 and 65535"};
    url.port = *port;
  }
  return url;
}

Result<HostPort, std::string> HostPort::parse(std::string_view text) {
  const auto parts = split_port(text);
  const auto port = parts && parts->port ? parse_port(*parts->port) : std::nullopt;
  if (!port) return Failure{"'" + std::string(text) + "' is not of the form HOST:PORT, such as 10.18.0.1:5001"};
  return HostPort{parts->host, *port};
}

bool is_host(std::string_view text) {
  const auto name = stack::dns::Name::parse(text);
  return IpAddress::parse(text) || (name && name->can_be_host());
}

std::string http_get(const Url& url) {
  return "GET " + url.target + " HTTP/1.1\r\nHost: " + url.authority +
         "\r\nUser-Agent: sockwire\r\nAccept: */*\r\nConnection: close\r\n\r\n";
}

void HttpResponseReader::fail(std::string message) {
  state_ = State::kFailed;
  error_ = std::move(message);
}

void HttpResponseReader::feed(std::span<const std::uint8_t> bytes, std::vector<std::uint8_t>& body) {
  while (!bytes.empty() && state_ != State::kComplete && state_ != State::kFailed) {
    if (state_ == State::kUntilClose) {
      body.insert(body.end(), bytes.begin(), bytes.end());
      return;
    }
    if (state_ == State::kLength || state_ == State::kChunk) {
      const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, bytes.size()));
      body.insert(body.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(taken));
      bytes = bytes.subspan(taken);
      remaining_ -= taken;
      if (remaining_ == 0) state_ = state_ == State::kLength ? State::kComplete : State::kChunkEnd;
      continue;
    }
    const auto byte = static_cast<char>(bytes.front());
    bytes = bytes.subspan(1);
    if (byte != '\n') {
      line_ += byte;
      if (line_.size() > kLongestLine) fail("the server's answer is not HTTP: a line of its head is endless");
      continue;
    }
    if (!line_.empty() && line_.back() == '\r') line_.pop_back();
    line_complete();
    line_.clear();
  }
}

void HttpResponseReader::line_complete() {
  switch (state_) {
    case State::kStatusLine:
      return status_line();
    case State::kFields:
      return line_.empty() ? head_done() : field_line();
    case State::kChunkSize:
      return chunk_size_line();
    case State::kChunkEnd:
      state_ = State::kChunkSize;
      if (!line_.empty()) fail("the server's answer has a chunk that is longer than it says");
      return;
    case State::kTrailers:
      if (line_.empty()) state_ = State::kComplete;
      return;
    default:
      return;
  }
}

void HttpResponseReader::status_line() {
  // RFC 9112 4: HTTP-version SP 3DIGIT SP [reason]
  const std::string_view line = line_;
  const auto status = line.size() >= 12 ? parse_number(line.substr(9, 3), 10).value_or(0) : 0;
  if (line.substr(0, 7) != "HTTP/1." || line[8] != ' ' || status < 100) {
    return fail("the server's answer is not HTTP/1.1");
  }
  status_ = static_cast<int>(status);
  reason_ = std::string(trim(line.substr(12)));
  state_ = State::kFields;
}

void HttpResponseReader::field_line() {
  const std::string_view line = line_;
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return fail("the server's answer has a header line without a colon");
  const auto name = line.substr(0, colon);
  const auto value = trim(line.substr(colon + 1));
  if (equal_ignoring_case(name, "Content-Length")) {
    const auto length = parse_number(value, 10);
    // RFC 9112 6.3: two that differ make the message invalid.
    if (!length || (content_length_ && *content_length_ != *length)) {
      return fail("the server's answer has a Content-Length that makes no sense: " + std::string(value));
    }
    content_length_ = length;
  } else if (equal_ignoring_case(name, "Transfer-Encoding")) {
    if (!equal_ignoring_case(value, "chunked")) {
      return fail("the server's answer has a transfer encoding that is not known here: " + std::string(value));
    }
    chunked_ = true;
  }
}

void HttpResponseReader::head_done() {
  if (status_ < 200) {  // 1xx: the answer proper follows (RFC 9110 15.2)
    content_length_.reset();
    chunked_ = false;
    state_ = State::kStatusLine;
    return;
  }
  head_complete_ = true;
  if (chunked_) content_length_.reset();  // RFC 9112 6.3: chunked overrides
  if (status_ == 204 || status_ == 304 || content_length_ == std::uint64_t{0}) {
    state_ = State::kComplete;
  } else if (chunked_) {
    state_ = State::kChunkSize;
  } else if (content_length_) {
    remaining_ = *content_length_;
    state_ = State::kLength;
  } else {
    state_ = State::kUntilClose;
  }
}

void HttpResponseReader::chunk_size_line() {
  const auto size = parse_number(trim(std::string_view(line_).substr(0, line_.find(';'))), 16);
  if (!size) return fail("the server's answer has a chunk size that is no number: " + line_);
  remaining_ = *size;
  state_ = *size == 0 ? State::kTrailers : State::kChunk;
}

void HttpResponseReader::end_of_stream() {
  if (state_ == State::kUntilClose) state_ = State::kComplete;
  if (state_ == State::kComplete || state_ == State::kFailed) return;
  fail(head_complete_ ? "the server closed the connection before the end of the file"
                      : "the server closed the connection without an answer");
}

}  // namespace sockwire::apps
