import HTTP
import Testing

@testable import HTTP

@Suite struct TargetTests {
  @Test(arguments: [
    ("/", [], ""),
    ("/a", ["a"], ""),
    ("/a/", ["a", ""], ""),
    ("//a", ["", "a"], ""),
    ("/a%2Fb/c", ["a/b", "c"], ""),
    ("/a%2fb", ["a/b"], ""),
    ("/%61", ["a"], ""),
    ("/a+b", ["a+b"], ""),
    ("/../x", ["..", "x"], ""),
    ("/%2e%2E", [".."], ""),
    ("/%25", ["%"], ""),
    ("/%C3%A4", ["ä"], ""),
    ("/a?", ["a"], ""),
    ("/a?x", ["a"], "<x:>"),
    ("/a?x=1&x=2&y=", ["a"], "<x:1><x:2><y:>"),
    ("/a?&x=1&&", ["a"], "<x:1>"),
    ("/a?x=a+b%2B%26%3D", ["a"], "<x:a b+&=>"),
    ("/a?x=a=b", ["a"], "<x:a=b>"),
    ("/a?x=b/c?d", ["a"], "<x:b/c?d>"),
    ("/a%3Fx=1", ["a?x=1"], ""),
    ("http://host:80/a?b=c", ["a"], "<b:c>"),
    ("http://host", [], ""),
  ])
  func soundTargetsAreSplitThenDecoded(raw: String, path: [String], query: String) throws {
    let target = try #require(RequestTarget(raw: Array(raw.utf8)))
    #expect(target.path == path)
    #expect(target.query.map { "<\($0.name):\($0.value)>" }.joined() == query)
  }

  @Test(arguments: [
    "", "a", "*", "/%", "/%2", "/%zz", "/%2g", "/a%", "/%00", "/a%00b", "/%ff", "/%C3", "/%C3%28", "/%ED%A0%80",
    "/%C0%80", "/%F4%90%80%80", "/a?%", "/a?x=%1", "/a?x=%00", "/a?%00=1", "/a?x=%FF", "/a#b", "/a b", "/a\u{7F}",
    "/ä", "/\t", "/%+1", "/% 1",
  ])
  func unsoundTargetsAreRefused(raw: String) {
    #expect(RequestTarget(raw: Array(raw.utf8)) == nil)
  }

  @Test(arguments: ["/%00", "/%", "/%zz", "/a?x=%FF", "/a?x=%00", "/%C3%28", "*"])
  func unsoundTargetsGetTheRejectionOverTheWire(raw: String) async throws {
    try await withServerAndSockets { _, port in
      let socket = try RawSocket(port: port)
      try socket.send("GET \(raw) HTTP/1.1\r\nHost: x\r\n\r\n")
      let answer = try socket.response()
      #expect(answer.status == 400)
      #expect(answer.text == "malformedPath")
      // The connection is fit for the next request.
      try socket.send("GET /%2F HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try socket.response().text == "GET [/] {} 0")
    }
  }
}
