// SPDX-License-Identifier: Apache-2.0
#include "tests/guest/qemu_guest.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include "tests/command_outcome.hpp"

namespace sockwire::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kQemu = "qemu-system-x86_64";

/// The newest kernel of linux-image-amd64 whose modules are here; empty if there is none. The cloud kernel has no USB.
std::string kernel_version() {
  std::string newest;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/boot", ignored)) {
    const std::string name = entry.path().filename().string();
    const std::string start = "vmlinuz-";
    if (name.rfind(start, 0) != 0 || name.find("cloud") != std::string::npos) continue;
    const std::string version = name.substr(start.size());
    const bool usable = version.size() > 6 && version.substr(version.size() - 6) == "-amd64" &&
                        fs::exists("/lib/modules/" + version) && access(entry.path().c_str(), R_OK) == 0;
    if (usable && version > newest) newest = version;
  }
  return newest;
}

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string output_of(const std::string& command) {
  const CommandOutcome outcome = run_command(command);
  if (outcome.exit_code != 0) throw std::runtime_error(command + ": " + outcome.output);
  return outcome.output;
}

/// A folder that is gone with this object.
class Scratch {
 public:
  Scratch() {
    std::string name = (fs::temp_directory_path() / "sockwire-guest-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr)
      throw std::runtime_error("no folder can be made in the one for temporary files");
    folder_ = name;
  }
  ~Scratch() { fs::remove_all(folder_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::string path(const std::string& name) const { return folder_ + "/" + name; }

 private:
  std::string folder_;
};

/// The kernel itself, out of the file that unpacks itself: QEMU starts it at once, and unpacking it in the guest takes
/// seconds. Debian's are xz.
void unpack_kernel(const std::string& from, const std::string& to) {
  const std::string image = content_of(from);
  const std::size_t at =
      image.find(std::string("\xfd"
                             "7zXZ\0",
                             6));
  if (at == std::string::npos) throw std::runtime_error(from + " has no xz data in it");
  std::ofstream(to + ".xz", std::ios::binary) << image.substr(at);
  output_of("xz --decompress --single-stream --stdout '" + to + ".xz' > '" + to + "'");
}

/// A cpio archive of the kind that the kernel takes as its first file system ("newc": headers of hexadecimal numbers).
class Cpio {
 public:
  void add(const std::string& path, unsigned mode, const std::string& content) {
    const std::array<unsigned, 13> fields{++number_,
                                          mode,
                                          0,
                                          0,
                                          1,
                                          0,
                                          static_cast<unsigned>(content.size()),
                                          0,
                                          0,
                                          0,
                                          0,
                                          static_cast<unsigned>(path.size() + 1),
                                          0};
    archive_ += "070701";
    for (const unsigned field : fields) {
      std::array<char, 9> digits{};
      std::snprintf(digits.data(), digits.size(), "%08X", field);
      archive_ += digits.data();
    }
    archive_ += path;
    archive_ += '\0';
    pad();
    archive_ += content;
    pad();
  }
  void add_folder(const std::string& path) { add(path, 040755, ""); }
  void add_file(const std::string& path, const std::string& content) { add(path, 0100755, content); }
  const std::string& finish() {
    add("TRAILER!!!", 0, "");
    return archive_;
  }

 private:
  void pad() { archive_.resize((archive_.size() + 3) / 4 * 4, '\0'); }
  std::string archive_;
  unsigned number_ = 0;
};

/// What the guest needs before it has the host's files: the driver for these.
std::string first_files(const std::string& version, const std::string& script) {
  Cpio cpio;
  cpio.add_folder("proc");
  cpio.add_folder("root");
  cpio.add_file("init", content_of(SOCKWIRE_GUEST_INIT));
  cpio.add_file("script", script);
  std::string order;
  for (const char* module : {"virtio_pci", "9pnet_virtio", "9p"}) {
    std::istringstream lines(output_of(std::string("/sbin/modprobe --show-depends -S ") + version + " " + module));
    for (std::string word, path; lines >> word >> path;) {
      if (word != "insmod") continue;
      const std::string name = fs::path(path).filename().string();
      if (order.find("/" + name + "\n") != std::string::npos) continue;
      order += "/" + name + "\n";
      cpio.add_file(name, content_of(path));
    }
  }
  cpio.add_file("modules", order);
  return cpio.finish();
}

std::vector<std::string> qemu_arguments(const Scratch& scratch, const std::string& usb_socket) {
  return {kQemu,
          "-machine",
          "q35",
          "-accel",
          "tcg",
          "-m",
          "512",
          "-nodefaults",
          "-no-reboot",
          "-display",
          "none",
          "-serial",
          "stdio",
          "-kernel",
          scratch.path("vmlinux"),
          "-initrd",
          scratch.path("initrd"),
          "-append",
          "console=ttyS0 quiet loglevel=3 panic=-1",
          "-fsdev",
          "local,id=root,path=/,security_model=none,readonly=on,multidevs=remap",
          "-device",
          "virtio-9p-pci,fsdev=root,mount_tag=root",
          "-device",
          "qemu-xhci,id=x",
          "-chardev",
          "socket,id=c0,path=" + usb_socket,
          "-device",
          "usb-redir,chardev=c0,bus=x.0"};
}

/// Starts a program; what it writes can be read from `output`.
pid_t start(std::vector<std::string> arguments, int& output) {
  std::vector<char*> pointers;
  for (std::string& one : arguments) pointers.push_back(one.data());
  pointers.push_back(nullptr);
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) throw std::runtime_error("no pipe can be made");
  const pid_t pid = fork();
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // it must not outlive its test
    dup2(ends[1], STDOUT_FILENO);
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    execvp(pointers[0], pointers.data());
    _exit(127);
  }
  close(ends[1]);
  output = ends[0];
  return pid;
}

}  // namespace

std::string guest_lacks() {
  if (run_command(std::string("command -v ") + kQemu).exit_code != 0) return "qemu-system-x86 is not installed";
  if (kernel_version().empty()) return "no kernel of linux-image-amd64 is installed, or it may not be read";
  for (const char* program : {"xz", "/sbin/modprobe", "/lib/systemd/systemd-udevd", "udevadm"}) {
    if (run_command(std::string("command -v ") + program).exit_code != 0) return std::string(program) + " is missing";
  }
  return "";
}

GuestOutcome run_guest(const std::string& script, const std::string& usb_socket,
                       const std::function<void(const std::string& line)>& on_line) {
  const std::string version = kernel_version();
  const Scratch scratch;
  unpack_kernel("/boot/vmlinuz-" + version, scratch.path("vmlinux"));
  std::ofstream(scratch.path("initrd"), std::ios::binary) << first_files(version, script);
  GuestOutcome outcome;
  const auto started = std::chrono::steady_clock::now();
  int console = -1;
  const pid_t qemu = start(qemu_arguments(scratch, usb_socket), console);
  std::string line;
  std::array<char, 4096> buffer{};
  for (ssize_t bytes = 0; (bytes = read(console, buffer.data(), buffer.size())) > 0;) {
    for (const char letter : std::string(buffer.data(), static_cast<std::size_t>(bytes))) {
      if (letter == '\r') continue;
      outcome.console += letter;
      if (letter != '\n') {
        line += letter;
        continue;
      }
      std::sscanf(line.c_str(), "sockwire-guest: exit %d", &outcome.exit_code);
      on_line(line);
      line.clear();
    }
  }
  close(console);
  waitpid(qemu, nullptr, 0);
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return outcome;
}

}  // namespace sockwire::test
