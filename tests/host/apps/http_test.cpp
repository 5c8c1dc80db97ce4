// SPDX-License-Identifier: Apache-2.0
#include "host/apps/http.hpp"

#include <gtest/gtest.h>

namespace sockwire::apps {
namespace {

struct Read {
  HttpResponseReader reader;
  std::string body;
};

/// Feeds `text` in pieces of `step` bytes.
Read read(const std::string& text, std::size_t step, bool end = true) {
  Read read;
  std::vector<std::uint8_t> body;
  for (std::size_t at = 0; at < text.size(); at += step) {
    const auto piece = text.substr(at, step);
    read.reader.feed(std::span(reinterpret_cast<const std::uint8_t*>(piece.data()), piece.size()), body);
  }
  if (end) read.reader.end_of_stream();
  read.body.assign(body.begin(), body.end());
  return read;
}

TEST(Url, TakesTheUsualForms) {
  const auto url = Url::parse("http://10.18.0.1:8080/a/b?c=d#e");
  ASSERT_TRUE(url) << url.error();
  EXPECT_EQ(url->host, "10.18.0.1");
  EXPECT_EQ(url->port, 8080);
  EXPECT_EQ(url->target, "/a/b?c=d");
  EXPECT_EQ(url->authority, "10.18.0.1:8080");
  EXPECT_EQ(Url::parse("http://10.18.0.1")->target, "/");
  EXPECT_EQ(Url::parse("http://10.18.0.1")->port, 80);
  EXPECT_EQ(Url::parse("http://10.18.0.1?x")->target, "/?x");
  EXPECT_EQ(Url::parse("http://Server.lan:81/")->host, "Server.lan");
  EXPECT_EQ(Url::parse("http://[2001:db8::1]:81/")->host, "2001:db8::1");
  EXPECT_EQ(Url::parse("http://[2001:db8::1]:81/")->port, 81);
}

// RFC 3986 3.2.2: an IPv6 address in brackets, which the Host field keeps.
TEST(Url, TakesIpv6Addresses) {
  const auto url = Url::parse("http://[fd18::1]:8080/a");
  ASSERT_TRUE(url) << url.error();
  EXPECT_EQ(url->host, "fd18::1");
  EXPECT_EQ(url->port, 8080);
  EXPECT_EQ(url->authority, "[fd18::1]:8080");
  EXPECT_EQ(Url::parse("http://[fd18::1]/")->port, 80);
  for (const char* wrong : {"http://fd18::1/", "http://[fd18::1/", "http://[10.0.0.1]/", "http://[fd18::1]x/"}) {
    EXPECT_FALSE(Url::parse(wrong)) << wrong;
  }
  EXPECT_EQ(HostPort::parse("[fd18::2]:7000")->port, 7000);
}

TEST(Url, SaysWhatIsWrong) {
  EXPECT_NE(Url::parse("https://10.18.0.1/").error().find("https is not spoken"), std::string::npos);
  EXPECT_NE(Url::parse("http://a..b/").error().find("'a..b' is neither a name nor an address"), std::string::npos);
  for (const char* wrong : {"", "10.18.0.1", "ftp://10.18.0.1/", "http://10.18.0.1:0/", "http://10.18.0.1:65536/",
                            "http://10.18.0.1:/", "http://10.18.0.256/", "http://[::1", "http://[10.0.0.1]/",
                            "http://10.18.0.1/a b", "http://10.18.0.1/\r\nX: y"}) {
    EXPECT_FALSE(Url::parse(wrong)) << wrong;
  }
}

TEST(HostPort, NeedsBoth) {
  const auto parsed = HostPort::parse("10.18.0.1:7000");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->port, 7000);
  for (const char* wrong : {"", "10.18.0.1", "10.18.0.1:", ":7000", "10.18.0.1:x", "10.18.0:7000"}) {
    EXPECT_FALSE(HostPort::parse(wrong)) << wrong;
  }
}

TEST(HttpGet, IsOneRequest) {
  EXPECT_EQ(
      http_get(*Url::parse("http://10.18.0.1:81/x")),
      "GET /x HTTP/1.1\r\nHost: 10.18.0.1:81\r\nUser-Agent: sockwire\r\nAccept: */*\r\nConnection: close\r\n\r\n");
}

class HttpResponse : public testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(InPieces, HttpResponse, testing::Values(1, 2, 3, 7, 1000));

// RFC 9112 6.2
TEST_P(HttpResponse, BodyByContentLength) {
  const auto result = read("HTTP/1.1 200 OK\r\ncontent-length:  5 \r\n\r\nhelloTOO MUCH", GetParam());
  EXPECT_TRUE(result.reader.complete());
  EXPECT_EQ(result.reader.status(), 200);
  EXPECT_EQ(result.reader.reason(), "OK");
  EXPECT_EQ(result.body, "hello");
}

// RFC 9112 7.1, with a chunk extension and a trailer.
TEST_P(HttpResponse, BodyInChunks) {
  const auto result = read(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n"
      "5;a=b\r\nhello\r\nA\r\n, 10 bytes\r\n0\r\nX: y\r\n\r\n",
      GetParam());
  EXPECT_TRUE(result.reader.complete()) << result.reader.error();
  EXPECT_EQ(result.body, "hello, 10 bytes");
}

// RFC 9112 6.3, last item
TEST_P(HttpResponse, BodyUntilTheConnectionCloses) {
  const auto result = read("HTTP/1.0 200\r\n\r\nall of it", GetParam());
  EXPECT_TRUE(result.reader.complete()) << result.reader.error();
  EXPECT_EQ(result.body, "all of it");
}

// RFC 9110 15.2
TEST_P(HttpResponse, SkipsInterimResponses) {
  const auto result = read(
      "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", GetParam());
  EXPECT_TRUE(result.reader.complete());
  EXPECT_EQ(result.reader.status(), 404);
  EXPECT_EQ(result.reader.reason(), "Not Found");
}

TEST_P(HttpResponse, IncompleteIsAnError) {
  EXPECT_TRUE(read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", GetParam()).reader.failed());
  EXPECT_TRUE(read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", GetParam()).reader.failed());
  EXPECT_EQ(read("HTTP/1.1 200", GetParam()).reader.error(), "the server closed the connection without an answer");
}

TEST_P(HttpResponse, NonsenseIsAnError) {
  for (const char* text : {"SSH-2.0-OpenSSH\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                           "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                           "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                           "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
                           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    EXPECT_TRUE(read(text, GetParam(), false).reader.failed()) << text;
  }
}

}  // namespace
}  // namespace sockwire::apps
