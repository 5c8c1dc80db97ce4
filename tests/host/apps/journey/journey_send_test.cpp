// SPDX-License-Identifier: Apache-2.0
// A message that the application sends, on its way: `sockwire journey send`.
#include <algorithm>

#include "tests/host/apps/journey/journey_fixture.hpp"

namespace sockwire {
namespace {

/// What an end's application has called, in order.
std::vector<std::string> calls_of(const json& run, int end) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < run["calls"].size(); ++i) {
    const json& call = run["calls"][std::to_string(i)];
    if (call["end"] == end) names.push_back(call["name"]);
  }
  return names;
}

TEST_F(Journey, MessageGoesFromSendToTheOtherSidesRecv) {
  std::ofstream(path("message")) << "hello, wire";
  const json run = recorded_send("www.example.org:7 " + path("message"));
  EXPECT_EQ(run["run"]["errand"], "send");
  std::string data;
  std::string title;
  for (const json& packet : run["packets"]) {
    const std::string part = value_of(packet, "Application", "Data");
    if (part.empty()) continue;
    EXPECT_EQ(packet["from"], 0);
    data += part;
    title = packet["title"];
  }
  EXPECT_EQ(data, "hello, wire");
  EXPECT_EQ(title, "11 bytes \"hello, wire\"");
  EXPECT_EQ(calls_of(run, 0),
            (std::vector<std::string>{"resolve", "socket", "connect", "send", "shutdown", "recv", "close"}));
  const auto other = calls_of(run, 1);
  EXPECT_EQ(std::vector<std::string>(other.end() - 4, other.end()),
            (std::vector<std::string>{"accept", "recv", "recv", "close"}));
  expect_what_tshark_reads(run);
}

TEST_F(Journey, StandardInputIsAMessageToo) {
  const auto outcome =
      test::run_command("printf 'from a pipe' | " + std::string(SOCKWIRE_BINARY) + " journey send 10.1.2.3:7");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_NE(outcome.output.find("11 bytes \"from a pipe\""), std::string::npos) << outcome.output;
  EXPECT_NE(outcome.output.find("B calls recv(2) -> 11 bytes"), std::string::npos) << outcome.output;
}

TEST_F(Journey, SentMessageSurvivesLosses) {
  std::ofstream(path("message")) << std::string(200'000, 'x');
  const json run = recorded_send("10.1.2.3:7 " + path("message") + " --loss 0.02 --seed 5");
  EXPECT_GT(run["run"]["lost"], 0);
  EXPECT_GT(run["run"]["again"], 0);
  EXPECT_EQ(run["run"]["payload"], 200'000);
  EXPECT_GE(run["series"].back()[1], 200'000) << "what is drawn is the sender's progress";
}

// RFC 9293 3.7.4: with a short segment unacknowledged, what is not full waits for its ACK; a full one does not.
TEST_F(Journey, NagleHoldsWhatIsShort) {
  std::ofstream(path("message")) << std::string(1000, 'n');
  const std::string to = "10.1.2.3:7 " + path("message") + " --write 100";
  const json run = recorded_send(to + " --pause 5us");
  std::vector<json> data;
  for (const json& packet : run["packets"]) {
    if (!value_of(packet, "Application", "Data").empty()) data.push_back(packet);
  }
  ASSERT_EQ(data.size(), 2u);
  EXPECT_NE(data[0]["why"].get<std::string>().find("nothing before it that Nagle would wait for"), std::string::npos)
      << data[0]["why"];
  const int ack = data[0]["ties"]["acknowledged by"];
  EXPECT_NE(data[1]["why"].get<std::string>().find("Nagle held it until #" + std::to_string(ack) + " came"),
            std::string::npos)
      << data[1]["why"];
  EXPECT_EQ(data[1]["ties"]["caused by"], ack);

  // All at once: shutdown() lets the rest go.
  const json at_once = recorded_send(to);
  bool released = false;
  for (const json& packet : at_once["packets"]) {
    released |= packet["why"].get<std::string>().find("called shutdown(): nothing can follow") != std::string::npos;
  }
  EXPECT_TRUE(released);
}

TEST_F(Journey, SendSaysInOneSentenceWhatIsWrong) {
  struct Case {
    std::string arguments;
    int exit_code;
    std::string says;
  };
  std::ofstream(path("message")) << "m";
  const std::string message = path("message");
  const std::vector<Case> cases = {
      {"nowhere", 2, "'nowhere' is not of the form HOST:PORT"},
      {message + " 10.1.2.3:7", 2, "comes first: journey send 10.1.2.3:7 " + message},
      {"10.1.2.3:7 /no/such", 1, "cannot read /no/such: No such file or directory"},
      {"10.1.2.3:7 /", 1, "cannot read /: Is a directory"},
      {"10.1.2.3:7 " + message + " --line 100base-tx --loss 0.1", 2, "only --line mii has --loss"},
      {"10.1.2.3:7 " + message + " --wave /no/such/x.fst", 1, "/no/such/x.fst"},
      {"10.1.2.3:7 " + message + " --write 0", 2, "not in range"},
      {"10.1.2.3:7 " + message + " -o /no/such/page.html", 1, "cannot write /no/such/page.html"},
      {"", 2, "HOST:PORT is required"},
  };
  for (const Case& one : cases) {
    const auto outcome = journey("send " + one.arguments);
    EXPECT_EQ(outcome.exit_code, one.exit_code) << one.arguments;
    EXPECT_NE(outcome.output.find(one.says), std::string::npos) << outcome.output;
    EXPECT_EQ(std::count(outcome.output.begin(), outcome.output.end(), '\n'), 1) << outcome.output;
  }
}

}  // namespace
}  // namespace sockwire
