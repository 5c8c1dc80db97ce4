// SPDX-License-Identifier: Apache-2.0
#include "sim/usb/usbredir_front.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <usbredirparser.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace sockwire::sim {
namespace {

constexpr std::uint64_t kNsPerMs = 1'000'000;

/// usbredir numbers endpoints like this: those to the device first.
std::size_t index_of(std::uint8_t endpoint) { return (endpoint & 0x80u) >> 3 | (endpoint & 0x0fu); }

std::uint8_t status_of(UsbOutcome outcome) {
  switch (outcome) {
    case UsbOutcome::kDone:
    case UsbOutcome::kNotReady:
      return usb_redir_success;
    case UsbOutcome::kStall:
      return usb_redir_stall;
    case UsbOutcome::kGone:
      return usb_redir_ioerror;
  }
  return usb_redir_ioerror;
}

}  // namespace

/// One thread reads, lets time pass, and writes; all under one lock. The static functions are usbredir's callbacks.
struct UsbredirFront::Impl {
  Impl(int socket, std::string socket_path, const Ft2232hSettings& settings, UartPeer& uart)
      : chip(settings), controller(chip, uart), listener(socket), path(std::move(socket_path)) {
    wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    thread = std::thread([this] { run(); });
  }
  ~Impl();

  void run();
  void turn(std::unique_lock<std::mutex>& lock, std::uint64_t wait_ns);
  void accept_peer();
  void hang_up();
  void connect_device();
  void disconnect_device();
  void collect();
  void send_bulk(std::uint64_t id, std::uint8_t endpoint, std::uint8_t status, std::size_t bytes,
                 std::vector<std::uint8_t> data);
  void wake_up() const;

  static Impl& of(void* self) { return *static_cast<Impl*>(self); }
  static int on_read(void* self, std::uint8_t* data, int bytes);
  static int on_write(void* self, std::uint8_t* data, int bytes);
  static void on_hello(void* self, usb_redir_hello_header* header);
  static void on_reset(void* self);
  static void on_set_configuration(void* self, std::uint64_t id, usb_redir_set_configuration_header* header);
  static void on_get_configuration(void* self, std::uint64_t id);
  static void on_set_alt(void* self, std::uint64_t id, usb_redir_set_alt_setting_header* header);
  static void on_get_alt(void* self, std::uint64_t id, usb_redir_get_alt_setting_header* header);
  static void on_control(void* self, std::uint64_t id, usb_redir_control_packet_header* header, std::uint8_t* data,
                         int bytes);
  static void on_bulk(void* self, std::uint64_t id, usb_redir_bulk_packet_header* header, std::uint8_t* data,
                      int bytes);
  static void on_cancel(void* self, std::uint64_t id);

  Ft2232h chip;
  HostController controller;
  int listener;
  std::string path;
  int wake = -1;
  int peer = -1;
  usbredirparser* parser = nullptr;
  bool greeted = false;    // the other end has said which version it is
  bool connected = false;  // it knows of the device
  std::uint8_t configuration = 0;
  std::map<std::uint64_t, std::uint64_t> theirs;  // our id of a transfer -> theirs
  std::uint64_t next_transfer = 1;
  std::mutex mutex;
  bool ending = false;
  std::thread thread;
};

UsbredirFront::Impl::~Impl() {
  {
    const std::lock_guard lock(mutex);
    ending = true;
  }
  wake_up();
  thread.join();
  hang_up();
  close(listener);
  close(wake);
  unlink(path.c_str());
}

void UsbredirFront::Impl::wake_up() const {
  const std::uint64_t one = 1;
  static_cast<void>(write(wake, &one, sizeof one));  // it can only fail when it is awake already
}

// --- the thread ---

void UsbredirFront::Impl::run() {
  using Clock = std::chrono::steady_clock;
  std::unique_lock lock(mutex);
  Clock::time_point last = Clock::now();
  while (!ending) {
    const Clock::time_point now = Clock::now();
    const std::uint64_t wait_ns =
        controller.pass(static_cast<std::uint64_t>(std::chrono::nanoseconds(now - last).count()));
    last = now;
    collect();
    turn(lock, wait_ns);
  }
}

/// Writes what is to be written, and waits for something to read.
void UsbredirFront::Impl::turn(std::unique_lock<std::mutex>& lock, std::uint64_t wait_ns) {
  const bool writing = parser != nullptr && usbredirparser_has_data_to_write(parser) > 0;
  std::array<pollfd, 3> waited{{{wake, POLLIN, 0},
                                {listener, static_cast<short>(peer < 0 ? POLLIN : 0), 0},
                                {peer, static_cast<short>(POLLIN | (writing ? POLLOUT : 0)), 0}}};
  const timespec timeout{static_cast<std::time_t>(wait_ns / (1000 * kNsPerMs)),
                         static_cast<long>(wait_ns % (1000 * kNsPerMs))};
  lock.unlock();
  ppoll(waited.data(), waited.size(), &timeout, nullptr);
  lock.lock();
  std::uint64_t count = 0;
  // It does not block: NOLINTNEXTLINE(clang-analyzer-unix.BlockInCriticalSection)
  static_cast<void>(read(wake, &count, sizeof count));
  if ((waited[1].revents & POLLIN) != 0) accept_peer();
  if (parser == nullptr) return;
  const bool readable = (waited[2].revents & (POLLIN | POLLHUP)) != 0;
  const bool failed = (readable && usbredirparser_do_read(parser) == usbredirparser_read_io_error) ||
                      (usbredirparser_has_data_to_write(parser) > 0 && usbredirparser_do_write(parser) < 0);
  if (failed) hang_up();
}

void UsbredirFront::Impl::accept_peer() {
  peer = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (peer < 0) return;
  parser = usbredirparser_create();
  parser->priv = this;
  parser->log_func = [](void*, int level, const char* message) {
    if (level == usbredirparser_error) std::fprintf(stderr, "usbredir: %s\n", message);
  };
  parser->read_func = on_read;
  parser->write_func = on_write;
  parser->hello_func = on_hello;
  parser->reset_func = on_reset;
  parser->set_configuration_func = on_set_configuration;
  parser->get_configuration_func = on_get_configuration;
  parser->set_alt_setting_func = on_set_alt;
  parser->get_alt_setting_func = on_get_alt;
  parser->control_packet_func = on_control;
  parser->bulk_packet_func = on_bulk;
  parser->cancel_data_packet_func = on_cancel;
  parser->device_disconnect_ack_func = [](void*) {};
  // QEMU refuses nothing of ours, and has no filter without being told so.
  parser->filter_reject_func = [](void*) {};
  parser->filter_filter_func = [](void*, usbredirfilter_rule* rules, int) { free(rules); };
  std::array<std::uint32_t, USB_REDIR_CAPS_SIZE> capabilities{};
  for (const int capability :
       {usb_redir_cap_connect_device_version, usb_redir_cap_ep_info_max_packet_size, usb_redir_cap_64bits_ids,
        usb_redir_cap_32bits_bulk_length, usb_redir_cap_device_disconnect_ack}) {
    usbredirparser_caps_set_cap(capabilities.data(), capability);
  }
  usbredirparser_init(parser, "sockwire", capabilities.data(), USB_REDIR_CAPS_SIZE, usbredirparser_fl_usb_host);
}

void UsbredirFront::Impl::hang_up() {
  if (peer < 0) return;
  for (const auto& [ours, id] : theirs) controller.cancel(ours);
  theirs.clear();
  usbredirparser_destroy(parser);
  close(peer);
  parser = nullptr;
  peer = -1;
  greeted = connected = false;
}

// --- the device ---

/// Interfaces and endpoints go first: QEMU wants to know them when it shows the device to its guest.
void UsbredirFront::Impl::connect_device() {
  if (!greeted || connected || !chip.plugged()) return;
  usb_redir_interface_info_header interfaces{};
  interfaces.interface_count = 2;
  for (std::uint8_t i = 0; i < 2; ++i) {
    interfaces.interface[i] = i;
    interfaces.interface_class[i] = interfaces.interface_subclass[i] = interfaces.interface_protocol[i] = 0xff;
  }
  usbredirparser_send_interface_info(parser, &interfaces);
  usb_redir_ep_info_header endpoints{};
  std::fill(std::begin(endpoints.type), std::end(endpoints.type), std::uint8_t{usb_redir_type_invalid});
  endpoints.type[index_of(0x00)] = endpoints.type[index_of(0x80)] = usb_redir_type_control;
  endpoints.max_packet_size[index_of(0x00)] = endpoints.max_packet_size[index_of(0x80)] = 64;
  for (const std::uint8_t endpoint : {Ft2232h::kJtagIn, Ft2232h::kJtagOut, Ft2232h::kUartIn, Ft2232h::kUartOut}) {
    const std::size_t at = index_of(endpoint);
    endpoints.type[at] = usb_redir_type_bulk;
    endpoints.interface[at] = endpoint == Ft2232h::kUartIn || endpoint == Ft2232h::kUartOut ? 1 : 0;
    endpoints.max_packet_size[at] = Ft2232h::kPacketBytes;
  }
  usbredirparser_send_ep_info(parser, &endpoints);
  usb_redir_device_connect_header device{};
  device.speed = usb_redir_speed_high;
  device.vendor_id = kFtdiVendor;
  device.product_id = kFt2232hProduct;
  device.device_version_bcd = 0x0700;
  usbredirparser_send_device_connect(parser, &device);
  connected = true;
}

void UsbredirFront::Impl::disconnect_device() {
  theirs.clear();  // the other end expects no answers to what it had under way
  while (controller.take_completed()) {
  }
  if (connected) usbredirparser_send_device_disconnect(parser);
  connected = false;
}

void UsbredirFront::Impl::collect() {
  while (auto done = controller.take_completed()) {
    const auto found = theirs.find(done->id);
    if (found == theirs.end()) continue;
    const std::uint64_t id = found->second;
    theirs.erase(found);
    send_bulk(id, done->endpoint, status_of(done->outcome), done->bytes, std::move(done->data));
  }
}

void UsbredirFront::Impl::send_bulk(std::uint64_t id, std::uint8_t endpoint, std::uint8_t status, std::size_t bytes,
                                    std::vector<std::uint8_t> data) {
  usb_redir_bulk_packet_header header{};
  header.endpoint = endpoint;
  header.status = status;
  header.length = static_cast<std::uint16_t>(bytes);
  header.length_high = static_cast<std::uint16_t>(bytes >> 16);
  // Where there is no data, the parser wants no address either.
  usbredirparser_send_bulk_packet(parser, id, &header, data.empty() ? nullptr : data.data(),
                                  static_cast<int>(data.size()));
}

// --- usbredir's callbacks ---

int UsbredirFront::Impl::on_read(void* self, std::uint8_t* data, int bytes) {
  const ssize_t count = recv(of(self).peer, data, static_cast<std::size_t>(bytes), 0);
  if (count > 0) return static_cast<int>(count);
  return count < 0 && errno == EAGAIN ? 0 : -1;
}

int UsbredirFront::Impl::on_write(void* self, std::uint8_t* data, int bytes) {
  const ssize_t count = send(of(self).peer, data, static_cast<std::size_t>(bytes), MSG_NOSIGNAL);
  if (count >= 0) return static_cast<int>(count);
  return errno == EAGAIN ? 0 : -1;
}

void UsbredirFront::Impl::on_hello(void* self, usb_redir_hello_header* /*header*/) {
  of(self).greeted = true;
  of(self).connect_device();
}

void UsbredirFront::Impl::on_reset(void* self) { of(self).configuration = 0; }

void UsbredirFront::Impl::on_set_configuration(void* self, std::uint64_t id,
                                               usb_redir_set_configuration_header* header) {
  Impl& front = of(self);
  const UsbSetup setup{0x00, static_cast<std::uint8_t>(UsbRequest::kSetConfiguration), header->configuration, 0, 0};
  const UsbControlReply reply = front.controller.control(setup, {});
  if (reply.outcome == UsbOutcome::kDone) front.configuration = header->configuration;
  usb_redir_configuration_status_header status{status_of(reply.outcome), front.configuration};
  usbredirparser_send_configuration_status(front.parser, id, &status);
}

void UsbredirFront::Impl::on_get_configuration(void* self, std::uint64_t id) {
  usb_redir_configuration_status_header status{usb_redir_success, of(self).configuration};
  usbredirparser_send_configuration_status(of(self).parser, id, &status);
}

void UsbredirFront::Impl::on_set_alt(void* self, std::uint64_t id, usb_redir_set_alt_setting_header* header) {
  const std::uint8_t result = header->alt == 0 ? usb_redir_success : usb_redir_stall;
  usb_redir_alt_setting_status_header status{result, header->interface, 0};
  usbredirparser_send_alt_setting_status(of(self).parser, id, &status);
}

void UsbredirFront::Impl::on_get_alt(void* self, std::uint64_t id, usb_redir_get_alt_setting_header* header) {
  usb_redir_alt_setting_status_header status{usb_redir_success, header->interface, 0};
  usbredirparser_send_alt_setting_status(of(self).parser, id, &status);
}

void UsbredirFront::Impl::on_control(void* self, std::uint64_t id, usb_redir_control_packet_header* header,
                                     std::uint8_t* data, int bytes) {
  Impl& front = of(self);
  const UsbSetup setup{header->requesttype, header->request, header->value, header->index, header->length};
  UsbControlReply reply =
      front.controller.control(setup, {data, data != nullptr ? static_cast<std::size_t>(bytes) : 0});
  usbredirparser_free_packet_data(front.parser, data);
  header->status = status_of(reply.outcome);
  if (setup.to_host()) header->length = static_cast<std::uint16_t>(reply.data.size());
  usbredirparser_send_control_packet(front.parser, id, header, reply.data.empty() ? nullptr : reply.data.data(),
                                     static_cast<int>(reply.data.size()));
}

void UsbredirFront::Impl::on_bulk(void* self, std::uint64_t id, usb_redir_bulk_packet_header* header,
                                  std::uint8_t* data, int bytes) {
  Impl& front = of(self);
  const std::uint64_t ours = front.next_transfer++;
  front.theirs[ours] = id;
  if ((header->endpoint & 0x80) != 0) {
    const std::size_t wanted = static_cast<std::size_t>(header->length_high) << 16 | header->length;
    front.controller.submit_in(ours, header->endpoint, wanted);
  } else {
    std::vector<std::uint8_t> content;
    if (data != nullptr) content.assign(data, data + bytes);
    front.controller.submit_out(ours, header->endpoint, std::move(content));
  }
  usbredirparser_free_packet_data(front.parser, data);
  front.collect();
}

void UsbredirFront::Impl::on_cancel(void* self, std::uint64_t id) {
  Impl& front = of(self);
  const auto found =
      std::find_if(front.theirs.begin(), front.theirs.end(), [&](const auto& one) { return one.second == id; });
  if (found == front.theirs.end()) return;
  const auto cancelled = front.controller.cancel(found->first);
  if (!cancelled) return;  // it has ended, and is told so
  front.theirs.erase(found);
  front.send_bulk(id, cancelled->endpoint, usb_redir_cancelled, 0, {});
}

// --- what others see ---

Result<std::unique_ptr<UsbredirFront>, std::string> UsbredirFront::open(const std::string& socket_path,
                                                                        const Ft2232hSettings& settings,
                                                                        UartPeer& peer) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_path.size() >= sizeof address.sun_path) {
    return Failure{"the socket's path is longer than " + std::to_string(sizeof address.sun_path - 1) + " bytes"};
  }
  std::memcpy(address.sun_path, socket_path.data(), socket_path.size());
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0 || bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener, 1) != 0) {
    const std::string why = std::strerror(errno);
    if (listener >= 0) close(listener);
    return Failure{"no socket can be made at " + socket_path + ": " + why};
  }
  return std::unique_ptr<UsbredirFront>(
      new UsbredirFront(std::make_unique<Impl>(listener, socket_path, settings, peer)));
}

UsbredirFront::UsbredirFront(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
UsbredirFront::~UsbredirFront() = default;

void UsbredirFront::unplug() {
  const std::lock_guard lock(impl_->mutex);
  impl_->controller.unplug();
  impl_->disconnect_device();
  impl_->wake_up();
}

void UsbredirFront::plug() {
  const std::lock_guard lock(impl_->mutex);
  impl_->controller.plug();
  impl_->connect_device();
  impl_->wake_up();
}

void UsbredirFront::with(const std::function<void(Ft2232h&, HostController&)>& what) {
  const std::lock_guard lock(impl_->mutex);
  what(impl_->chip, impl_->controller);
  impl_->wake_up();
}

}  // namespace sockwire::sim
