// SPDX-License-Identifier: Apache-2.0
// The cable pulled at random moments under one program with the real libusb and Linux at the far end: a campaign, whose
// file goes to tests/bench/campaigns. Built with a sanitizer, its figures say so.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <array>
#include <csignal>
#include <cstdio>
#include <random>
#include <stdexcept>
#include <thread>

#include "host/apps/lab.hpp"
#include "tests/bench/campaign.hpp"
#include "tests/bench/usb/numbered_files.hpp"
#include "tests/bench/usb/replug_lab.hpp"
#include "tests/sim/usb/tsan_suppressions.hpp"

namespace sockwire::bench {
namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr const char* kBuild = "asan";
#elif defined(__SANITIZE_THREAD__)
constexpr const char* kBuild = "tsan";
#else
constexpr const char* kBuild = "";
#endif

struct Settings {
  std::string output;
  std::string program;
  unsigned pulls = 50;
  std::uint64_t bytes = 60'000;
  unsigned away_ms = 1000;
  std::uint64_t seed = 1;
};

/// How often each kind of moment comes among six transfers; those after the third are met by a cable that is pulled a
/// second time, while the card comes back from a pull in bulk.
constexpr std::array<Moment, kMoments> kOrder{Moment::kHandshake,  Moment::kBulk,   Moment::kFin,
                                              Moment::kRateChange, Moment::kLinkUp, Moment::kOpening};
/// A moment that is over too soon is tried again, at its beginning then.
constexpr unsigned kAttempts = 5;

/// What the campaign counts.
struct Tally {
  unsigned tried = 0;
  unsigned survived = 0;
  unsigned missed = 0;
  std::array<unsigned, kMoments> seen{};
};

class Replugs {
 public:
  explicit Replugs(const Settings& settings)
      : settings_(settings),
        random_(settings.seed),
        files_(settings.seed, settings.bytes),
        board_(settings.seed),
        program_(settings.program, to_string(board_.address()) + "/24") {
    const std::string said = program_.hear();
    if (said != "ready") throw std::runtime_error("the program says: " + said);
  }

  /// Empty if the program lost neither data nor anything else.
  std::string run() {
    for (unsigned transfer = 0; tally_.tried < settings_.pulls; ++transfer) {
      const Moment wanted = kOrder[transfer % kOrder.size()];
      if (const std::string problem = carry_until_hit(wanted); !problem.empty()) return problem;
      if (transfer == 0) note_resources();
    }
    const std::size_t descriptors = program_.descriptors();
    const std::size_t threads = program_.threads();
    std::fprintf(stderr, "usb_replugs: the program has %zu descriptors and %zu threads; after the first: %zu and %zu\n",
                 descriptors, threads, descriptors_, threads_);
    if (descriptors != descriptors_) {
      return fmt::format("{} descriptors became {}:\n{}\nthey were\n{}", descriptors_, descriptors,
                         program_.descriptor_names(), names_);
    }
    if (threads != threads_) return fmt::format("{} threads became {}", threads_, threads);
    const int code = program_.end();
    return code == 0 ? "" : fmt::format("the program ended with {}", code);
  }

  const Tally& tally() const { return tally_; }
  std::size_t descriptors() const { return descriptors_; }
  std::size_t threads() const { return threads_; }

 private:
  void note_resources() {
    descriptors_ = program_.descriptors();
    threads_ = program_.threads();
    names_ = program_.descriptor_names();
  }

  std::string carry_until_hit(Moment wanted) {
    for (unsigned attempt = 0; attempt < kAttempts; ++attempt) {
      const unsigned missed = tally_.missed;
      if (const std::string problem = carry(wanted, attempt == 0); !problem.empty()) return problem;
      if (tally_.missed == missed) return "";
    }
    return fmt::format("never met the moment: {}", name_of(wanted));
  }

  /// One transfer, with a pull or two.
  std::string carry(Moment wanted, bool at_random) {
    const bool up = random_() % 2 == 0;
    board_.watch_next();
    program_.say(fmt::format("{} {}:{} {} {}", up ? "up" : "down", to_string(apps::kLabAddress),
                             up ? NumberedFiles::kUpPort : NumberedFiles::kDownPort, settings_.bytes,
                             settings_.seed + number_++));
    const bool coming_back = wanted >= Moment::kRateChange;
    unsigned pulls = pull({coming_back ? Moment::kBulk : wanted, below(settings_.bytes / 2), looks(wanted, at_random)});
    if (coming_back) pulls += pull({wanted, 0, looks(wanted, at_random)});
    const std::string said = program_.hear();
    const std::string linux_said = files_.outcome();
    const bool good = said == "done" && linux_said.empty();
    tally_.survived += good ? pulls : 0;
    if (good && pulls > 0 && !program_.lost_since()) return "the program did not tell that the card was lost";
    return good ? "" : fmt::format("the program: {}; Linux: {}", said, linux_said.empty() ? "all well" : linux_said);
  }

  /// Returns how many moments it was that were meant.
  unsigned pull(const Pull& wanted) {
    const Moment seen = board_.pull(wanted);
    const auto away = std::chrono::milliseconds(below(settings_.away_ms));
    std::fprintf(stderr, "usb_replugs: pull %u: %s, away for %lld ms\n", tally_.tried + tally_.missed + 1,
                 name_of(seen), static_cast<long long>(away.count()));
    std::this_thread::sleep_for(away);
    board_.plug();
    if (seen != wanted.moment) {
      ++tally_.missed;
      return 0;
    }
    ++tally_.seen[static_cast<std::size_t>(seen)];
    ++tally_.tried;
    return 1;
  }

  std::uint32_t below(std::uint64_t limit) { return static_cast<std::uint32_t>(1 + random_() % limit); }
  /// A link that comes up takes milliseconds, the others less.
  unsigned looks(Moment moment, bool at_random) {
    if (!at_random) return 0;
    switch (moment) {
      case Moment::kLinkUp:
        return below(50);
      case Moment::kBulk:
        return 0;  // its bytes are drawn
      default:
        return below(8) - 1;
    }
  }

  Settings settings_;
  std::mt19937_64 random_;
  NumberedFiles files_;
  ReplugBoard board_;
  ReplugProgram program_;
  std::uint64_t number_ = 0;
  Tally tally_;
  std::size_t descriptors_ = 0;
  std::size_t threads_ = 0;
  std::string names_;
};

/// "handshake 7, bulk 22, ...".
std::string counts_text(const Tally& tally) {
  std::string text;
  for (unsigned i = 0; i < kMoments; ++i) {
    text += fmt::format("{}{} {}", i == 0 ? "" : ", ", name_of(static_cast<Moment>(i)), tally.seen[i]);
  }
  return text;
}

bool store(const Settings& settings, const Replugs& replugs) {
  const std::string folder = *kBuild == '\0' ? "" : fmt::format("{}/", kBuild);
  const std::string suffix = *kBuild == '\0' ? "" : fmt::format("/{}", kBuild);
  const Tally& tally = replugs.tally();
  Campaign campaign;
  campaign.seed = settings.seed;
  campaign.command = fmt::format("build/{}bin/usb_replugs --seed {} --pulls {} --bytes {} --away-ms {} --output FILE",
                                 folder, settings.seed, settings.pulls, settings.bytes, settings.away_ms);
  const std::string with = *kBuild == '\0' ? "" : fmt::format("built with {}, without a report; ", kBuild);
  campaign.figures.push_back(
      figure("usb/replugs_tried" + suffix, tally.tried, "pulls", settings.pulls,
             fmt::format("{}real libusb over umockdev, Linux behind the card, {} bytes each, up or down, away for up "
                         "to {} ms; by what was going on: {}",
                         with, settings.bytes, settings.away_ms, counts_text(tally))));
  campaign.figures.push_back(figure(
      "usb/replugs_survived" + suffix, tally.survived, "pulls", tally.tried,
      fmt::format("equal data over the same connection, one program for all; it had {} descriptors and {} threads "
                  "after the first pull, and at the end",
                  replugs.descriptors(), replugs.threads())));
  return write_campaign(settings.output, campaign);
}

int run(const Settings& settings) {
  Replugs replugs(settings);
  const std::string problem = replugs.run();
  const Tally& tally = replugs.tally();
  std::fprintf(stderr, "usb_replugs: %u of %u pulls survived (%s; %u moments missed)%s%s\n", tally.survived,
               tally.tried, counts_text(tally).c_str(), tally.missed, problem.empty() ? "" : ": ", problem.c_str());
  return problem.empty() && store(settings, replugs) ? 0 : 1;
}

}  // namespace
}  // namespace sockwire::bench

int main(int argc, char** argv) {
  const std::string missing = sockwire::sim::start_again_with_umockdev(argv);
  if (!missing.empty()) {
    std::fprintf(stderr, "%s\n", missing.c_str());
    return 1;
  }
  sockwire::bench::Settings settings;
  settings.program = SOCKWIRE_REPLUG_PROGRAM;
  CLI::App app("A card on a USB cable that is pulled under a program");
  app.add_option("--output", settings.output, "where the campaign's file goes, as JSON");
  app.add_option("--pulls", settings.pulls, "of the cable, at least")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  app.add_option("--bytes", settings.bytes, "of each file")
      ->check(CLI::Range(10'000, 100'000'000))
      ->capture_default_str();
  app.add_option("--away-ms", settings.away_ms, "for how long the cable is out at most")
      ->check(CLI::Range(1, 60'000))
      ->capture_default_str();
  app.add_option("--seed", settings.seed, "of files and moments")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  if (const auto entered = sockwire::apps::enter_new_lab(); !entered) {
    std::fprintf(stderr, "skipped: %s\n", entered.error().c_str());
    return 0;
  }
  signal(SIGPIPE, SIG_IGN);
  try {
    return sockwire::bench::run(settings);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "usb_replugs: %s\n", error.what());
    return 1;
  }
}
