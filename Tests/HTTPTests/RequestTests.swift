import Foundation
import HTTP
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite struct RequestTests {
  @Test func answersAGetWithLengthAndDateButNoServerField() async throws {
    try await withServerAndSockets { _, port in
      let socket = try RawSocket(port: port)
      try socket.send("GET /v1/ledgers?a=1&b=2&a=3 HTTP/1.1\r\nHost: x\r\n\r\n")
      let answer = try socket.response()
      #expect(answer.status == 200)
      #expect(answer.text == "GET [v1|ledgers] {a=1&b=2&a=3} 0")
      #expect(answer.header("content-length") == String(answer.body.count))
      #expect(answer.header("date") != nil)
      #expect(answer.header("server") == nil)
    }
  }

  @Test func headGetsTheFieldsOfGetWithoutABody() async throws {
    try await withServerAndSockets { _, port in
      let socket = try RawSocket(port: port)
      try socket.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n")
      let answer = try socket.response(toHead: true)
      #expect(answer.status == 200)
      #expect(answer.header("content-length") == "13")
      // The connection goes on: nothing of a body was sent.
      try socket.send("GET /b HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try socket.response().text == "GET [b] {} 0")
    }
  }

  @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
    try await withServerAndSockets { _, port in
      let socket = try RawSocket(port: port)
      var text = ""
      for number in 0..<100 {
        text +=
          number.isMultiple(of: 2)
          ? "GET /n/\(number) HTTP/1.1\r\nHost: x\r\n\r\n"
          : "POST /n/\(number) HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
      }
      try socket.send(text)
      for number in 0..<100 {
        let isGet = number.isMultiple(of: 2)
        let expected = "\(isGet ? "GET" : "POST") [n|\(number)] {} \(isGet ? 0 : 3)"
        #expect(try socket.response().text == expected)
      }
    }
  }

  @Test func bodyArrivesWholeInPiecesAndInChunks() async throws {
    let handler: @Sendable (HTTPRequest) async -> HTTPResponse = {
      HTTPResponse(status: 200, body: .bytes($0.body))
    }
    try await withServerAndSockets(handler: handler) { _, port in
      let body = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      let socket = try RawSocket(port: port)
      try socket.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\n\r\n")
      for start in stride(from: 0, to: body.count, by: 70_000) {
        try socket.send(Array(body[start..<min(start + 70_000, body.count)]))
      }
      #expect(try socket.response().body == body)
      try socket.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
      try socket.send("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")
      #expect(try socket.response().text == "hello world")
    }
  }

  @Test func continueIsSentBeforeTheBody() async throws {
    try await withServerAndSockets { _, port in
      let socket = try RawSocket(port: port)
      try socket.send("POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
      #expect(try socket.response().status == 100)
      try socket.send("abcd")
      #expect(try socket.response().text == "POST [a] {} 4")
    }
  }

  @Test func oldClientsGetABodyEndedByTheConnection() async throws {
    try await withServerAndSockets { _, port in
      let socket = try RawSocket(port: port)
      try socket.send("GET /a HTTP/1.0\r\n\r\n")
      let all = String(decoding: try socket.receiveAll(), as: UTF8.self)
      #expect(all.hasSuffix("\r\n\r\nGET [a] {} 0"))
    }
  }

  @Test func peersAddressAndHeaderFieldsReachTheHandler() async throws {
    let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { request in
      let text = "\(request.remoteAddress) \(request.header("x-a") ?? "-") \(request.header("X-ä") ?? "-")"
      return HTTPResponse(status: 200, body: .bytes(Array(text.utf8)))
    }
    try await withServerAndSockets(handler: handler) { _, port in
      let socket = try RawSocket(port: port)
      try socket.send("GET / HTTP/1.1\r\nHost: x\r\nX-A: one\r\nx-a: two\r\n\r\n")
      #expect(try socket.response().text == "127.0.0.1 one -")
    }
  }

  @Test func faultyHeaderFieldsOfTheHandlerBecomeARejection() async throws {
    let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { _ in
      HTTPResponse(status: 200, headers: [("Location", "/a\r\nSet-Cookie: b")])
    }
    try await withServerAndSockets(handler: handler) { _, port in
      let socket = try RawSocket(port: port)
      try socket.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      let answer = try socket.response()
      #expect(answer.status == 500)
      #expect(answer.text == "faultyResponse")
    }
  }

  @Test(arguments: ["127.0.0.1", "::1", "0.0.0.0", "::", "localhost"])
  func bindsNumericAddresses(host: String) async throws {
    try await withServerAndSockets({ $0.host = host }) { _, port in
      let socket = try RawSocket(port: port, host: host.contains(":") ? "::1" : "127.0.0.1")
      try socket.send("GET /a%2Fb HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try socket.response().text == "GET [a/b] {} 0")
    }
  }

  @Test func urlSessionIsServed() async throws {
    try await withServer { _, port in
      let url = try #require(URL(string: "http://127.0.0.1:\(port)/a%2Fb?q=%C3%A4"))
      let (data, _) = try await URLSession.shared.data(from: url)
      #expect(String(decoding: data, as: UTF8.self) == "GET [a/b] {q=ä} 0")
    }
  }

  @Test func aTakenPortAndABadHostAreClearErrors() async throws {
    try await withServer { _, port in
      var configuration = HTTPServer.Configuration()
      configuration.port = port
      let second = HTTPServer(configuration, rejection: rejection, handler: describe)
      let taken = #expect(throws: HTTPError.self) { try second.start() }
      #expect(taken?.code == .address)
      #expect(taken?.detail.contains("Address already in use") == true)
    }
    var configuration = HTTPServer.Configuration()
    configuration.host = "example.org"
    let error = #expect(throws: HTTPError.self) {
      try HTTPServer(configuration, rejection: rejection, handler: describe).start()
    }
    #expect(error?.code == .address)
  }
}
