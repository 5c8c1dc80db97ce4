// SPDX-License-Identifier: Apache-2.0
// What hlsc says of a dataflow function beyond its refusals, which refusals/ tests with those of kernels.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "tests/command_outcome.hpp"

namespace {

using Outcome = sockwire::test::CommandOutcome;

const std::string kHeader = SOURCE_DIR "/tests/hls/compiler/refusals/dataflow.hpp";
const std::string kDesigns = SOURCE_DIR "/tests/hls/compiler/designs.hpp";

/// A folder of this process, which goes away with it.
class Folder {
 public:
  Folder() : path_(testing::TempDir() + "sockwire_dataflow_" + std::to_string(getpid()) + "/") {
    std::filesystem::create_directory(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string temporary(const std::string& name) {
  static const Folder folder;
  return folder.path() + name;
}

/// From a folder that nothing lies below, so that clang names files by their whole paths.
Outcome compile(const std::string& header, const std::string& function, const std::string& options = "") {
  return sockwire::test::run_command("cd / && " HLSC " --function '" + function +
                                     "' --module refused -I " SOURCE_DIR " -o " + temporary("refused.sv ") + options +
                                     " " + header);
}

// What does not fit by its type is clang's own to refuse, at the call.
TEST(HlscDataflow, NetsOfOtherTypesAreRefusedByTheFrontEnd) {
  const std::string header = temporary("types.hpp");
  std::ofstream(header) << "#include \"" + kHeader +
                               "\"\n"
                               "namespace sockwire {\n"
                               "inline void other_type(Chain& d, stream<ap_uint<9>>& x, stream<Byte>& y) {\n"
                               "  d.first.run(copy, x, y);\n"
                               "}\n"
                               "inline void too_few(Chain& d, stream<Byte>& x) {\n"
                               "  d.first.run(copy, x);\n"
                               "}\n"
                               "inline void short_join(Joined& d, wire<bool>& x) {\n"
                               "  join(d.joined, x);\n"
                               "}\n"
                               "}\n";
  const Outcome other_type = compile(header, "other_type");
  EXPECT_EQ(other_type.exit_code, 1);
  EXPECT_NE(other_type.output.find(":4:11: error: no matching member function for call to 'run'"), std::string::npos)
      << other_type.output;
  EXPECT_NE(other_type.output.find("no known conversion from 'stream<ap_uint<9>>'"), std::string::npos)
      << other_type.output;
  const Outcome too_few = compile(header, "too_few");
  EXPECT_NE(too_few.output.find(":7:11: error: no matching member function for call to 'run'"), std::string::npos)
      << too_few.output;
  const Outcome short_join = compile(header, "short_join");
  EXPECT_NE(short_join.output.find("the parts of a join make up the whole"), std::string::npos) << short_join.output;
  EXPECT_NE(short_join.output.find(":10:3: note: "), std::string::npos) << short_join.output;
}

TEST(HlscDataflow, ModulesOfAnotherBuildAreNotWritten) {
  const std::string folder = temporary("elsewhere");
  std::filesystem::create_directory(folder);
  const Outcome outcome = compile(kDesigns, "test_diamond<3>", "-o " + folder + "/refused.sv --elsewhere test_merge");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.insert(entry.path().filename());
  EXPECT_EQ(files, std::set<std::string>({"refused.sv", "test_route.sv", "test_scale_w3.sv", "test_watch.sv"}));
}

TEST(HlscDataflow, CanBeShown) {
  const Outcome outcome = compile(kDesigns, "test_diamond<3>", "--depth y=3 --dump-after=dataflow");
  EXPECT_EQ(outcome.exit_code, 0);
  for (const char* line :
       {"argument y: stream<sockwire::Word>, depth 3\n", "member lanes[1].busy: wire<bool>\n",
        "member right: stream<sockwire::Word>, depth 900\n", "join watch.busy: lanes[1].busy lanes[0].busy\n",
        "run lanes[0].scale: test_scale<3> left factor lanes[0].out lanes[0].events lanes[0].busy\n"})
    EXPECT_NE(outcome.output.find(line), std::string::npos) << line << " expected in: " << outcome.output;
}

}  // namespace
