// SPDX-License-Identifier: Apache-2.0
#include "sim/usb/umockdev_front.hpp"

#include <fcntl.h>
#include <linux/usbdevice_fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <umockdev.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "sim/usb/usbfs_device.hpp"

namespace sockwire::sim {
namespace {

constexpr const char* kPreload = "libumockdev-preload.so.0";
constexpr const char* kStartedAgain = "SOCKWIRE_UMOCKDEV";
constexpr const char* kKernelDriver = "ftdi_sio";
constexpr std::size_t kPipeBytes = 4096;
/// What ends within this time of one another is told at once.
constexpr std::uint64_t kGranularityNs = 100'000;
constexpr std::uint64_t kIdleNs = 1'000'000'000;

/// Linux's own hub, which the cards are plugged into: descriptors of a USB 2.0 root hub (0x1d6b:0x0002).
constexpr const char* kRootHub =
    "P: /devices/usb1\nN: bus/usb/001/001\nE: DEVTYPE=usb_device\nE: SUBSYSTEM=usb\nE: DEVNAME=/dev/bus/usb/001/001\n"
    "E: BUSNUM=001\nE: DEVNUM=001\nA: busnum=1\nA: devnum=1\nA: speed=480\nA: bConfigurationValue=1\n"
    "H: descriptors=12010002090000406B1D020006030201000109021900010100E0000904000001090000000705810304000C\n";

/// The path of a library that this program has loaded; empty if it has not.
std::string loaded(const std::string& name) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.find("/" + name) != std::string::npos) return line.substr(line.find('/'));
  }
  return "";
}

bool has_preload() { return !loaded("libumockdev-preload.so").empty(); }

/// Reference counts of umockdev's data, and of GLib's errors.
struct DataUnref {
  void operator()(UMockdevIoctlData* data) const { umockdev_ioctl_data_unref(data); }
};
using Data = std::unique_ptr<UMockdevIoctlData, DataUnref>;

/// What the pointer at an offset of `data` points to, in the client's memory.
Data resolve(UMockdevIoctlData* data, std::size_t offset, std::size_t bytes) {
  GError* error = nullptr;
  UMockdevIoctlData* target = umockdev_ioctl_data_resolve(data, offset, bytes, &error);
  if (error != nullptr) g_error_free(error);
  return Data(target);
}

void put(UMockdevIoctlData* data, std::size_t offset, const void* bytes, std::size_t count) {
  std::vector<guint8> copy(count);
  std::memcpy(copy.data(), bytes, count);
  umockdev_ioctl_data_update(data, offset, copy.data(), static_cast<gint>(count));
}

template <typename T>
T get(const UMockdevIoctlData* data) {
  T value{};
  if (data != nullptr && data->data_len >= static_cast<gint>(sizeof value))
    std::memcpy(&value, data->data, sizeof value);
  return value;
}

/// A URB as its client has it.
struct ClientUrb {
  Data urb;
  std::uint8_t type = 0;
  std::uint8_t endpoint = 0;
  std::uint64_t address = 0;  // in the client's memory
};

/// A card, its port, and its file in the test bed.
struct Card {
  Card(const Ft2232hSettings& settings, UartPeer& peer, unsigned port_number)
      : chip(settings), controller(chip, peer), port(port_number) {}

  Ft2232h chip;
  HostController controller;
  unsigned port;
  bool allowed = true;
  std::string syspath;
  std::string devnode;  // as programs name it; empty while it is unplugged
  std::string file;     // where it really is
  int pipe = -1;
  bool pipe_full = false;
  UMockdevIoctlBase* ioctls = nullptr;
};

/// One time that a card is plugged in. Its clients may outlive it.
struct Session {
  Session(Card& of, UMockdevIoctlBase* base) : card(of), device(of.controller, kKernelDriver), ioctls(base) {}
  Card& card;
  UsbfsDevice device;
  UMockdevIoctlBase* ioctls;
  std::map<std::uint64_t, ClientUrb> urbs;
};

}  // namespace

std::string start_again_with_umockdev(char** arguments) {
  if (has_preload()) return "";
  if (std::getenv(kStartedAgain) != nullptr) return std::string("umockdev's ") + kPreload + " cannot be loaded";
  const char* before = std::getenv("LD_PRELOAD");
  std::string preload;
  // A sanitizer's runtime wants to be the first library of all.
  for (const char* runtime : {"libasan.so", "libtsan.so"}) {
    const std::string path = loaded(runtime);
    if (!path.empty()) preload += path + ":";
  }
  preload += kPreload;
  if (before != nullptr && *before != '\0') preload += std::string(":") + before;
  setenv("LD_PRELOAD", preload.c_str(), 1);
  setenv(kStartedAgain, "1", 1);
  execv("/proc/self/exe", arguments);
  return std::string("this program cannot be started again: ") + std::strerror(errno);
}

/// Everything is done under one lock: umockdev calls from a thread of its own, and time passes on another.
struct UmockdevFront::Impl {
  Impl();
  ~Impl();

  Card& at(unsigned port) { return *cards.at(port - 1); }
  Session* session_of(const Card& card);
  void plug(Card& card);
  void describe(Card& card, unsigned address);
  void unplug(Card& card);
  void make_pipe(Card& card);
  void show_reapable(Card& card);
  void let_time_pass();
  std::uint64_t pass(std::uint64_t elapsed_ns);

  // ioctls
  static gboolean on_ioctl(UMockdevIoctlBase* base, UMockdevIoctlClient* client, gpointer self);
  static void on_connected(UMockdevIoctlBase* base, UMockdevIoctlClient* client, gpointer self);
  static void on_closed(UMockdevIoctlClient* client, GParamSpec* property, gpointer self);
  int handle(Session& session, UMockdevIoctlClient* client);
  int interface_ioctl(Session& session, UMockdevIoctlClient* client, UMockdevIoctlData* data);
  int get_driver(Session& session, UMockdevIoctlData* data);
  int submit(Session& session, UMockdevIoctlClient* client);
  int discard(Session& session, UMockdevIoctlClient* client);
  int reap(Session& session, UMockdevIoctlClient* client);

  UMockdevTestbed* testbed;
  std::string root;  // its folder
  std::mutex mutex;
  std::condition_variable changed;  // something was submitted
  std::condition_variable passed;   // time has
  std::vector<std::unique_ptr<Card>> cards;
  std::vector<std::unique_ptr<Session>> sessions;  // the newest of a card is the one that is plugged in
  unsigned next_address = 2;
  std::uint64_t next_urb = 1;
  bool ending = false;
  std::thread time;
};

UmockdevFront::Impl::Impl() : testbed(umockdev_testbed_new()) {
  umockdev_testbed_add_from_string(testbed, kRootHub, nullptr);
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
    g_signal_handlers_disconnect_by_data(session->ioctls, this);
    g_object_unref(session->ioctls);
  }
  g_object_unref(testbed);
}

Session* UmockdevFront::Impl::session_of(const Card& card) {
  const auto found =
      std::find_if(sessions.rbegin(), sessions.rend(), [&](const auto& one) { return &one->card == &card; });
  return found == sessions.rend() ? nullptr : found->get();
}

// --- the cable
// --------------------------------------------------------------------------------------------------------

void UmockdevFront::Impl::plug(Card& card) {
  const std::unique_lock lock(mutex);
  const unsigned address = next_address++;
  UMockdevIoctlBase* base = umockdev_ioctl_base_new();
  g_signal_connect(base, "handle-ioctl", G_CALLBACK(on_ioctl), this);
  g_signal_connect(base, "client-connected", G_CALLBACK(on_connected), this);
  card.ioctls = base;
  sessions.push_back(std::make_unique<Session>(card, base));
  describe(card, address);
  make_pipe(card);
  umockdev_testbed_attach_ioctl(testbed, card.devnode.c_str(), base, nullptr);
  chmod((root + "/ioctl" + card.devnode).c_str(), 0777);  // who may open the file may use it
  umockdev_testbed_uevent(testbed, card.syspath.c_str(), "add");
}

void UmockdevFront::Impl::describe(Card& card, unsigned address) {
  std::array<char, 32> node{};
  std::snprintf(node.data(), node.size(), "bus/usb/001/%03u", address);
  const std::string path = "/devices/usb1/1-" + std::to_string(card.port);
  card.syspath = "/sys" + path;
  card.devnode = std::string("/dev/") + node.data();
  const Ft2232hSettings& settings = card.chip.settings();
  std::string hex;
  for (const std::uint8_t byte : card.chip.descriptors()) {
    std::array<char, 3> digits{};
    std::snprintf(digits.data(), digits.size(), "%02X", byte);
    hex += digits.data();
  }
  const std::string number = std::to_string(address);
  const std::string text =
      "P: " + path + "\nN: " + node.data() + "\nE: DEVTYPE=usb_device\nE: SUBSYSTEM=usb\nE: DEVNAME=" + card.devnode +
      "\nE: BUSNUM=001\nE: DEVNUM=" + number + "\nA: busnum=1\nA: devnum=" + number +
      "\nA: speed=480\nA: bConfigurationValue=1\nA: idVendor=0403\nA: idProduct=6010\nA: serial=" + settings.serial +
      "\nA: manufacturer=" + settings.manufacturer + "\nA: product=" + settings.product + "\nH: descriptors=" + hex +
      "\n";
  GError* error = nullptr;
  umockdev_testbed_add_from_string(testbed, text.c_str(), &error);
  assert(error == nullptr);
}

/// Programs wait for transfers by waiting until the device's file can be written to. So it is a pipe here, and full as
/// long as there is nothing to reap.
void UmockdevFront::Impl::make_pipe(Card& card) {
  card.file = root + card.devnode;
  unlink(card.file.c_str());
  mkfifo(card.file.c_str(), 0600);
  chmod(card.file.c_str(), card.allowed ? 0666 : 0600);
  card.pipe = ::open(card.file.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  fcntl(card.pipe, F_SETPIPE_SZ, static_cast<int>(kPipeBytes));
  card.pipe_full = false;
  show_reapable(card);
}

void UmockdevFront::Impl::show_reapable(Card& card) {
  if (card.pipe < 0) return;
  const bool full = !std::any_of(sessions.begin(), sessions.end(),
                                 [&](const auto& one) { return &one->card == &card && one->device.reapable(); });
  if (full == card.pipe_full) return;
  std::array<char, kPipeBytes> bytes{};
  const ssize_t moved =
      full ? write(card.pipe, bytes.data(), bytes.size()) : read(card.pipe, bytes.data(), bytes.size());
  assert(moved == static_cast<ssize_t>(bytes.size()));
  static_cast<void>(moved);
  card.pipe_full = full;
}

void UmockdevFront::Impl::unplug(Card& card) {
  {
    const std::lock_guard lock(mutex);
    card.controller.unplug();
    session_of(card)->device.remove();
    show_reapable(card);
  }
  umockdev_testbed_uevent(testbed, card.syspath.c_str(), "remove");
  umockdev_testbed_detach_ioctl(testbed, card.devnode.c_str(), nullptr);
  umockdev_testbed_remove_device(testbed, card.syspath.c_str());
  const std::lock_guard lock(mutex);
  unlink(card.file.c_str());
  close(card.pipe);  // clients have it open themselves
  card.pipe = -1;
  card.devnode.clear();
}

// --- time
// -------------------------------------------------------------------------------------------------------------

void UmockdevFront::Impl::let_time_pass() {
  using Clock = std::chrono::steady_clock;
  std::unique_lock lock(mutex);
  Clock::time_point last = Clock::now();
  while (!ending) {
    const Clock::time_point now = Clock::now();
    const std::uint64_t wait_ns = pass(static_cast<std::uint64_t>(std::chrono::nanoseconds(now - last).count()));
    last = now;
    passed.notify_all();
    changed.wait_for(lock, std::chrono::nanoseconds(wait_ns));
  }
}

/// Returns how long nothing will happen by itself.
std::uint64_t UmockdevFront::Impl::pass(std::uint64_t elapsed_ns) {
  std::uint64_t wait_ns = kIdleNs;
  for (const auto& card : cards) {
    HostController& controller = card->controller;
    const std::uint64_t until_ns = controller.time_ns() + elapsed_ns;
    controller.advance(until_ns);
    if (Session* session = session_of(*card)) session->device.collect();
    show_reapable(*card);
    const bool held = controller.time_ns() < until_ns;
    const std::uint64_t next_ns = controller.next_deadline_ns();
    if (held || next_ns == kNeverNs) continue;
    wait_ns = std::min(wait_ns, std::max(next_ns - std::min(next_ns, controller.time_ns()), kGranularityNs));
  }
  return wait_ns;
}

// --- ioctls
// -----------------------------------------------------------------------------------------------------------

gboolean UmockdevFront::Impl::on_ioctl(UMockdevIoctlBase* base, UMockdevIoctlClient* client, gpointer self) {
  auto& front = *static_cast<Impl*>(self);
  const std::lock_guard lock(front.mutex);
  const auto found =
      std::find_if(front.sessions.begin(), front.sessions.end(), [&](const auto& one) { return one->ioctls == base; });
  if (found == front.sessions.end()) return 0;
  const int code = front.handle(**found, client);
  umockdev_ioctl_client_complete(client, code == 0 ? 0 : -1, code);
  front.show_reapable((*found)->card);
  front.changed.notify_all();
  return 1;
}

void UmockdevFront::Impl::on_connected(UMockdevIoctlBase* /*base*/, UMockdevIoctlClient* client, gpointer self) {
  g_signal_connect(client, "notify::connected", G_CALLBACK(on_closed), self);
}

void UmockdevFront::Impl::on_closed(UMockdevIoctlClient* client, GParamSpec* /*property*/, gpointer self) {
  if (umockdev_ioctl_client_get_connected(client) != 0) return;
  auto& front = *static_cast<Impl*>(self);
  const std::lock_guard lock(front.mutex);
  for (const auto& session : front.sessions) {
    session->device.vanish(client);
    front.show_reapable(session->card);
  }
}

int UmockdevFront::Impl::handle(Session& session, UMockdevIoctlClient* client) {
  UMockdevIoctlData* const argument = umockdev_ioctl_client_get_arg(client);
  const unsigned long request = umockdev_ioctl_client_get_request(client);
  const Data data = _IOC_SIZE(request) > 0 && request != USBDEVFS_SUBMITURB && request != USBDEVFS_REAPURB &&
                            request != USBDEVFS_REAPURBNDELAY
                        ? resolve(argument, 0, _IOC_SIZE(request))
                        : nullptr;
  switch (request) {
    case USBDEVFS_GET_CAPABILITIES: {
      const std::uint32_t capabilities =
          USBDEVFS_CAP_BULK_SCATTER_GATHER | USBDEVFS_CAP_NO_PACKET_SIZE_LIM | USBDEVFS_CAP_REAP_AFTER_DISCONNECT;
      put(data.get(), 0, &capabilities, sizeof capabilities);
      return 0;
    }
    case USBDEVFS_CLAIMINTERFACE:
      return session.device.claim(client, get<unsigned>(data.get()));
    case USBDEVFS_RELEASEINTERFACE:
      return session.device.release(client, get<unsigned>(data.get()));
    case USBDEVFS_DISCONNECT_CLAIM:
      return session.device.disconnect_and_claim(client, get<usbdevfs_disconnect_claim>(data.get()).interface);
    case USBDEVFS_IOCTL:
      return interface_ioctl(session, client, data.get());
    case USBDEVFS_GETDRIVER:
      return get_driver(session, data.get());
    case USBDEVFS_CLEAR_HALT:
      return session.device.clear_halt(static_cast<std::uint8_t>(get<unsigned>(data.get())));
    case USBDEVFS_SUBMITURB:
      return submit(session, client);
    case USBDEVFS_DISCARDURB:
      return discard(session, client);
    case USBDEVFS_REAPURB:
    case USBDEVFS_REAPURBNDELAY:
      return reap(session, client);
    default:
      return ENOTTY;
  }
}

int UmockdevFront::Impl::interface_ioctl(Session& session, UMockdevIoctlClient* /*client*/, UMockdevIoctlData* data) {
  const auto inner = get<usbdevfs_ioctl>(data);
  const auto interface = static_cast<unsigned>(inner.ifno);
  switch (static_cast<unsigned long>(static_cast<unsigned>(inner.ioctl_code))) {
    case USBDEVFS_DISCONNECT:
      return session.device.disconnect(interface);
    case USBDEVFS_CONNECT:
      return session.device.connect(interface);
    default:
      return ENOTTY;
  }
}

int UmockdevFront::Impl::get_driver(Session& session, UMockdevIoctlData* data) {
  auto asked = get<usbdevfs_getdriver>(data);
  const std::string name = session.device.driver(asked.interface);
  if (name.empty()) return ENODATA;
  std::memset(asked.driver, 0, sizeof asked.driver);
  std::memcpy(asked.driver, name.data(), std::min(name.size(), sizeof asked.driver - 1));
  put(data, 0, &asked, sizeof asked);
  return 0;
}

int UmockdevFront::Impl::submit(Session& session, UMockdevIoctlClient* client) {
  UMockdevIoctlData* const argument = umockdev_ioctl_client_get_arg(client);
  const auto address = get<std::uint64_t>(argument);
  Data urb = resolve(argument, 0, sizeof(usbdevfs_urb));
  const auto asked = get<usbdevfs_urb>(urb.get());
  if (asked.buffer_length < 0) return EINVAL;
  const auto bytes = static_cast<std::size_t>(asked.buffer_length);
  const bool control = asked.type == USBDEVFS_URB_TYPE_CONTROL;
  if (!control && asked.type != USBDEVFS_URB_TYPE_BULK) return EINVAL;
  const bool to_host = !control && (asked.endpoint & 0x80) != 0;
  // What goes to the device is fetched from the client's memory now, and only that.
  const Data buffer = to_host ? nullptr : resolve(urb.get(), offsetof(usbdevfs_urb, buffer), bytes);
  std::vector<std::uint8_t> content;
  if (buffer) content.assign(buffer->data, buffer->data + buffer->data_len);
  const std::uint64_t id = next_urb++;
  const int code = control   ? session.device.submit_control(client, id, content)
                   : to_host ? session.device.submit_bulk_in(client, id, asked.endpoint, bytes)
                             : session.device.submit_bulk_out(client, id, asked.endpoint, std::move(content));
  if (code == 0) session.urbs[id] = {std::move(urb), asked.type, asked.endpoint, address};
  return code;
}

int UmockdevFront::Impl::discard(Session& session, UMockdevIoctlClient* client) {
  const auto address = get<std::uint64_t>(umockdev_ioctl_client_get_arg(client));
  const auto found = std::find_if(session.urbs.begin(), session.urbs.end(),
                                  [&](const auto& one) { return one.second.address == address; });
  return found == session.urbs.end() ? EINVAL : session.device.discard(found->first);
}

int UmockdevFront::Impl::reap(Session& session, UMockdevIoctlClient* client) {
  const Data pointer = resolve(umockdev_ioctl_client_get_arg(client), 0, sizeof(void*));
  ReapedUrb ended;
  if (const int code = session.device.reap(client, ended); code != 0) return code;
  const auto found = session.urbs.find(ended.id);
  if (found == session.urbs.end()) return EAGAIN;
  const ClientUrb& urb = found->second;
  const bool control = urb.type == USBDEVFS_URB_TYPE_CONTROL;
  if (!ended.data.empty()) {
    const std::size_t header = control ? 8 : 0;
    const Data buffer = resolve(urb.urb.get(), offsetof(usbdevfs_urb, buffer), header + ended.data.size());
    if (buffer) put(buffer.get(), header, ended.data.data(), ended.data.size());
  }
  const auto bytes = static_cast<int>(ended.bytes);
  put(urb.urb.get(), offsetof(usbdevfs_urb, status), &ended.status, sizeof ended.status);
  put(urb.urb.get(), offsetof(usbdevfs_urb, actual_length), &bytes, sizeof bytes);
  umockdev_ioctl_data_set_ptr(pointer.get(), 0, urb.urb.get());
  session.urbs.erase(found);
  return 0;
}

// --- what others see
// --------------------------------------------------------------------------------------------------

Result<std::unique_ptr<UmockdevFront>, std::string> UmockdevFront::open() {
  if (!has_preload()) {
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
  impl_->plug(*card);
  return card->port;
}

void UmockdevFront::unplug(unsigned port) { impl_->unplug(impl_->at(port)); }

void UmockdevFront::plug(unsigned port) {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->at(port).controller.plug();
  }
  impl_->plug(impl_->at(port));
}

void UmockdevFront::allow(unsigned port, bool allowed) {
  const std::lock_guard lock(impl_->mutex);
  Card& card = impl_->at(port);
  card.allowed = allowed;
  chmod(card.file.c_str(), allowed ? 0666 : 0600);
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

std::string UmockdevFront::folder() const {
  return impl_->root;
}

}  // namespace sockwire::sim
