// SPDX-License-Identifier: Apache-2.0
#include "sim/phy/copper/copper_cable.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace sockwire::sim {
namespace {

constexpr std::int64_t kNanosecond = 1'000'000;
constexpr std::uint64_t kSeed = 11;

/// Nothing between driver and receiver.
CopperSettings straight(CopperSettings settings) {
  settings.length_m = 0;
  settings.highpass_hz = 0;
  return settings;
}

TEST(CopperCable, AnEdgeRisesInItsTimeToItsAmplitude) {
  for (const CopperSettings& settings : {straight(copper_10base_t()), straight(copper_100base_tx())}) {
    CopperCable cable(settings, kSeed);
    const std::int64_t edge = 1000 * kNanosecond + 300'000;
    cable.drive(edge, 1);
    const auto crossing = [&](double share) {
      std::int64_t time = edge;
      while (cable.at(time) < share * settings.amplitude_v) time += 50'000;
      return static_cast<double>(time - edge - cable.delay_fs()) / 1e6;
    };
    EXPECT_NEAR(crossing(0.9) - crossing(0.1), settings.rise_ns, 0.05 * settings.rise_ns);
    EXPECT_DOUBLE_EQ(cable.at(edge), 0);
    EXPECT_NEAR(cable.at(edge + 200 * kNanosecond), settings.amplitude_v, 1e-5);
  }
}

// Where an edge falls between two samples is seen, to a small part of one.
TEST(CopperCable, EdgesKeepTheirTimesBetweenSamples) {
  std::vector<double> crossings;
  for (int step = 0; step <= 10; ++step) {
    CopperCable cable(straight(copper_100base_tx()), kSeed);
    const std::int64_t edge = 50 * kNanosecond + step * 100'000;
    cable.drive(0, -1);
    cable.drive(edge, 1);
    std::int64_t time = edge;
    while (cable.at(time) < 0) time += 10'000;
    // A delay of 2 samples, half of the sample, and the middle of 5 samples that make the ramp.
    EXPECT_NEAR(static_cast<double>(time - edge) / 1e6, 4.5, 0.06) << step;
  }
}

/// A square wave of this frequency through the cable; the amplitude of its fundamental at the far end.
double fundamental(const CopperSettings& settings, double hertz) {
  CopperCable cable(settings, kSeed);
  const double half_fs = 0.5e15 / hertz;
  constexpr int kSettle = 400;
  constexpr int kPeriods = 200;
  double in = 0;
  double quadrature = 0;
  std::int64_t sample = -1;
  int samples = 0;
  for (int half = 0; half < 2 * (kSettle + kPeriods); ++half) {
    const auto time = static_cast<std::int64_t>(half * half_fs);
    cable.drive(time, half % 2 == 0 ? 1 : -1);
    const std::int64_t last = cable.render(time);
    for (; sample < last; ++sample) {
      if (half < 2 * kSettle) continue;
      const double turn = 2 * std::numbers::pi * hertz * static_cast<double>(cable.sample_time_fs(sample)) * 1e-15;
      in += static_cast<double>(cable.sample(sample)) * std::cos(turn);
      quadrature += static_cast<double>(cable.sample(sample)) * std::sin(turn);
      ++samples;
    }
  }
  return 2 * std::hypot(in, quadrature) / samples;
}

// The whole chain against the formula: what 100 m take from a square wave's fundamental.
TEST(CopperCable, AttenuatesByLengthAndFrequency) {
  for (const double length_m : {20.0, 50.0, 100.0}) {
    for (const double megahertz : {1.0, 5.0, 10.0, 31.25, 62.5}) {
      CopperSettings settings = copper_100base_tx();
      settings.length_m = 0;
      const double sent = fundamental(settings, megahertz * 1e6);
      settings.length_m = length_m;
      const double loss_db = 20 * std::log10(sent / fundamental(settings, megahertz * 1e6));
      EXPECT_NEAR(loss_db, category5_loss_db(megahertz * 1e6, length_m), 0.15) << length_m << " m " << megahertz;
    }
  }
}

// 14.3.1.2.1: harmonics of an all-ones signal are at least 27 dB below the fundamental.
TEST(CopperCable, TheDriverOf10BaseTKeepsItsHarmonicsDown) {
  // The response to a ramp is the ramp's alone: of a square wave the harmonic n has 1/n of the fundamental.
  const CopperSettings settings = straight(copper_10base_t());
  const CableResponse response = CopperCable(settings, kSeed).response();
  const double sample_s = static_cast<double>(settings.sample_fs) * 1e-15;
  for (int harmonic = 3; harmonic < 20; harmonic += 2) {
    const double ratio = std::abs(response.at(10e6 * harmonic, sample_s)) / std::abs(response.at(10e6, sample_s));
    EXPECT_LT(20 * std::log10(ratio / harmonic), -27) << harmonic;
  }
}

// The droop of a long level, which is what moves the baseline of MLT-3: one minus the two high-passes' decay.
TEST(CopperCable, TransformersLetALongLevelDroop) {
  CopperSettings settings = straight(copper_100base_tx());
  settings.highpass_hz = 22'700;
  CopperCable cable(settings, kSeed);
  cable.drive(0, 1);
  for (const int microseconds : {1, 3, 10, 30}) {
    const double t = 2 * std::numbers::pi * 22'700 * microseconds * 1e-6;
    EXPECT_NEAR(cable.at(microseconds * 1000 * kNanosecond), std::exp(-t) * (1 - t), 0.002) << microseconds;
  }
}

TEST(CopperCable, NoiseHasItsStrength) {
  CopperSettings settings = copper_100base_tx();
  settings.noise_v = 0.05;
  CopperCable cable(settings, kSeed);
  double squares = 0;
  constexpr int kSamples = 200'000;
  for (int i = 0; i < kSamples; ++i) {
    const std::int64_t number = cable.render(cable.delay_fs() + i * settings.sample_fs);
    ASSERT_EQ(number, i);
    squares += std::pow(static_cast<double>(cable.sample(number)), 2);
  }
  EXPECT_NEAR(std::sqrt(squares / kSamples), 0.05, 0.0005);
}

TEST(CopperCable, JitterMovesEdgesByItsStrength) {
  CopperSettings settings = straight(copper_100base_tx());
  settings.jitter_ns = 0.5;
  CopperCable cable(settings, kSeed);
  double sum = 0;
  double squares = 0;
  constexpr int kEdges = 4000;
  for (int i = 0; i < kEdges; ++i) {
    const std::int64_t edge = i * 40 * kNanosecond;
    cable.drive(edge, i % 2 == 0 ? 1 : -1);
    if (i == 0) continue;
    std::int64_t time = edge + 2 * kNanosecond;
    while ((cable.at(time) < 0) == (i % 2 == 0)) time += 20'000;
    const double late = static_cast<double>(time - edge) / 1e6;
    sum += late;
    squares += late * late;
  }
  const double mean = sum / kEdges;
  EXPECT_NEAR(mean, 4.5 + 3 * settings.jitter_ns, 0.1);
  EXPECT_NEAR(std::sqrt(squares / kEdges - mean * mean), settings.jitter_ns, 0.15 * settings.jitter_ns);
}

TEST(CopperCable, SwappedWiresInvertAndAPulledPlugIsSilent) {
  CopperSettings settings = copper_10base_t();
  CopperCable one(settings, kSeed);
  settings.inverted = true;
  CopperCable other(settings, kSeed);
  for (int i = 0; i < 100; ++i) {
    const std::int64_t time = i * 50 * kNanosecond;
    one.drive(time, i % 3 - 1);
    other.drive(time, i % 3 - 1);
    EXPECT_DOUBLE_EQ(one.at(time), -other.at(time));
  }
  one.set_plugged(false);
  EXPECT_EQ(one.at(6000 * kNanosecond), 0);
  one.set_plugged(true);
  one.drive(6100 * kNanosecond, 1);
  EXPECT_GT(one.at(6800 * kNanosecond), 1);
}

// A seed says everything, whenever the waveform is asked for.
TEST(CopperCable, IsTheSameForTheSameSeed) {
  CopperSettings settings = copper_10base_t();
  settings.noise_v = 0.1;
  settings.jitter_ns = 2;
  CopperCable often(settings, kSeed);
  CopperCable seldom(settings, kSeed);
  std::int64_t time = 0;
  for (int i = 0; i < 500; ++i, time += 50 * kNanosecond) {
    often.drive(time, i % 3 - 1);
    often.render(time + 20 * kNanosecond);
    seldom.drive(time, i % 3 - 1);
  }
  const std::int64_t last = often.render(time);
  ASSERT_EQ(seldom.render(time), last);
  for (std::int64_t n = last - CopperCable::kHistory + 1; n <= last; ++n) ASSERT_EQ(often.sample(n), seldom.sample(n));
}

}  // namespace
}  // namespace sockwire::sim
