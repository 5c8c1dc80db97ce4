// SPDX-License-Identifier: Apache-2.0
// What a journey records and tells, against tshark's reading of the same packets and against itself.
#include <algorithm>
#include <cmath>
#include <map>

#include "host/apps/journey/dns_responder.hpp"
#include "sim/journey/dissection.hpp"
#include "tests/host/apps/journey/journey_fixture.hpp"

namespace sockwire {
namespace {

namespace fs = std::filesystem;

TEST_F(Journey, TsharkReadsTheSameNumbers) {
  const json run = recorded("http://www.example.org/60k --loss 0.05 --seed 3");
  expect_what_tshark_reads(run);
}

TEST_F(Journey, FieldsCoverEveryOctetOnceAndChecksumsAreRight) {
  for (const char* width : {"1", "8"}) {
    expect_whole_dissection(recorded(std::string("http://www.example.org/5000 --width ") + width));
  }
}

TEST_F(Journey, WhatWasLostIsSentAgainAndSaysSo) {
  const json run = recorded("http://www.example.org/200k --loss 0.02 --seed 5");
  std::map<int, json> packets;
  for (const json& packet : run["packets"]) packets[packet["n"]] = packet;
  int repaired = 0;
  for (const auto& [number, packet] : packets) {
    const json& ties = packet["ties"];
    if (ties.contains("retransmission of")) {
      EXPECT_EQ(packet["why"].get<std::string>().rfind("sent again: ", 0), 0u) << packet["why"];
    }
    if (ties.contains("acknowledged by")) {
      const json& ack = packets[ties["acknowledged by"]];
      EXPECT_GT(ack["n"], number);
      EXPECT_NE(ack["from"], packet["from"]);
      EXPECT_TRUE(ack["ties"].contains("acknowledges"));
    }
    if (packet["copies"] != 0 || value_of(packet, "Application", "Data").empty()) continue;
    ASSERT_TRUE(ties.contains("sent again as")) << "packet " << number;
    EXPECT_TRUE(packets[ties["sent again as"]]["ties"].contains("retransmission of"));
    ++repaired;
  }
  EXPECT_GT(repaired, 0);
  EXPECT_EQ(run["run"]["packets"], packets.size());
}

// IEEE 802.3 3.2.9: a frame that noise has changed does not fit its FCS. Its card passes nothing on, and TCP repairs
// it.
TEST_F(Journey, WhatNoiseHasDamagedIsToldFromWhatIsLost) {
  const json run = recorded("http://www.example.org/60k --line 100base-tx --cable 100 --noise 60");
  int damaged = 0;
  for (const json& packet : run["packets"]) {
    if (!packet.contains("came")) continue;
    EXPECT_FALSE(packet.contains("received")) << packet["n"];
    EXPECT_EQ(packet["dropped"].get<std::string>().rfind("damaged on the way: ", 0), 0u) << packet["dropped"];
    EXPECT_NE(packet["came"]["octets"], packet["octets"]);
    const json& frame = run["signal"]["frames"][packet["n"].get<std::size_t>() - 1];
    EXPECT_TRUE(frame.contains("parts")) << "its symbols and waveform are kept, however late it was";
    const bool repaired = packet["ties"].contains("sent again as");
    EXPECT_TRUE(repaired || value_of(packet, "Application", "Data").empty()) << "packet " << packet["n"];
    ++damaged;
  }
  EXPECT_GT(damaged, 0);
  EXPECT_EQ(run["run"]["damaged"], damaged);
  EXPECT_NE(content(path("all.pcapng")).find("damaged on the way: "), std::string::npos);
}

TEST_F(Journey, TextTellsWhatMatters) {
  const auto told = journey("get http://www.example.org/3000 --line 100base-tx");
  for (const char* const part :
       {"host A, 10.18.0.2", "line: 100base-tx, 3 m; the link was up after", "== 1 Make a socket ==", "[2] ",
        "MSS 1460, Window scale 5, SACK permitted", "checksum 0x", "inserted by the card: right",
        "100base-tx: /J/K/ 5 5 5 5 5 5 5 5 5 5 5 5 5 D", "send buffer: 3100 bytes", "octets: 8 of preamble and SFD",
        "0 lost, 0 sent again."}) {
    EXPECT_NE(told.output.find(part), std::string::npos) << part;
  }
  // Each heading once, whatever the order of things.
  const auto first = told.output.find("== 3 Send and receive ==");
  EXPECT_EQ(told.output.find("== 3 Send and receive ==", first + 1), std::string::npos);
}

TEST_F(Journey, OnePacketIsToldInFull) {
  const auto told = journey("get http://www.example.org/3000 --line 10gbase-r --packet 5");
  EXPECT_EQ(told.exit_code, 0);
  for (const char* const part :
       {"#5 SYN", "Sequence number: ", "from: socket row: chosen by connect() (RFC 6056)", "complement: 0x",
        "pseudo header byte 0", "IEEE 802.3 3.2.9", "Start of frame: 0xd5", "10gbase-r, "}) {
    EXPECT_NE(told.output.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(told.output.find("#6 "), std::string::npos);
  const auto none = journey("get http://www.example.org/3000 --packet 99");
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_EQ(none.output, "sockwire: there is no packet 99: 1 to 19 have left\n");
}

TEST_F(Journey, EveryStageIsThereInItsOrder) {
  const json run = recorded("http://www.example.org/3000");
  std::vector<std::string> titles;
  std::map<int, int> stages;
  for (const json& packet : run["packets"]) {
    titles.push_back(packet["title"]);
    ++stages[packet["stage"]];
    EXPECT_FALSE(packet["card"].empty()) << "no command for " << packet["n"];
    EXPECT_TRUE(packet.contains("received")) << "the card passed nothing on of " << packet["n"];
  }
  const std::vector<std::string> beginning = {"ARP: who has 10.18.0.1?",
                                              "ARP: 10.18.0.1 is at 02:53:57:00:01:01",
                                              "DNS question: www.example.org?",
                                              "DNS answer: www.example.org is at 10.18.0.1",
                                              "SYN",
                                              "SYN+ACK",
                                              "ACK",
                                              "GET /3000 HTTP/1.1"};
  ASSERT_GE(titles.size(), beginning.size());
  EXPECT_TRUE(std::equal(beginning.begin(), beginning.end(), titles.begin()));
  for (const int stage : {2, 3, 4, 5, 6}) EXPECT_GT(stages[stage], 0) << "stage " << stage;
  std::vector<std::string> calls;
  for (std::size_t i = 0; i < run["calls"].size(); ++i) {
    const json& call = run["calls"][std::to_string(i)];
    if (call["end"] == 0) calls.push_back(call["name"]);
  }
  EXPECT_EQ(std::vector<std::string>(calls.begin(), calls.begin() + 4),
            (std::vector<std::string>{"resolve", "socket", "connect", "send"}));
  EXPECT_EQ(calls.back(), "close");
}

TEST_F(Journey, TheSameSeedIsTheSameJourney) {
  const std::string arguments = "http://10.1.2.3:8080/20k --loss 0.02 --seed 9";
  json first = recorded(arguments);
  EXPECT_EQ(first, recorded(arguments));
  json other = recorded("http://10.1.2.3:8080/20k --loss 0.02 --seed 10");
  EXPECT_NE(first["packets"], other["packets"]);
}

// The RTL does what the kernels do, cycle by cycle: so the whole journey is the same, each octet at its time.
TEST_F(Journey, RtlTakesTheSameJourney) {
  const std::string arguments = "http://www.example.org/3000 --loss 0.02 --seed 4 --card ";
  json rtl = recorded(arguments + "verilator");
  if (rtl.is_discarded()) GTEST_SKIP() << "this build has no Verilated card";
  json native = recorded(arguments + "native");
  EXPECT_EQ(rtl["run"]["card"], "verilator");
  EXPECT_EQ(rtl["packets"], native["packets"]);
  EXPECT_EQ(rtl["calls"], native["calls"]);
}

TEST_F(Journey, PageOfFourMegabytesStaysSmallAndSaysThatItIsSampled) {
  const auto outcome = test::run_command(
      std::string(SOCKWIRE_BINARY) + " journey get http://www.example.org/4MB --loss 0.002 -o " + path("page.html"));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_LT(fs::file_size(path("page.html")), 5'000'000u);
  const std::string page = content(path("page.html"));
  const std::string mark = R"(<script type="application/json" id="recording">)";
  const auto begin = page.find(mark) + mark.size();
  const json run = json::parse(page.substr(begin, page.find("</script>", begin) - begin));
  EXPECT_LT(run["run"]["shown"], run["run"]["packets"]);
  EXPECT_EQ(run["run"]["shown"], run["packets"].size());
  EXPECT_GT(run["run"]["lost"], 0);
  EXPECT_EQ(run["packets"].front()["n"], 1);
  EXPECT_EQ(run["packets"].back()["n"], run["run"]["packets"]);
  EXPECT_EQ(page.find("http-equiv"), std::string::npos);
  EXPECT_EQ(page.find(" src="), std::string::npos) << "the page fetches nothing";
}

TEST_F(Journey, FileIsServedAndWrongWordsAreRefused) {
  std::ofstream(path("file")) << "eleven byte";
  const json run = recorded("http://www.example.org/anything --serve " + path("file"));
  std::string data;
  for (const json& packet : run["packets"]) data += value_of(packet, "Application", "Data");
  EXPECT_NE(data.find("Content-Length: 11"), std::string::npos);
  EXPECT_EQ(test::run_command(std::string(SOCKWIRE_BINARY) + " journey get ftp://x/").exit_code, 2);
  EXPECT_EQ(test::run_command(std::string(SOCKWIRE_BINARY) + " journey get http://a.b/1 --serve /no/such").exit_code,
            1);
}

// RFC 1071 section 3: these words sum to ddf2.
TEST(Workings, ChecksumOfTheRfcsExample) {
  const std::vector<std::uint8_t> bytes = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7, 0x22, 0x0d};
  const auto working = journey::work_checksum(bytes, 8, "the example", {});
  EXPECT_TRUE(working.holds) << working.result;
  auto wrong = bytes;
  wrong[0] ^= 1;
  EXPECT_FALSE(journey::work_checksum(wrong, 8, "the example", {}).holds);
}

// The check value of CRC-32 in the catalogue of parametrised CRC algorithms (reveng.sourceforge.io).
TEST(Workings, FcsOfTheCheckString) {
  const std::string check = "123456789";
  const auto bytes = std::span(reinterpret_cast<const std::uint8_t*>(check.data()), check.size());
  EXPECT_TRUE(journey::work_fcs(bytes, 0xCBF43926).holds);
  EXPECT_FALSE(journey::work_fcs(bytes, 0xCBF43927).holds);
}

TEST(DnsResponder, AnswersAQuestionAndNothingElse) {
  const std::vector<std::uint8_t> query = {0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'a', 0, 0, 1, 0, 1};
  const auto answer = apps::dns_answer(query, Ipv4Address(10, 0, 0, 7));
  ASSERT_EQ(answer.size(), query.size() + 16);
  EXPECT_EQ(std::vector<std::uint8_t>(answer.end() - 4, answer.end()), (std::vector<std::uint8_t>{10, 0, 0, 7}));
  EXPECT_TRUE(apps::dns_answer(answer, Ipv4Address(10, 0, 0, 7)).empty());
  for (std::size_t cut = 0; cut < query.size(); ++cut) {
    EXPECT_TRUE(apps::dns_answer(std::span(query).first(cut), Ipv4Address(10, 0, 0, 7)).empty()) << cut;
  }
  auto other_type = query;
  other_type[16] = 28;  // AAAA
  EXPECT_EQ(apps::dns_answer(other_type, Ipv4Address(10, 0, 0, 7)).size(), query.size());
  // RFC 3596 2.2: an AAAA record has 16 bytes of address.
  const IpAddress six = *IpAddress::parse("2001:db8::7");
  const auto answer6 = apps::dns_answer(other_type, six);
  ASSERT_EQ(answer6.size(), query.size() + 28);
  EXPECT_TRUE(std::equal(six.bytes().begin(), six.bytes().end(), answer6.end() - 16));
  EXPECT_EQ(apps::dns_answer(query, six).size(), query.size());
}

}  // namespace
}  // namespace sockwire
