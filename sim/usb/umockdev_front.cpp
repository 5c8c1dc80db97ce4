// SPDX-License-Identifier: Apache-2.0
#include "sim/usb/umockdev_front.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <umockdev.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "sim/usb/umockdev_description.hpp"
#include "sim/usb/umockdev_preload.hpp"
#include "sim/usb/usbfs_device.hpp"
#include "sim/usb/usbfs_ioctls.hpp"

namespace sockwire::sim {
namespace {

constexpr const char* kKernelDriver = "ftdi_sio";
constexpr std::size_t kPipeBytes = 4096;
constexpr std::uint64_t kIdleNs = 1'000'000'000;
/// A machine that is slower than the card makes time slower: no more passes at once, lest the host falls behind more.
constexpr std::uint64_t kAtOnceNs = 2'000'000;
/// So often a card is looked at whose cable is to be pulled at some moment.
constexpr std::uint64_t kLookNs = 20'000;

/// A card, its port, and its file in the test bed.
struct Card {
  Card(const Ft2232hSettings& settings, UartPeer& peer, unsigned port_number)
      : chip(settings), controller(chip, peer), port(port_number) {}

  Ft2232h chip;
  HostController controller;
  unsigned port;
  unsigned address = 0;  // on the bus
  bool allowed = true;
  std::string syspath;
  std::string devnode;  // as programs name it; empty while it is unplugged
  std::string file;     // where it really is
  int pipe = -1;
  bool pipe_full = false;
  std::function<bool(const Ft2232h&)> pull_when;  // null: nobody waits to pull its cable
};

/// One time that a card is plugged in. Its clients may outlive it.
struct Session {
  Session(Card& of, UMockdevIoctlBase* umockdev, std::size_t number)
      : card(of), device(of.controller, kKernelDriver), ioctls(device, std::uint64_t{number} << 32), base(umockdev) {}
  Card& card;
  UsbfsDevice device;
  UsbfsIoctls ioctls;
  UMockdevIoctlBase* base;
  std::string devnode;
};

void set_access(const Card& card) { chmod(card.file.c_str(), card.allowed ? 0666 : 0); }  // 0: not even for its maker

}  // namespace

/// Everything is done under one lock: umockdev calls from a thread of its own, and time passes on another.
struct UmockdevFront::Impl {
  Impl();
  ~Impl();

  Card& at(unsigned port) { return *cards.at(port - 1); }
  Session* session_of(const Card& card);
  void plug(Card& card, bool announce);
  void describe(Card& card);
  void unplug(Card& card);
  void unplug_when(Card& card, std::function<bool(const Ft2232h&)> condition);
  void cut(Card& card);
  void forget(Card& card);
  void look(Card& card);
  std::uint64_t pass(Card& card, std::uint64_t elapsed_ns);
  void make_pipe(Card& card);
  void show_reapable(Card& card);
  void let_time_pass();
  std::uint64_t pass(std::uint64_t elapsed_ns);

  // ioctls
  static gboolean on_ioctl(UMockdevIoctlBase* base, UMockdevIoctlClient* client, gpointer self);
  static void on_connected(UMockdevIoctlBase* base, UMockdevIoctlClient* client, gpointer self);
  void forget_vanished_clients();

  UMockdevTestbed* testbed;
  std::string root;  // its folder
  std::mutex mutex;
  std::condition_variable changed;  // something was submitted
  std::condition_variable passed;   // time has
  std::vector<std::unique_ptr<Card>> cards;
  std::vector<std::unique_ptr<Session>> sessions;  // the newest of a card is the one that is plugged in
  std::vector<UMockdevIoctlClient*> clients;       // those that have a file open
  unsigned next_address = 2;
  bool ending = false;
  std::thread time;
};

UmockdevFront::Impl::Impl() : testbed(umockdev_testbed_new()) {
  umockdev_testbed_add_from_string(testbed, kUmockdevRootHub, nullptr);
  gchar* path = umockdev_testbed_get_root_dir(testbed);
  root = path;
  g_free(path);
  chmod(root.c_str(), 01777);  // others may look, as at /dev and /sys, and wait for udev's events with a socket in it
  time = std::thread([this] { let_time_pass(); });
}

UmockdevFront::Impl::~Impl() {
  for (const auto& card : cards) {
    if (!card->devnode.empty()) unplug(*card);
  }
  {
    const std::lock_guard lock(mutex);
    ending = true;
  }
  changed.notify_all();
  time.join();
  for (const auto& session : sessions) {
    umockdev_testbed_detach_ioctl(testbed, session->devnode.c_str(), nullptr);
    g_signal_handlers_disconnect_by_data(session->base, this);
    g_object_unref(session->base);
  }
  g_object_unref(testbed);
  for (UMockdevIoctlClient* client : clients) g_object_unref(client);
}

Session* UmockdevFront::Impl::session_of(const Card& card) {
  const auto found =
      std::find_if(sessions.rbegin(), sessions.rend(), [&](const auto& one) { return &one->card == &card; });
  return found == sessions.rend() ? nullptr : found->get();
}

// --- the cable ---

void UmockdevFront::Impl::plug(Card& card, bool announce) {
  const std::unique_lock lock(mutex);
  card.address = next_address++;
  UMockdevIoctlBase* base = umockdev_ioctl_base_new();
  g_signal_connect(base, "handle-ioctl", G_CALLBACK(on_ioctl), this);
  g_signal_connect(base, "client-connected", G_CALLBACK(on_connected), this);
  sessions.push_back(std::make_unique<Session>(card, base, sessions.size()));
  std::array<char, 32> node{};
  std::snprintf(node.data(), node.size(), "/dev/bus/usb/001/%03u", card.address);
  sessions.back()->devnode = card.devnode = node.data();
  // All is there before anybody can learn of it.
  make_pipe(card);
  umockdev_testbed_attach_ioctl(testbed, card.devnode.c_str(), base, nullptr);
  chmod((root + "/ioctl" + card.devnode).c_str(), 0777);  // who may open the file may use it
  describe(card);
  if (announce) umockdev_testbed_uevent(testbed, card.syspath.c_str(), "add");
}

void UmockdevFront::Impl::describe(Card& card) {
  const std::string path = "/devices/usb1/1-" + std::to_string(card.port);
  card.syspath = "/sys" + path;
  GError* error = nullptr;
  const std::string text = umockdev_card(path, card.devnode, card.address, card.chip);
  umockdev_testbed_add_from_string(testbed, text.c_str(), &error);
  assert(error == nullptr);
}

/// Programs wait for transfers by waiting until the device's file can be written to. So it is a pipe here, and full as
/// long as there is nothing to reap.
void UmockdevFront::Impl::make_pipe(Card& card) {
  card.file = root + card.devnode;
  mkfifo(card.file.c_str(), 0600);
  card.pipe = ::open(card.file.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  fcntl(card.pipe, F_SETPIPE_SZ, static_cast<int>(kPipeBytes));
  set_access(card);
  card.pipe_full = false;
  show_reapable(card);
}

void UmockdevFront::Impl::show_reapable(Card& card) {
  if (card.pipe < 0) return;
  const bool full = !session_of(card)->device.reapable();
  if (full == card.pipe_full) return;
  std::array<char, kPipeBytes> bytes{};
  ssize_t moved = 0;
  if (full) {
    moved = write(card.pipe, bytes.data(), bytes.size());
  } else {
    // It is opened so that this does not block. NOLINTNEXTLINE(clang-analyzer-unix.BlockInCriticalSection)
    moved = read(card.pipe, bytes.data(), bytes.size());
  }
  assert(moved == static_cast<ssize_t>(bytes.size()));
  static_cast<void>(moved);
  card.pipe_full = full;
}

void UmockdevFront::Impl::unplug(Card& card) {
  {
    const std::lock_guard lock(mutex);
    cut(card);
  }
  forget(card);
}

void UmockdevFront::Impl::unplug_when(Card& card, std::function<bool(const Ft2232h&)> condition) {
  {
    std::unique_lock lock(mutex);
    card.pull_when = std::move(condition);
    look(card);
    changed.notify_all();
    passed.wait(lock, [&card] { return !card.pull_when; });
  }
  forget(card);
}

/// Pulls the cable if that was waited for.
void UmockdevFront::Impl::look(Card& card) {
  if (!card.pull_when || !card.pull_when(card.chip)) return;
  card.pull_when = nullptr;
  cut(card);
  passed.notify_all();
}

/// What the card and the kernel's USB know at once.
void UmockdevFront::Impl::cut(Card& card) {
  card.controller.unplug();
  session_of(card)->device.remove();
  show_reapable(card);
}

/// What programs are told then.
void UmockdevFront::Impl::forget(Card& card) {
  unlink(card.file.c_str());
  umockdev_testbed_uevent(testbed, card.syspath.c_str(), "remove");
  // Its ioctls stay: a program may be opening the file at this moment, and is told that there is no device.
  umockdev_testbed_remove_device(testbed, card.syspath.c_str());
  const std::lock_guard lock(mutex);
  close(card.pipe);  // clients have it open themselves
  card.pipe = -1;
  card.devnode.clear();
}

// --- time ---

void UmockdevFront::Impl::let_time_pass() {
  using Clock = std::chrono::steady_clock;
  std::unique_lock lock(mutex);
  Clock::time_point last = Clock::now();
  std::uint64_t wait_ns = 0;
  while (!ending) {
    const Clock::time_point now = Clock::now();
    const auto elapsed_ns = static_cast<std::uint64_t>(std::chrono::nanoseconds(now - last).count());
    wait_ns = pass(std::min(elapsed_ns, wait_ns + kAtOnceNs));
    last = now;
    passed.notify_all();
    changed.wait_for(lock, std::chrono::nanoseconds(wait_ns));
  }
}

/// Returns how long nothing will happen by itself.
std::uint64_t UmockdevFront::Impl::pass(std::uint64_t elapsed_ns) {
  forget_vanished_clients();
  std::uint64_t wait_ns = kIdleNs;
  for (const auto& card : cards) {
    wait_ns = std::min(wait_ns, pass(*card, elapsed_ns));
    if (Session* session = session_of(*card)) session->device.collect();
    show_reapable(*card);
  }
  return wait_ns;
}

std::uint64_t UmockdevFront::Impl::pass(Card& card, std::uint64_t elapsed_ns) {
  for (; card.pull_when && elapsed_ns > kLookNs; elapsed_ns -= kLookNs) {
    card.controller.pass(kLookNs);
    look(card);
  }
  const std::uint64_t wait_ns = card.controller.pass(elapsed_ns);
  look(card);
  return wait_ns;
}

// --- ioctls ---

gboolean UmockdevFront::Impl::on_ioctl(UMockdevIoctlBase* base, UMockdevIoctlClient* client, gpointer self) {
  auto& front = *static_cast<Impl*>(self);
  const std::lock_guard lock(front.mutex);
  const auto found =
      std::find_if(front.sessions.begin(), front.sessions.end(), [&](const auto& one) { return one->base == base; });
  if (found == front.sessions.end()) return 0;
  const int code = (*found)->ioctls.handle(client);
  umockdev_ioctl_client_complete(client, code == 0 ? 0 : -1, code);
  front.show_reapable((*found)->card);
  front.look((*found)->card);
  front.changed.notify_all();
  return 1;
}

void UmockdevFront::Impl::on_connected(UMockdevIoctlBase* /*base*/, UMockdevIoctlClient* client, gpointer self) {
  auto& front = *static_cast<Impl*>(self);
  const std::lock_guard lock(front.mutex);
  front.clients.push_back(static_cast<UMockdevIoctlClient*>(g_object_ref(client)));
}

/// A client that ends without a word is not told of; its connection is closed, though. (Not if it was killed within an
/// ioctl: umockdev 0.17 then keeps the connection.)
void UmockdevFront::Impl::forget_vanished_clients() {
  for (auto client = clients.begin(); client != clients.end();) {
    if (umockdev_ioctl_client_get_connected(*client) != 0) {
      ++client;
      continue;
    }
    for (const auto& session : sessions) {
      session->device.vanish(*client);
      show_reapable(session->card);
    }
    g_object_unref(*client);
    client = clients.erase(client);
  }
}

// --- what others see ---

Result<std::unique_ptr<UmockdevFront>, std::string> UmockdevFront::open() {
  if (!has_umockdev_preload()) {
    return Failure{std::string("this program was not started with umockdev's preload library")};
  }
  return std::unique_ptr<UmockdevFront>(new UmockdevFront(std::make_unique<Impl>()));
}

UmockdevFront::UmockdevFront(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
UmockdevFront::~UmockdevFront() = default;

unsigned UmockdevFront::add(const Ft2232hSettings& settings, UartPeer& peer) {
  Card* card = nullptr;
  {
    const std::lock_guard lock(impl_->mutex);
    const auto port = static_cast<unsigned>(impl_->cards.size() + 1);
    impl_->cards.push_back(std::make_unique<Card>(settings, peer, port));
    card = impl_->cards.back().get();
  }
  impl_->plug(*card, true);
  return card->port;
}

void UmockdevFront::unplug(unsigned port) { impl_->unplug(impl_->at(port)); }

void UmockdevFront::unplug_when(unsigned port, std::function<bool(const Ft2232h&)> condition) {
  impl_->unplug_when(impl_->at(port), std::move(condition));
}

void UmockdevFront::plug(unsigned port, bool announce) {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->at(port).controller.plug();
  }
  impl_->plug(impl_->at(port), announce);
}

void UmockdevFront::allow(unsigned port, bool allowed) {
  const std::lock_guard lock(impl_->mutex);
  Card& card = impl_->at(port);
  card.allowed = allowed;
  set_access(card);
}

void UmockdevFront::with(unsigned port, const std::function<void(Ft2232h&, HostController&)>& what) {
  const std::lock_guard lock(impl_->mutex);
  what(impl_->at(port).chip, impl_->at(port).controller);
  impl_->changed.notify_all();
}

void UmockdevFront::wait_until(unsigned port, const std::function<bool(const Ft2232h&)>& condition) {
  std::unique_lock lock(impl_->mutex);
  impl_->passed.wait(lock, [&] { return condition(impl_->at(port).chip); });
}

std::string UmockdevFront::driver(unsigned port, unsigned interface) {
  const std::lock_guard lock(impl_->mutex);
  const Session* session = impl_->session_of(impl_->at(port));
  return session != nullptr ? session->device.driver(interface) : "";
}

void UmockdevFront::wait_for_driver(unsigned port, unsigned interface, const std::string& name) {
  std::unique_lock lock(impl_->mutex);
  impl_->passed.wait(lock, [&] {
    const Session* session = impl_->session_of(impl_->at(port));
    return session != nullptr && session->device.driver(interface) == name;
  });
}

unsigned UmockdevFront::address(unsigned port) {
  const std::lock_guard lock(impl_->mutex);
  return impl_->at(port).address;
}

std::string UmockdevFront::folder() const { return impl_->root; }

}  // namespace sockwire::sim
