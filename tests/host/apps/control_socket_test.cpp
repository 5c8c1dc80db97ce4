// SPDX-License-Identifier: Apache-2.0
#include "host/apps/control_socket.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>

#include "host/apps/runtime_dir.hpp"
#include "host/apps/snapshot.hpp"

namespace sockwire::apps {
namespace {

using namespace std::chrono_literals;

class ControlSocketTest : public testing::Test {
 protected:
  ControlSocketTest() : folder_(testing::TempDir() + "sockwire-run-" + std::to_string(getpid())) {
    std::filesystem::create_directory(folder_);
    setenv("XDG_RUNTIME_DIR", folder_.c_str(), 1);
  }
  ~ControlSocketTest() override {
    unsetenv("XDG_RUNTIME_DIR");
    std::filesystem::remove_all(folder_);
  }
  std::string folder_;
};

TEST_F(ControlSocketTest, GivesEachVisitorASnapshot) {
  int asked = 0;
  auto socket = ControlSocket::open([&] { return nlohmann::json{{"pid", getpid()}, {"asked", ++asked}}; });
  ASSERT_TRUE(socket) << socket.error();
  auto visitor = std::async(std::launch::async, [] { return read_all_snapshots(); });
  while (visitor.wait_for(0s) != std::future_status::ready) (*socket)->poll();
  const auto snapshots = visitor.get();
  ASSERT_EQ(snapshots.size(), 1u);
  EXPECT_EQ(snapshots[0]["pid"], getpid());
  EXPECT_EQ(snapshots[0]["asked"], 1);
}

TEST_F(ControlSocketTest, IsForThisUserOnlyAndGoesAway) {
  const std::string path = folder_ + "/sockwire/" + std::to_string(getpid()) + ".sock";
  {
    auto socket = ControlSocket::open([] { return nlohmann::json(); });
    ASSERT_TRUE(socket) << socket.error();
    struct stat info{};
    ASSERT_EQ(stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600u);
    ASSERT_EQ(stat((folder_ + "/sockwire").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0700u);
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(ControlSocketTest, LeftoversAreClearedAway) {
  ASSERT_TRUE(runtime_dir());
  const std::string lab = folder_ + "/sockwire/lab-999999999";
  std::ofstream(lab) << "12345\n";
  EXPECT_TRUE(running_labs().empty());
  EXPECT_FALSE(std::filesystem::exists(lab));
}

TEST(SnapshotText, LooksLikeSs) {
  const auto snapshot = nlohmann::json::parse(R"({"pid":42,"command":"get","card":"native","width":1,"wire":"tap",
    "address":"10.18.0.2","cycles":1000000,"sockets":[{"netid":"tcp","fd":0,"state":"ESTAB","local":"10.18.0.2:50000",
    "peer":"10.18.0.1:80","recv_q":12,"send_q":0,"info":{"rto_ms":204.0,"rtt_ms":1.5,"rttvar_ms":0.5,"mss":1448,
    "rcv_mss":1448,"cwnd_bytes":14480,"ssthresh_bytes":4294967295,"snd_wscale":7,"rcv_wscale":5,"timestamps":true,"sack":true,
    "congestion":"cubic",    "bytes_received":4096}},{"netid":"udp","fd":1,"state":"UNCONN","local":"0.0.0.0:7","peer":"0.0.0.0:*",
    "recv_q":0,"send_q":0}],"counters":{"card":{"RxFrames":7,"RxFcs":0}}})");
  EXPECT_EQ(ss_text({snapshot}),
            "Netid State       Recv-Q  Send-Q     Local Address:Port      Peer Address:Port  Process\n"
            "tcp   ESTAB           12       0        10.18.0.2:50000           10.18.0.1:80  "
            "users:((\"sockwire get\",pid=42,fd=0))\n"
            "\t ts sack cubic wscale:7,5 rto:204 rtt:1.5/0.5 mss:1448 rcvmss:1448 cwnd:10 bytes_received:4096\n"
            "udp   UNCONN           0       0              0.0.0.0:7              0.0.0.0:*  "
            "users:((\"sockwire get\",pid=42,fd=1))\n");
  EXPECT_EQ(stats_text({snapshot}, false),
            "sockwire get (pid 42): native card, 1 byte(s) a beat, --wire tap, 10.18.0.2; 1,000,000 cycles\n"
            "  card\n"
            "    RxFrames                                    7\n"
            "    (1 more at zero; --all shows them)\n");
}

}  // namespace
}  // namespace sockwire::apps
