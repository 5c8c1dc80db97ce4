// SPDX-License-Identifier: Apache-2.0
#include "host/apps/peers.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "host/apps/lab.hpp"
#include "host/apps/sha256.hpp"

namespace sockwire::apps {

namespace {

/// nginx lies in /usr/sbin, which is not on everybody's path.
std::string find_nginx() {
  for (const char* path : {"/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx", "/usr/local/bin/nginx"}) {
    if (access(path, X_OK) == 0) return path;
  }
  return "nginx";
}

std::string nginx_configuration(const std::string& folder) {
  std::ostringstream text;
  // Root of this namespace: the only user that there surely is in a user namespace.
  text << "user root; daemon off; master_process off; worker_processes 1;\n"
       << "pid " << folder << "/nginx.pid; error_log " << folder << "/error.log;\n"
       << "events { worker_connections 64; }\n"
       << "http {\n  access_log off; sendfile on; default_type application/octet-stream;\n"
       // A simulated card may be a thousand times slower than what it is a model of.
       << "  client_header_timeout 1h; send_timeout 1h;\n";
  for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
    text << "  " << kind << "_temp_path " << folder << "/" << kind << ";\n";
  }
  text << "  server { listen 80; root " << folder << "/www; }\n}\n";
  return text.str();
}

bool port_answers(std::uint16_t port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return false;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool answers = connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  close(descriptor);
  return answers;
}

/// The sink's process: a line "BYTES SHA256" into the pipe for each connection.
[[noreturn]] void run_sink(int listener, int pipe) {
  std::vector<std::uint8_t> buffer(65536);
  while (true) {
    const int connection = accept(listener, nullptr, nullptr);
    if (connection < 0) _exit(1);
    Sha256 sha;
    std::uint64_t total = 0;
    ssize_t bytes = 0;
    while ((bytes = read(connection, buffer.data(), buffer.size())) > 0) {
      sha.update(std::span(buffer).first(static_cast<std::size_t>(bytes)));
      total += static_cast<std::uint64_t>(bytes);
    }
    const std::string line = std::to_string(total) + " " + (bytes == 0 ? sha.finish() : "broken-off") + "\n";
    // Told before the connection is closed: whoever sees it closed finds the line in the pipe.
    if (write(pipe, line.data(), line.size()) < 0) _exit(1);
    close(connection);
  }
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::array<char, 32> name{"/tmp/sockwire-demo-XXXXXX"};
  if (mkdtemp(name.data()) != nullptr) path_ = name.data();
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code error;
  if (!path_.empty()) std::filesystem::remove_all(path_, error);
}

Result<std::unique_ptr<Nginx>, std::string> Nginx::start(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directory(folder + "/www", error);
  const std::string configuration = folder + "/nginx.conf";
  std::ofstream(configuration) << nginx_configuration(folder);
  const auto pid = start_program({find_nginx(), "-e", folder + "/error.log", "-p", folder, "-c", configuration}, true);
  if (!pid) return Failure{pid.error() + "; install it with 'apt install nginx-light'"};
  std::unique_ptr<Nginx> nginx(new Nginx(*pid));
  for (int tries = 0; tries < 500; ++tries) {
    if (port_answers(80)) return nginx;
    if (waitpid(*pid, nullptr, WNOHANG) == *pid) {
      nginx->pid_ = 0;
      break;
    }
    ::poll(nullptr, 0, 10);
  }
  std::ifstream log(folder + "/error.log");
  std::string line;
  std::getline(log, line);
  return Failure{"nginx does not serve: " + line};
}

Nginx::~Nginx() {
  if (pid_ > 0) stop_program(pid_);
}

Result<std::unique_ptr<TcpSink>, std::string> TcpSink::start(std::uint16_t port) {
  const auto failure = [](int error) {
    return Failure{std::string("cannot start a TCP sink: ") + std::strerror(error)};
  };
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  const int on = 1;
  int pipe[2];
  if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(listener, 8) != 0 ||
      pipe2(pipe, O_CLOEXEC) != 0) {
    return failure(errno);
  }
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_DFL);
    if (getppid() != parent) _exit(1);
    run_sink(listener, pipe[1]);
  }
  close(listener);
  close(pipe[1]);
  if (pid < 0) return failure(errno);
  return std::unique_ptr<TcpSink>(new TcpSink(pid, pipe[0]));
}

TcpSink::~TcpSink() {
  close(pipe_);
  stop_program(pid_);
}

Result<TcpSink::Sunk, std::string> TcpSink::next() {
  std::string line;
  char byte = 0;
  while (true) {
    pollfd waiting{pipe_, POLLIN, 0};
    if (::poll(&waiting, 1, 5000) != 1 || read(pipe_, &byte, 1) != 1) {
      return Failure<std::string>{"the TCP sink does not say what it has received"};
    }
    if (byte == '\n') break;
    line += byte;
  }
  Sunk sunk;
  std::istringstream(line) >> sunk.bytes >> sunk.sha256;
  return sunk;
}

}  // namespace sockwire::apps
