// SPDX-License-Identifier: Apache-2.0
// The two applications of a journey, each making ordinary socket calls, and having them written down.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "host/apps/http.hpp"
#include "host/apps/journey/journey_world.hpp"
#include "host/base/result.hpp"

namespace sockwire::apps {

/// On host B: a name server on UDP port 53, and what the errand needs: an HTTP server, or a program that takes whatever
/// comes. Only calls that do not wait, as a task of the loop.
class JourneyServer {
 public:
  /// content: what any path is answered with; empty: so many bytes of the seed's pattern as the path says.
  JourneyServer(JourneyWorld& world, journey::Errand errand, std::vector<std::uint8_t> content, std::uint64_t seed)
      : world_(world), host_(world.host(1)), errand_(errand), content_(std::move(content)), seed_(seed) {}

  SocketResult<void> start(std::uint16_t port);
  bool turn();
  /// What the client should have, or has sent.
  const std::vector<std::uint8_t>& body() const { return body_; }

 private:
  bool answer_name();
  bool take_connection();
  bool take_message();
  bool take_request();
  void answer_request();
  bool send_response();
  void hang_up();
  void call(const char* name, const std::string& arguments, const std::string& result,
            journey::Stage stage = journey::Stage::kTransfer);

  JourneyWorld& world_;
  Host& host_;
  journey::Errand errand_;
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

/// How a message is given to send().
struct Writes {
  std::size_t bytes = 65536;  ///< At most so many at once.
  Duration pause{0};          ///< After each.
};

/// On host A: looks the name up, makes a socket, connects, gives the message to send(), shuts down its side, waits for
/// the other's end, closes. The error is one line.
Result<void, std::string> send_recorded(JourneyWorld& world, const HostPort& to, std::span<const std::uint8_t> message,
                                        const Writes& writes, Duration patience);

}  // namespace sockwire::apps
