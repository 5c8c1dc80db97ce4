// SPDX-License-Identifier: Apache-2.0
// The two applications of a journey, each making ordinary socket calls, and having them written down.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/apps/http.hpp"
#include "host/apps/journey/journey_world.hpp"
#include "host/base/result.hpp"

namespace sockwire::apps {

/// On host B: a name server on UDP port 53 and an HTTP server. Only calls that do not wait, as a task of the loop.
class JourneyServer {
 public:
  /// content: what any path is answered with; empty: so many bytes of the seed's pattern as the path says.
  JourneyServer(JourneyWorld& world, std::vector<std::uint8_t> content, std::uint64_t seed)
      : world_(world), host_(world.host(1)), content_(std::move(content)), seed_(seed) {}

  SocketResult<void> start(std::uint16_t http_port);
  bool turn();
  /// What the client should have.
  const std::vector<std::uint8_t>& body() const { return body_; }

 private:
  bool answer_name();
  bool take_connection();
  bool take_request();
  bool send_response();
  void call(const char* name, const std::string& arguments, const std::string& result,
            journey::Stage stage = journey::Stage::kTransfer);

  JourneyWorld& world_;
  Host& host_;
  std::vector<std::uint8_t> content_;
  std::uint64_t seed_;
  int names_ = -1;
  int listener_ = -1;
  int connection_ = -1;
  std::string request_;
  std::vector<std::uint8_t> body_;
  std::vector<std::uint8_t> response_;
  std::size_t sent_ = 0;
};

/// What the client got.
struct Fetched {
  int status = 0;
  std::vector<std::uint8_t> body;
};

/// On host A: looks the name up, makes a socket, connects, sends a request, receives, closes. The error is one line.
Result<Fetched, std::string> fetch_recorded(JourneyWorld& world, const Url& url, Duration patience);

}  // namespace sockwire::apps
