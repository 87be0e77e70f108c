import Foundation
import HTTP
import Testing

@Suite struct StopTests {
  private static func started(
    _ change: (inout HTTPServer.Configuration) -> Void = { _ in },
    handler: @escaping @Sendable (HTTPRequest) async -> HTTPResponse = describe
  ) throws -> (HTTPServer, Int) {
    var configuration = HTTPServer.Configuration()
    configuration.port = 0
    change(&configuration)
    let server = HTTPServer(configuration, rejection: rejection, handler: handler)
    return (server, try server.start())
  }

  @Test func runningHandlersFinishAndNewRequestsAreRefused() async throws {
    let gate = Gate()
    let (server, port) = try Self.started(handler: { request in
      await gate.wait()
      return await describe(request)
    })
    let running = try RawSocket(port: port)
    let idle = try RawSocket(port: port)
    try running.send("GET /running HTTP/1.1\r\nHost: x\r\n\r\n")
    try await onThread { try eventually { server.requestsInFlight == 1 } }
    // A second connection that the server knows, in the middle of its first line.
    try idle.send("GET /late HTTP/1.1\r\n")
    try await onThread { try eventually { server.openConnections == 2 } }

    let stop = Task { await server.stop(within: .seconds(10)) }
    try await onThread {
      try eventually { (try? RawSocket(port: port)) == nil }
    }
    try idle.send("Host: x\r\n\r\n")
    let (late, answer) = try await onThread { [idle = Unchecked(idle), running = Unchecked(running)] in
      let late = try idle.value.response()
      gate.open()
      return (late, try running.value.response())
    }
    #expect(late.status == 503)
    #expect(late.text == "stopping")
    #expect(late.header("connection") == "close")
    #expect(answer.text == "GET [running] {} 0")
    #expect(answer.header("connection") == "close")
    await stop.value
  }

  @Test func handlersBeyondTheBoundAreCancelledAndAnswered() async throws {
    let gate = Gate()
    let (server, port) = try Self.started(handler: { request in
      await gate.wait()
      return await describe(request)
    })
    let socket = try RawSocket(port: port)
    try socket.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    try await onThread { try eventually { server.requestsInFlight == 1 } }
    let clock = ContinuousClock()
    let took = await clock.measure { await server.stop(within: .milliseconds(100)) }
    #expect(took < .seconds(25))
    let answer = try socket.response()
    #expect(answer.status == 503)
  }

  @Test func streamsAreEndedByCancellingTheirProducers() async throws {
    let (server, port) = try Self.started(handler: { _ in
      HTTPResponse(
        status: 200,
        body: .stream { writer in
          try await writer.write(Array("hello".utf8))
          // An idle feed: nothing is written for long.
          try? await Task.sleep(for: .seconds(1000))
          try await writer.write(Array("bye".utf8))
        })
    })
    let socket = try RawSocket(port: port)
    try socket.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    try await onThread { try eventually { server.requestsInFlight == 1 } }
    let took = await ContinuousClock().measure { await server.stop(within: .seconds(30)) }
    #expect(took < .seconds(25))
    #expect(try socket.response().text == "hellobye")
  }

  @Test func aProducerThatIgnoresEverythingIsLeftBehind() async throws {
    let gate = Gate()
    let (server, port) = try Self.started(handler: { _ in
      HTTPResponse(
        status: 200,
        body: .stream { _ in
          await Task.detached { await gate.wait() }.value
        })
    })
    let socket = try RawSocket(port: port)
    try socket.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    try await onThread { try eventually { server.requestsInFlight == 1 } }
    let took = await ContinuousClock().measure { await server.stop(within: .milliseconds(50)) }
    #expect(took < .seconds(25))
    gate.open()
  }

  @Test func connectionsInEveryStateAreClosed() async throws {
    for _ in 0..<20 {
      let (server, port) = try Self.started({ $0.handlerDeadline = .seconds(5) }) { request in
        switch request.path.first {
        case "slow": try? await Task.sleep(for: .seconds(100))
        case "stream":
          return HTTPResponse(
            status: 200,
            body: .stream { writer in
              while true { try await writer.write([UInt8](repeating: 1, count: 10_000)) }
            })
        default: break
        }
        return await describe(request)
      }
      let texts = [
        "", "GET", "GET / HTTP/1.1\r\nHost: x\r\n", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc",
        "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n", "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
      ]
      let sockets = try texts.map { text in
        let socket = try RawSocket(port: port)
        try socket.send(text)
        return socket
      }
      await onlyPause(.milliseconds(Int.random(in: 0...10)))
      let took = await ContinuousClock().measure { await server.stop(within: .milliseconds(20)) }
      #expect(took < .seconds(25))
      #expect(server.openConnections == 0)
      for socket in sockets { _ = try socket.receiveAll() }
    }
  }

  @Test func stoppingUnderLoadNeitherHangsNorCrashes() async throws {
    for round in 0..<10 {
      let (server, port) = try Self.started()
      let over = Gate()
      let clients = (0..<8).map { _ in
        Task {
          try await onThread {
            while let socket = try? RawSocket(port: port) {
              try? socket.send("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n")
              _ = try? socket.response()
            }
          }
        }
      }
      await onlyPause(.milliseconds(20 + 5 * round))
      let took = await ContinuousClock().measure { await server.stop(within: .seconds(5)) }
      #expect(took < .seconds(30))
      over.open()
      for client in clients { try await client.value }
    }
  }

  @Test func stoppingTwiceAndWithoutStartingIsHarmless() async throws {
    let (server, _) = try Self.started()
    async let first: Void = server.stop(within: .seconds(1))
    async let second: Void = server.stop(within: .seconds(1))
    _ = await (first, second)
    let error = #expect(throws: HTTPError.self) { try server.start() }
    #expect(error?.code == .state)
    let other = HTTPServer(HTTPServer.Configuration(), rejection: rejection, handler: describe)
    await other.stop(within: .zero)
  }

  @Test func aHandlerBeyondItsDeadlineIsAnsweredFor() async throws {
    let cancelled = Counter()
    let handler: @Sendable (HTTPRequest) async -> HTTPResponse = { request in
      if request.path == ["slow"] {
        try? await Task.sleep(for: .seconds(100))
        if Task.isCancelled { cancelled.add() }
      }
      return await describe(request)
    }
    try await withServerAndSockets({ $0.handlerDeadline = .milliseconds(200) }, handler: handler) { _, port in
      let socket = try RawSocket(port: port)
      try socket.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
      let answer = try socket.response()
      #expect(answer.status == 504)
      #expect(answer.text == "deadline")
      try eventually { cancelled.value == 1 }
      try socket.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try socket.response().status == 200)
    }
  }
}

/// `@unchecked Sendable`: a test hands the value from one thread to the next and uses it on one at a time.
struct Unchecked<Value>: @unchecked Sendable {
  let value: Value

  init(_ value: Value) {
    self.value = value
  }
}
