// SPDX-License-Identifier: Apache-2.0
// Bit error rates against the signal-to-noise ratio, as SVG: a line of theory, a mark for each measurement.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace sockwire::bench {

struct BerPoint {
  double snr_db = 0;
  double measured = 0;
  double theory = 0;
  std::uint64_t errors = 0;  ///< fewer than 100 make a hollow mark
};

/// Precondition: points in the order of their ratios, two or more.
inline void write_ber_plot(const std::filesystem::path& path, const std::string& title,
                           const std::vector<BerPoint>& points) {
  constexpr double kWidth = 560;
  constexpr double kHeight = 400;
  constexpr double kLeft = 60;
  constexpr double kTop = 40;
  constexpr int kDecades = 7;
  const double low = std::floor(points.front().snr_db);
  const double high = std::ceil(points.back().snr_db);
  const auto x = [&](double db) { return kLeft + (db - low) / (high - low) * (kWidth - kLeft - 20); };
  const auto y = [&](double ber) {
    return kTop +
           std::clamp(-std::log10(std::max(ber, 1e-30)), 0.0, double(kDecades)) / kDecades * (kHeight - kTop - 50);
  };
  std::ofstream out(path);
  out << "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " << kWidth << ' ' << kHeight
      << "\" font-family=\"sans-serif\" font-size=\"12\">\n<title>" << title << "</title>\n"
      << "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n<text x=\"" << kLeft << "\" y=\"22\" font-size=\"15\">"
      << title << "</text>\n<g stroke=\"#ccc\">\n";
  for (int i = 0; i <= kDecades; ++i) {
    const double at = y(std::pow(10.0, -i));
    out << "<path d=\"M" << kLeft << ' ' << at << "H" << kWidth - 20 << "\"/>\n";
  }
  for (double db = low; db <= high; ++db)
    out << "<path d=\"M" << x(db) << ' ' << kTop << "V" << kHeight - 50 << "\"/>\n";
  out << "</g>\n";
  for (int i = 0; i <= kDecades; ++i) {
    out << "<text x=\"" << kLeft - 8 << "\" y=\"" << y(std::pow(10.0, -i)) + 4 << "\" text-anchor=\"end\">1e-" << i
        << "</text>\n";
  }
  for (double db = low; db <= high; ++db) {
    out << "<text x=\"" << x(db) << "\" y=\"" << kHeight - 34 << "\" text-anchor=\"middle\">" << db << "</text>\n";
  }
  out << "<text x=\"" << (kLeft + kWidth) / 2 << "\" y=\"" << kHeight - 12
      << "\" text-anchor=\"middle\">signal to noise at the receiver's input, dB</text>\n<path fill=\"none\" "
         "stroke=\"#06c\" stroke-width=\"2\" d=\"";
  for (std::size_t i = 0; i < points.size(); ++i) {
    out << (i == 0 ? 'M' : 'L') << x(points[i].snr_db) << ' ' << y(points[i].theory);
  }
  out << "\"/>\n<g stroke=\"#c30\" stroke-width=\"1.5\">\n";
  for (const BerPoint& point : points) {
    if (point.errors == 0) continue;
    out << "<circle cx=\"" << x(point.snr_db) << "\" cy=\"" << y(point.measured) << "\" r=\"4\" fill=\""
        << (point.errors < 100 ? "white" : "#c30") << "\"/>\n";
  }
  out << "</g>\n<text x=\"" << kWidth - 24 << "\" y=\"" << kTop + 18
      << "\" text-anchor=\"end\">line: theory; marks: counted bit errors</text>\n</svg>\n";
}

}  // namespace sockwire::bench
