import Foundation
import HTTP
import Synchronization
import Testing

@Suite struct BodyBoundTests {
  private static let bound = 100_000

  @Test(arguments: [0, 1, bound - 1, bound])
  func bodiesWithinTheBoundArriveAndTheNextIsRefused(length: Int) async throws {
    try await withServerAndSockets({ $0.maxBodyBytes = Self.bound }) { _, port in
      let socket = try RawSocket(port: port)
      let body = [UInt8](repeating: 7, count: length)
      try socket.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(length)\r\n\r\n")
      try socket.send(body)
      #expect(try socket.response().text == "POST [] {} \(length)")
    }
  }

  @Test(arguments: [true, false])
  func aLongerBodyIsRefusedWhileTheConnectionLives(isChunked: Bool) async throws {
    try await withServerAndSockets({ $0.maxBodyBytes = Self.bound }) { server, port in
      let socket = try RawSocket(port: port)
      let body = [UInt8](repeating: 7, count: Self.bound + 1)
      if isChunked {
        try socket.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        try socket.send("\(String(body.count, radix: 16))\r\n")
        try socket.send(body)
        try socket.send("\r\n0\r\n\r\n")
      } else {
        try socket.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\n\r\n")
        try socket.send(body)
      }
      let answer = try socket.response()
      #expect(answer.status == 413)
      #expect(answer.text == "bodyTooLarge")
      #expect(server.bodyBytesInFlight == 0)
      try socket.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try socket.response().text == "GET [a] {} 0")
    }
  }

  @Test(arguments: ["Content-Length: 99999999999999999999999", "Content-Length: 1000000"])
  func aMuchLongerBodyIsRefusedAtOnce(field: String) async throws {
    try await withServerAndSockets({ $0.maxBodyBytes = Self.bound }) { _, port in
      let socket = try RawSocket(port: port)
      try socket.send("POST / HTTP/1.1\r\nHost: x\r\n\(field)\r\n\r\n")
      let status = try socket.response().status
      #expect(status == 413 || (status == 400 && field.utf8.count > 30))
    }
  }

  @Test func whoExpectsContinueIsRefusedBeforeSending() async throws {
    try await withServerAndSockets({ $0.maxBodyBytes = Self.bound }) { _, port in
      let socket = try RawSocket(port: port)
      try socket.send(
        "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: \(Self.bound + 1)\r\n\r\n")
      #expect(try socket.response().status == 413)
    }
  }

  @Test(arguments: [
    "Content-Length: 3\r\nContent-Length: 3", "Content-Length: 3\r\nContent-Length: 4",
    "Content-Length: 3\r\nTransfer-Encoding: chunked", "Content-Length: -1", "Content-Length: +3",
    "Content-Length: 3, 3", "Content-Length: 0x3", "Transfer-Encoding: gzip",
    "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
  ])
  func contradictingFramingIsRefused(fields: String) async throws {
    try await withServerAndSockets { _, port in
      let socket = try RawSocket(port: port)
      try socket.send("POST / HTTP/1.1\r\nHost: x\r\n\(fields)\r\n\r\nabc")
      let all = String(decoding: try socket.receiveAll(), as: UTF8.self)
      #expect(all.hasPrefix("HTTP/1.1 400 "))
    }
  }

  @Test func longHeadersAreRefused() async throws {
    try await withServerAndSockets { _, port in
      let socket = try RawSocket(port: port)
      let long = String(repeating: "a", count: 33 << 10)
      try socket.send("GET / HTTP/1.1\r\nHost: x\r\nX-Long: \(long)\r\n\r\n")
      #expect(try socket.response().text == "headersTooLarge")
      let other = try RawSocket(port: port)
      try other.send("GET /\(long) HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try other.response().status == 431)
    }
  }

  @Test func bodiesInFlightAreBoundedTogether() async throws {
    let gate = Gate()
    let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { request in
      if request.path == ["wait"] { await gate.wait() }
      return await describe(request)
    }
    try await withServerAndSockets(
      {
        $0.maxBodyBytes = Self.bound
        $0.maxBytesInFlight = 2 * Self.bound
      },
      handler: handler
    ) { server, port in
      let body = [UInt8](repeating: 7, count: Self.bound)
      let head = "POST /wait HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\n\r\n"
      let first = try RawSocket(port: port)
      let second = try RawSocket(port: port)
      try first.send(head)
      try first.send(body)
      // The second only announces its body: that counts already.
      try second.send(head)
      try eventually { server.bodyBytesInFlight == 2 * Self.bound }

      let third = try RawSocket(port: port)
      try third.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx")
      let refused = try third.response()
      #expect(refused.status == 429)
      #expect(refused.header("retry-after") == "1")
      try third.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n")
      #expect(try third.response().status == 429)
      try third.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try third.response().text == "GET [a] {} 0")

      gate.open()
      #expect(try first.response().status == 200)
      try second.send(body)
      #expect(try second.response().status == 200)
      try third.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx")
      #expect(try third.response().status == 200)
      try eventually { server.bodyBytesInFlight == 0 }
    }
  }

  @Test func aBodyGivenUpHalfwayFreesItsShare() async throws {
    try await withServerAndSockets { server, port in
      do {
        let socket = try RawSocket(port: port)
        try socket.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
        try eventually { server.bodyBytesInFlight == 1000 }
      }
      try eventually { server.bodyBytesInFlight == 0 && server.openConnections == 0 }
    }
  }

  @Test func aBodyThatTricklesIsCutOff() async throws {
    try await withServerAndSockets({ $0.bodyDeadline = .milliseconds(300) }) { server, port in
      let socket = try RawSocket(port: port)
      try socket.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
      #expect(throws: RawSocket.Failure.self) {
        for _ in 0..<1000 {
          try socket.send("a")
          Thread.sleep(forTimeInterval: 0.01)
        }
      }
      try eventually { server.bodyBytesInFlight == 0 }
    }
  }
}
