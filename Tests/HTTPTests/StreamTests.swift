import Foundation
import HTTP
import Synchronization
import Testing

@Suite struct StreamTests {
  private static let get = "GET /s HTTP/1.1\r\nHost: x\r\n\r\n"

  private static func streaming(
    _ produce: @escaping @Sendable (BodyWriter) async throws -> Void
  ) -> @Sendable (HTTPRequest) async -> HTTPResponse {
    { _ in
      HTTPResponse(status: 200, headers: [("Content-Type", "application/x-ndjson")], body: .stream(produce))
    }
  }

  @Test func aStreamArrivesWholeAndTheConnectionGoesOn() async throws {
    let handler = Self.streaming { writer in
      for number in 0..<50_000 { try await writer.write(Array("line \(number)\n".utf8)) }
    }
    try await withServerAndSockets(handler: handler) { _, port in
      let expected = (0..<50_000).map { "line \($0)\n" }.joined()
      let socket = try RawSocket(port: port)
      for _ in 0..<2 {
        try socket.send(Self.get)
        let answer = try socket.response()
        #expect(answer.header("transfer-encoding") == "chunked")
        #expect(answer.text == expected)
      }
    }
  }

  @Test(arguments: [0, 1, 131_072, 131_073, 1_000_000])
  func piecesOfEverySizeArrive(length: Int) async throws {
    let piece = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let handler = Self.streaming { writer in
      try await writer.write(piece)
      try await writer.write([])
      try await writer.write(piece)
    }
    try await withServerAndSockets(handler: handler) { _, port in
      let socket = try RawSocket(port: port)
      try socket.send(Self.get)
      #expect(try socket.response().body == piece + piece)
    }
  }

  @Test func whatIsWrittenLeavesAtOnce() async throws {
    let gate = Gate()
    let handler = Self.streaming { writer in
      try await writer.write(Array("first".utf8))
      await gate.wait()
      try await writer.write(Array("second".utf8))
    }
    try await withServerAndSockets(handler: handler) { _, port in
      let socket = try RawSocket(port: port)
      try socket.send(Self.get)
      var seen = ""
      while !seen.contains("first") { seen += String(decoding: try socket.receive(), as: UTF8.self) }
      #expect(!seen.contains("second"))
      gate.open()
      while !seen.hasSuffix("0\r\n\r\n") { seen += String(decoding: try socket.receive(), as: UTF8.self) }
      #expect(seen.contains("second"))
    }
  }

  @Test func headDoesNotRunTheProducer() async throws {
    let runs = Counter()
    let handler = Self.streaming { _ in runs.add() }
    try await withServerAndSockets(handler: handler) { _, port in
      let socket = try RawSocket(port: port)
      try socket.send("HEAD /s HTTP/1.1\r\nHost: x\r\n\r\n")
      let answer = try socket.response(toHead: true)
      #expect(answer.status == 200)
      #expect(answer.header("content-type") == "application/x-ndjson")
      // Nothing of a body follows, not even the end of one.
      #expect(try socket.receiveAll() == [])
      #expect(runs.value == 0)
    }
  }

  @Test func oldClientsGetAStreamEndedByTheConnection() async throws {
    let handler = Self.streaming { try await $0.write(Array("all".utf8)) }
    try await withServerAndSockets(handler: handler) { _, port in
      let socket = try RawSocket(port: port)
      try socket.send("GET /s HTTP/1.0\r\n\r\n")
      let all = String(decoding: try socket.receiveAll(), as: UTF8.self)
      #expect(all.hasSuffix("\r\n\r\nall"))
      #expect(!all.lowercased().contains("chunked"))
    }
  }

  @Test func aFailingProducerCutsTheBodyOffSoThatThePeerCanTell() async throws {
    let handler = Self.streaming { writer in
      try await writer.write(Array("some".utf8))
      throw NeverHappened()
    }
    try await withServerAndSockets(handler: handler) { _, port in
      let socket = try RawSocket(port: port)
      try socket.send(Self.get)
      let all = String(decoding: try socket.receiveAll(), as: UTF8.self)
      #expect(all.contains("some"))
      #expect(!all.contains("0\r\n\r\n"))
    }
  }

  @Test func aSlowPeerHoldsTheProducerBack() async throws {
    let written = Counter()
    let total = 64 << 20
    let handler = Self.streaming { writer in
      let piece = [UInt8](repeating: 1, count: 64 << 10)
      for _ in 0..<(total / piece.count) {
        try await writer.write(piece)
        written.add(piece.count)
      }
    }
    try await withServerAndSockets(handler: handler) { _, port in
      let socket = try RawSocket(port: port, receiveBuffer: 16 << 10)
      try socket.send(Self.get)
      try eventually { written.value > 0 }
      Thread.sleep(forTimeInterval: 0.3)
      // Kernel buffers take some; the server's own share is bounded.
      #expect(written.value < 16 << 20)
      #expect(try socket.response().body.count == total)
    }
  }

  @Test(arguments: [true, false])
  func aLeavingPeerEndsTheProducer(producerWaits: Bool) async throws {
    let ended = Counter()
    let handler = Self.streaming { writer in
      defer { ended.add() }
      while true {
        try await writer.write([UInt8](repeating: 1, count: producerWaits ? 1 : 100_000))
        if producerWaits { try? await Task.sleep(for: .milliseconds(5)) }
      }
    }
    try await withServerAndSockets(handler: handler) { server, port in
      do {
        let socket = try RawSocket(port: port)
        try socket.send(Self.get)
        _ = try socket.receive()
      }
      try eventually { ended.value == 1 && server.requestsInFlight == 0 && server.openConnections == 0 }
    }
  }

  @Test func writingForALeftPeerThrowsByName() async throws {
    let codes = Shared<[HTTPError.Code]>([])
    let handler = Self.streaming { writer in
      do {
        while true {
          try await writer.write([1])
          await onlyPause(.milliseconds(2))
        }
      } catch let error as HTTPError {
        codes.change { $0.append(error.code) }
      }
    }
    try await withServerAndSockets(handler: handler) { _, port in
      do {
        let socket = try RawSocket(port: port)
        try socket.send(Self.get)
        _ = try socket.receive()
      }
      try eventually { codes.value == [.peerLeft] }
    }
  }

  @Test func severalTasksMayWriteAndSmallPiecesStayWhole() async throws {
    let handler = Self.streaming { writer in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for letter in Array("abcd".utf8) {
          group.addTask {
            for _ in 0..<200 { try await writer.write([UInt8](repeating: letter, count: 999) + [10]) }
          }
        }
        try await group.waitForAll()
      }
    }
    try await withServerAndSockets(handler: handler) { _, port in
      let socket = try RawSocket(port: port)
      try socket.send(Self.get)
      let lines = try socket.response().body.split(separator: 10)
      #expect(lines.count == 800)
      #expect(lines.allSatisfy { $0.count == 999 && Set($0).count == 1 })
    }
  }
}
