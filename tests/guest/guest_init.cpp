// SPDX-License-Identifier: Apache-2.0
// The first program of a guest (qemu_guest.hpp): mounts the host's files read-only, runs a shell script there, says how
// it ended, and switches the machine off. It is linked statically, since there is nothing else to begin with.
#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

constexpr const char* kRoot = "/root";
/// A script that hangs is ended, so that its console is told. In the guest's time.
constexpr unsigned kScriptSeconds = 120;
constexpr int kHung = 124;

pid_t shell = -1;
volatile sig_atomic_t hung = 0;

void on_alarm(int /*signal*/) {
  hung = 1;
  kill(shell, SIGKILL);
}

[[noreturn]] void end(int code) {
  std::printf("\nsockwire-guest: exit %d\n", code);
  std::fflush(stdout);
  tcdrain(STDOUT_FILENO);
  reboot(RB_POWER_OFF);
  _exit(0);
}

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  end(125);
}

void mount_at(const char* source, const char* target, const char* type, const char* options = "") {
  mkdir(target, 0755);
  const unsigned long flags = std::strcmp(type, "9p") == 0 ? MS_RDONLY : 0;
  if (mount(source, target, type, flags, options) != 0) give_up(target);
}

/// /modules names files, one a line, in the order in which they need one another.
void load_modules() {
  std::FILE* list = std::fopen("/modules", "r");
  if (list == nullptr) give_up("/modules");
  char path[512];
  while (std::fgets(path, sizeof path, list) != nullptr) {
    path[std::strcspn(path, "\n")] = '\0';
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || syscall(SYS_finit_module, file, "", 0) != 0) give_up(path);
    close(file);
  }
  std::fclose(list);
}

void copy_script() {
  const int from = open("/script", O_RDONLY | O_CLOEXEC);
  const int to = open("/root/run/script", O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
  if (from < 0 || to < 0) give_up("script");
  char buffer[4096];
  for (ssize_t bytes = 0; (bytes = read(from, buffer, sizeof buffer)) > 0;) {
    if (write(to, buffer, static_cast<std::size_t>(bytes)) != bytes) give_up("script");
  }
  close(from);
  close(to);
}

}  // namespace

int main() {
  mount_at("proc", "/proc", "proc");
  load_modules();
  mount_at("root", kRoot, "9p", "trans=virtio,version=9p2000.L,msize=131072,cache=loose");
  mount_at("tmpfs", "/root/run", "tmpfs");
  mount_at("tmpfs", "/root/tmp", "tmpfs");
  mount_at("proc", "/root/proc", "proc");
  mount_at("sysfs", "/root/sys", "sysfs");
  mount_at("devtmpfs", "/root/dev", "devtmpfs");
  copy_script();
  if (chroot(kRoot) != 0 || chdir("/tmp") != 0) give_up(kRoot);
  setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
  setenv("HOME", "/tmp", 1);
  shell = fork();
  if (shell == 0) {
    execl("/bin/sh", "sh", "/run/script", static_cast<char*>(nullptr));
    _exit(127);
  }
  signal(SIGALRM, on_alarm);
  alarm(kScriptSeconds);
  int status = 0;
  while (wait(&status) != shell) {  // orphans end here, too
  }
  if (hung != 0) end(kHung);
  end(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}
