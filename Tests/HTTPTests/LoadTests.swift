import Foundation
import Glibc
import HTTP
import Testing

@Suite struct LoadTests {
  /// Both ends of a thousand connections are ours: more descriptors than many shells allow at first.
  private static func raiseDescriptorLimit() {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }

  @Test func aThousandConcurrentRequestsAreAllAnswered() async throws {
    let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { request in
      try? await Task.sleep(for: .milliseconds(Int.random(in: 0...50)))
      return await describe(request)
    }
    Self.raiseDescriptorLimit()
    try await withServerAndSockets({ $0.maxConnections = 1100 }, handler: handler) { server, port in
      let sockets = try (0..<1000).map { number in
        let socket = try RawSocket(port: port)
        try socket.send("POST /\(number) HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody")
        return socket
      }
      for (number, socket) in sockets.enumerated() {
        #expect(try socket.response().text == "POST [\(number)] {} 4")
      }
      #expect(server.openConnections == 1000)
      #expect(server.bodyBytesInFlight == 0)
    }
  }

  @Test func connectionsBeyondTheBoundWaitTheirTurn() async throws {
    try await withServerAndSockets({ $0.maxConnections = 8 }) { server, port in
      var first = try (0..<8).map { _ in
        let socket = try RawSocket(port: port)
        try socket.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
        _ = try socket.response()
        return socket
      }
      let waiting = try RawSocket(port: port)
      try waiting.send("GET /waited HTTP/1.1\r\nHost: x\r\n\r\n")
      Thread.sleep(forTimeInterval: 0.1)
      #expect(server.openConnections == 8)
      first.removeLast(4)
      #expect(try waiting.response().text == "GET [waited] {} 0")
    }
  }

  @Test func idleConnectionsAreClosed() async throws {
    try await withServerAndSockets({ $0.idleTimeout = .seconds(2) }) { server, port in
      let socket = try RawSocket(port: port)
      try socket.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
      _ = try socket.response()
      #expect(try socket.receive() == [])
      try eventually { server.openConnections == 0 }
    }
  }
}
