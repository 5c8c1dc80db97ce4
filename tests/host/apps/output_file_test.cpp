// SPDX-License-Identifier: Apache-2.0
#include "host/apps/output_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace sockwire::apps {
namespace {

const std::vector<std::uint8_t> kHello{'h', 'e', 'l', 'l', 'o'};

std::string content(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

class OutputFileTest : public testing::Test {
 protected:
  OutputFileTest() : folder_(testing::TempDir() + "sockwire-output-" + std::to_string(getpid())) {
    std::filesystem::create_directory(folder_);
  }
  ~OutputFileTest() override { std::filesystem::remove_all(folder_); }
  std::string path(const std::string& name) const { return folder_ + "/" + name; }

 private:
  std::string folder_;
};

TEST_F(OutputFileTest, IsThereWhenItIsWhole) {
  auto file = OutputFile::open(path("f"));
  ASSERT_TRUE(file) << file.error();
  ASSERT_TRUE(file->write(kHello));
  EXPECT_FALSE(std::filesystem::exists(path("f")));
  ASSERT_TRUE(file->complete());
  EXPECT_EQ(content(path("f")), "hello");
  EXPECT_FALSE(std::filesystem::exists(path("f.part")));
}

TEST_F(OutputFileTest, KeepsWhatCameAndTheOldFile) {
  std::ofstream(path("f")) << "old";
  {
    auto file = OutputFile::open(path("f"));
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->write(kHello));
  }
  EXPECT_EQ(content(path("f")), "old");
  EXPECT_EQ(content(path("f.part")), "hello");
}

TEST_F(OutputFileTest, LeavesNothingIfNothingCame) {
  ASSERT_TRUE(OutputFile::open(path("f")));
  EXPECT_TRUE(std::filesystem::is_empty(path("")));
}

// Whoever is root could remove /dev/null.
TEST_F(OutputFileTest, LeavesWhatIsNoFileAlone) {
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  const int reader = open(path("pipe").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  ASSERT_GE(reader, 0);
  {
    auto file = OutputFile::open(path("pipe"));
    ASSERT_TRUE(file) << file.error();
    EXPECT_EQ(file->part_path(), "");
  }
  {
    auto file = OutputFile::open(path("pipe"));
    ASSERT_TRUE(file->write(kHello));
    ASSERT_TRUE(file->complete());
  }
  std::array<char, 16> read_back{};
  EXPECT_EQ(read(reader, read_back.data(), read_back.size()), 5);
  close(reader);
  EXPECT_TRUE(std::filesystem::is_fifo(path("pipe")));
}

TEST_F(OutputFileTest, SaysWhatIsWrong) {
  EXPECT_EQ(OutputFile::open(path("no/f")).error(),
            "cannot write " + path("no/f") + ".part: No such file or directory");
  std::filesystem::create_directory(path("d"));
  EXPECT_EQ(OutputFile::open(path("d")).error(), "cannot write " + path("d") + ": Is a directory");
}

TEST_F(OutputFileTest, AFullDiskIsAnError) {
  auto file = OutputFile::open("/dev/full");
  ASSERT_TRUE(file) << file.error();
  static_cast<void>(file->write(kHello));
  const auto completed = file->complete();
  ASSERT_FALSE(completed);
  EXPECT_EQ(completed.error(),
            "cannot write /dev/full: No space left on device; make room, or choose another place with -o");
}

}  // namespace
}  // namespace sockwire::apps
