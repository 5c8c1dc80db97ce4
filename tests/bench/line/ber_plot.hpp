// SPDX-License-Identifier: Apache-2.0
// Bit error rates against the ratio of signal to noise: how far two curves are apart, and a drawing of them.
#pragma once

#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

namespace sockwire::bench {

struct BerPoint {
  double ratio_db;
  double rate;  ///< of errors
};
using BerCurve = std::vector<BerPoint>;

/// What is drawn: points for what was simulated, lines for the others.
struct BerFigure {
  std::string title;
  BerCurve simulated;
  BerCurve theory;  ///< of this receiver
  BerCurve bound;   ///< of the best receiver there is
};

/// The ratio at which a falling curve passes `rate`: on the line between two points, rates by their logarithm. NaN if
/// it does not.
inline double ratio_at(const BerCurve& curve, double rate) {
  for (std::size_t i = 1; i < curve.size(); ++i) {
    if (curve[i - 1].rate < rate || curve[i].rate > rate || curve[i].rate <= 0) continue;
    const double share = std::log(curve[i - 1].rate / rate) / std::log(curve[i - 1].rate / curve[i].rate);
    return curve[i - 1].ratio_db + share * (curve[i].ratio_db - curve[i - 1].ratio_db);
  }
  return std::numeric_limits<double>::quiet_NaN();
}

/// By how many dB more `worse` needs than `better` does for this rate.
inline double distance_db(const BerCurve& worse, const BerCurve& better, double rate) {
  return ratio_at(worse, rate) - ratio_at(better, rate);
}

namespace detail {

/// The drawing's coordinates.
struct BerAxes {
  double from_db;
  double to_db;
  static constexpr double kLeft = 70;
  static constexpr double kRight = 620;
  static constexpr double kTop = 50;
  static constexpr double kBottom = 380;
  static constexpr double kDecades = 6;  ///< from 1 downwards

  double x(double ratio_db) const { return kLeft + (kRight - kLeft) * (ratio_db - from_db) / (to_db - from_db); }
  static double y(double rate) { return kTop + (kTop - kBottom) * std::log10(rate) / kDecades; }
};

inline std::string text(const char* format, auto... values) {
  char buffer[300];
  std::snprintf(buffer, sizeof buffer, format, values...);
  return buffer;
}

inline std::string line_of(const BerCurve& curve, const BerAxes& axes, const char* style) {
  std::string points;
  for (const BerPoint& point : curve) {
    if (point.rate < std::pow(10, -BerAxes::kDecades) || point.ratio_db > axes.to_db) break;
    points += text("%.1f,%.1f ", axes.x(point.ratio_db), BerAxes::y(point.rate));
  }
  return "<polyline fill=\"none\" " + std::string(style) + " points=\"" + points + "\"/>\n";
}

inline std::string grid(const BerAxes& axes) {
  std::string out;
  for (int decade = 0; decade <= BerAxes::kDecades; ++decade) {
    const double y = BerAxes::y(std::pow(10, -decade));
    out += text("<line x1=\"%.0f\" x2=\"%.0f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ccc\"/>\n", BerAxes::kLeft,
                BerAxes::kRight, y, y);
    out += text("<text x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\">1e-%d</text>\n", BerAxes::kLeft - 6, y + 4, decade);
  }
  for (double db = std::ceil(axes.from_db); db <= axes.to_db; db += 2) {
    out += text("<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.0f\" y2=\"%.0f\" stroke=\"#ccc\"/>\n", axes.x(db), axes.x(db),
                BerAxes::kTop, BerAxes::kBottom);
    out +=
        text("<text x=\"%.1f\" y=\"%.0f\" text-anchor=\"middle\">%.0f</text>\n", axes.x(db), BerAxes::kBottom + 18, db);
  }
  return out;
}

}  // namespace detail

/// Six decades of rates over the ratios of `theory`.
inline std::string to_svg(const BerFigure& figure) {
  const detail::BerAxes axes{figure.theory.front().ratio_db, figure.theory.back().ratio_db};
  std::string out =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 440\" font-family=\"sans-serif\" font-size=\"12\">\n"
      "<rect width=\"640\" height=\"440\" fill=\"white\"/>\n";
  out += "<text x=\"20\" y=\"24\" font-size=\"15\">" + figure.title + "</text>\n" + detail::grid(axes);
  out += detail::line_of(figure.bound, axes, "stroke=\"#888\" stroke-dasharray=\"4 4\"");
  out += detail::line_of(figure.theory, axes, "stroke=\"#0060c0\" stroke-width=\"2\"");
  for (const BerPoint& point : figure.simulated) {
    out += detail::text("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"#c04000\"/>\n", axes.x(point.ratio_db),
                        detail::BerAxes::y(point.rate));
  }
  const char* const legend[] = {"#c04000\">simulated", "#0060c0\">theory of this receiver",
                                "#888\">matched filter, no intersymbol interference"};
  for (int i = 0; i < 3; ++i) {
    out += detail::text("<text x=\"90\" y=\"%d\" fill=\"%s</text>\n", 320 + 18 * i, legend[i]);
  }
  return out +
         "<text x=\"345\" y=\"425\" text-anchor=\"middle\">Eb/N0 at the receiver's input, dB</text>\n"
         "<text x=\"20\" y=\"44\">bit error rate</text>\n</svg>\n";
}

}  // namespace sockwire::bench
