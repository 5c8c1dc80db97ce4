// SPDX-License-Identifier: Apache-2.0
// Differential fuzzing of hlsc: random kernels, native against Verilated. A kernel is its seed: seeds S to S + N - 1
// are the same kernels on every machine and in every batch size, and a long campaign is any number of shorter ones.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/hls/fuzz/batch.hpp"
#include "tests/hls/fuzz/random_kernel.hpp"
#include "tests/hls/fuzz/reduce.hpp"
#include "tests/hls/fuzz/workers.hpp"

namespace {

namespace fs = std::filesystem;
using namespace sockwire::fuzz;
using nlohmann::json;

struct Options {
  std::uint64_t seed = 1;
  std::uint64_t kernels = 300;
  int batch = 64;
  int jobs = 1;
  int cycles = 800;
  std::string mode = "cycles";
  std::vector<double> periods = {0, 8, 5, 3};
  std::string keep;
  std::string output;
  std::string show;
  std::vector<std::string> files;
  bool print = false;
  bool reduce = true;
  bool yosys = false;
  bool sabotage = false;
  bool sanitize = false;
  bool quiet = false;
  bool resume = false;
};

volatile std::sig_atomic_t interrupted = 0;

BatchOptions batch_options(const Options& options, const std::string& folder) {
  BatchOptions result;
  result.folder = folder;
  result.mode = options.mode;
  result.cycles = options.cycles;
  result.yosys = options.yosys;
  result.sabotage = options.sabotage;
  result.sanitize = options.sanitize;
  return result;
}

/// A folder of this run alone, which goes away with it unless it is to be kept.
class Folder {
 public:
  explicit Folder(const std::string& keep) : kept_(!keep.empty()) {
    if (kept_) {
      path_ = keep;
      fs::create_directories(path_);
      return;
    }
    std::string pattern = (fs::temp_directory_path() / "hlsc_fuzz.XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make " + pattern);
    path_ = pattern;
  }
  ~Folder() {
    std::error_code ignored;  // nobody is left to tell
    if (!kept_) fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }

 private:
  bool kept_;
  std::string path_;
};

std::string read_file(const std::string& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot read " + path);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

class Campaign {
 public:
  Campaign(const Options& options, const Folder& folder) : options_(options), folder_(folder) {}

  bool run() {
    if (options_.resume) resume();
    prepare_batches();
    const auto work = [this](std::size_t number) { return run_one(number); };
    const auto done = [this](std::size_t number, const json& result) { take(number, result); };
    run_workers(batches_.size(), options_.jobs, work, done, interrupted);
    if (!options_.quiet) std::cerr << "\r\033[K";
    std::cout << ran_ << " kernels, " << findings_.size() << " findings, " << mismatches_ << " of them mismatches"
              << (interrupted != 0 ? " (interrupted)" : "") << "; " << fired_ << " steps\n";
    write_output();
    return findings_.empty() && interrupted == 0;
  }

 private:
  /// Goes on after what an earlier run with the same options wrote down.
  void resume() {
    const json before = json::parse(read_file(options_.output));
    if (before.at("seed") != options_.seed || before.at("mode") != options_.mode)
      throw std::runtime_error(options_.output + " is of another campaign");
    done_ = before.at("done");
    ran_ = before.at("ran");
    fired_ = before.at("steps");
    mismatches_ = before.at("mismatches");
    findings_ = before.at("findings");
  }

  void prepare_batches() {
    for (const std::string& file : options_.files) stored_.push_back(from_header(read_file(file)));
    const std::uint64_t first = stored_.empty() ? options_.seed : 0;
    const std::uint64_t count = stored_.empty() ? options_.kernels : stored_.size();
    for (std::uint64_t number = first + done_; number < first + count; ++number) {
      // Kernels of different groups have no types in common, so a batch stays within one.
      const bool fits = !batches_.empty() && batches_.back().size() < static_cast<std::size_t>(options_.batch) &&
                        group_of(batches_.back()[0]) == group_of(number);
      if (!fits) batches_.emplace_back();
      batches_.back().push_back(number);
    }
  }

  /// Each seed has its period, of those that are asked for.
  Kernel kernel(std::uint64_t seed) const {
    if (!stored_.empty()) return stored_[seed];
    Kernel result = random_kernel(seed);
    result.period = options_.periods[seed % options_.periods.size()];
    return result;
  }

  /// In a worker's process.
  json run_one(std::size_t number) const {
    std::vector<Kernel> kernels;
    for (const std::uint64_t seed : batches_[number]) {
      Kernel each = kernel(seed);
      if (options_.mode == "cycles" || each.schedule_free) kernels.push_back(std::move(each));
    }
    const std::string folder = folder_.path() + "/batch" + std::to_string(number);
    const std::vector<Outcome> outcomes = run_batch(kernels, batch_options(options_, folder));
    json result = {{"ran", kernels.size()}, {"fired", 0}, {"findings", json::array()}};
    for (std::size_t i = 0; i < kernels.size(); ++i) {
      result["fired"] = result["fired"].get<long>() + outcomes[i].fired;
      if (outcomes[i].verdict == Verdict::kEqual) continue;
      Kernel small = kernels[i];
      if (options_.reduce) small = reduced(small, outcomes[i], batch_options(options_, folder + "/reduce"));
      const std::string remark = std::string(name_of(outcomes[i].verdict)) + ": " + first_line(outcomes[i].what);
      result["findings"].push_back({{"kernel", kernels[i].name},
                                    {"verdict", name_of(outcomes[i].verdict)},
                                    {"what", outcomes[i].what},
                                    {"text", small.text},
                                    {"header", to_header(small, remark)}});
    }
    if (options_.keep.empty()) fs::remove_all(folder);
    return result;
  }

  static std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

  /// In the order of the seeds, so that what is done is always a number of seeds from the first on.
  void take(std::size_t number, const json& result) {
    waiting_[number] = result;
    while (!waiting_.empty() && waiting_.begin()->first == counted_) {
      count(waiting_.begin()->second);
      done_ += batches_[counted_++].size();
      waiting_.erase(waiting_.begin());
    }
    write_output();
  }

  void count(const json& result) {
    ran_ += result["ran"].get<int>();
    fired_ += result["fired"].get<long>();
    for (const json& finding : result["findings"]) {
      if (!options_.quiet) std::cerr << "\r\033[K";
      std::cout << "--- " << finding["kernel"].get<std::string>() << ": " << finding["verdict"].get<std::string>()
                << "\n"
                << finding["what"].get<std::string>() << "\n"
                << finding["text"].get<std::string>() << std::endl;
      findings_.push_back(finding);
      if (finding["verdict"] == name_of(Verdict::kMismatch)) ++mismatches_;
    }
    if (!options_.quiet)
      std::cerr << "\r\033[K" << ran_ << " kernels, " << findings_.size() << " findings" << std::flush;
    write_output();
  }

  /// After every batch, so that a campaign that is cut short has its result too.
  void write_output() const {
    if (options_.output.empty()) return;
    const json result = {{"seed", options_.seed},
                         {"asked", options_.kernels},
                         {"done", done_},
                         {"ran", ran_},
                         {"mode", options_.mode},
                         {"periods", options_.periods},
                         {"mismatches", mismatches_},
                         {"findings", findings_},
                         {"steps", fired_}};
    std::ofstream(options_.output) << result.dump(2) << "\n";
  }

  const Options& options_;
  const Folder& folder_;
  std::vector<Kernel> stored_;
  std::vector<std::vector<std::uint64_t>> batches_;
  std::map<std::size_t, json> waiting_;  // results of batches after one that is still at work
  std::size_t counted_ = 0;
  std::uint64_t done_ = 0;
  int ran_ = 0;
  long fired_ = 0;
  int mismatches_ = 0;
  json findings_ = json::array();
};

void add_options(CLI::App& app, Options& options) {
  app.add_option("--seed", options.seed, "of the first kernel; the others' follow")->capture_default_str();
  app.add_option("--kernels", options.kernels, "how many")->capture_default_str();
  app.add_option("--batch", options.batch, "kernels in one model")->capture_default_str();
  app.add_option("--jobs", options.jobs, "batches at a time")->capture_default_str();
  app.add_option("--cycles", options.cycles, "clock cycles of each kernel")->capture_default_str();
  app.add_option("--mode", options.mode, "what is compared: every cycle, or what each stream carries")
      ->check(CLI::IsMember({"cycles", "streams"}))
      ->capture_default_str();
  app.add_option("--periods", options.periods, "ns to cut stages for, a kernel each in turn; 0: one stage")
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--keep", options.keep, "a folder in which all files stay");
  app.add_option("--json", options.output, "a file for the result, written after every batch");
  app.add_flag("--resume", options.resume, "go on with the campaign whose result is in --json's file");
  app.add_option("files", options.files,
                 "stored kernels, instead of random ones; those that define the same types need --batch 1");
  app.add_flag("--print", options.print, "print the kernels, do nothing else");
  app.add_flag("--reduce,!--no-reduce", options.reduce, "make a finding's kernel smaller before it is shown");
  app.add_flag("--yosys", options.yosys, "Yosys reads each module too");
  app.add_flag("--ubsan", options.sanitize, "the native side under UBSan: is the generator's C++ well defined?");
  app.add_flag("--sabotage", options.sabotage, "make a sum in each module a difference: is that noticed?");
  app.add_flag("--quiet", options.quiet, "no progress");
}

}  // namespace

int main(int count, char** values) {
  CLI::App app("Compares random kernels, native and as the RTL that hlsc makes of them");
  Options options;
  add_options(app, options);
  CLI11_PARSE(app, count, values);
  if (options.print) {
    for (std::uint64_t i = 0; i < options.kernels; ++i)
      std::cout << to_header(random_kernel(options.seed + i), "a random kernel") << "\n";
    return 0;
  }
  std::signal(SIGINT, [](int) { interrupted = 1; });
  std::signal(SIGTERM, [](int) { interrupted = 1; });
  try {
    const Folder folder(options.keep);
    return Campaign(options, folder).run() ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << "hlsc_fuzz: " << error.what() << "\n";
    return 2;
  }
}
