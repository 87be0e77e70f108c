import Foundation
import Synchronization
import TestKit
import Testing

@testable import DaybookClient

/// A feed of kill switches that a test steers.
final class SwitchBoard: Sendable {
  struct State {
    var active: [String] = []
    var position = 1
    var version = 0
    var isSilent = false
    var status = 200
  }

  let state = Mutex(State())

  func change(_ body: (inout State) -> Void) {
    state.withLock { state in
      body(&state)
      state.position += 1
      state.version += 1
    }
  }

  func serve(_ request: ServedRequest) -> ServedReply {
    let status = state.withLock { $0.status }
    guard status == 200 else { return .answer(status, body: "{}") }
    return .stream { stream in
      var seen = -1
      var beat = ContinuousClock.now - .seconds(9)
      while true {
        let now = self.state.withLock { $0 }
        if now.isSilent {
          usleep(2000)
          continue
        }
        if now.version != seen {
          seen = now.version
          let list = now.active.map {
            #"{"scope":"\#($0)","reason":"r","position":1,"since":"2026-01-01T00:00:00Z"}"#
          }
          let data = #"{"position":\#(now.position),"active":[\#(list.joined(separator: ","))]}"#
          guard stream.write("event: state\ndata: \(data)\n\n") else { return }
        } else if ContinuousClock.now - beat > .milliseconds(100) {
          beat = .now
          guard stream.write("event: heartbeat\ndata: {\"position\":\(now.position)}\n\n") else { return }
        }
        usleep(2000)
      }
    }
  }
}

/// Asks again until it is so; an issue where it is not within half a minute.
private func expectSoon(_ place: SourceLocation = #_sourceLocation, _ isSo: () -> Bool) async {
  let deadline = ContinuousClock.now + .seconds(30)
  while !isSo() {
    if ContinuousClock.now > deadline { return _ = Issue.record("it never came to be so", sourceLocation: place) }
    try? await Task.sleep(for: .milliseconds(5))
  }
}

@Suite(.timeLimit(.minutes(5)))
struct KillSwitchGuardTests {
  let facts = CallFacts(operation: "chat")

  @Test("The guard learns of a stop and of its end at once")
  func learns() async throws {
    let board = SwitchBoard()
    let server = LocalServer { board.serve($0) }
    let guardian = KillSwitchGuard(try Daybook(url: server.url, key: "k"))
    #expect(!guardian.check(facts).mayProceed)
    guardian.start()
    #expect(await guardian.waitUntilKnown(for: .seconds(60)))
    await expectSoon { guardian.check(facts).mayProceed }
    var quickest = [Duration.seconds(60), .seconds(60)]
    // Within 100 ms. How long a busy machine lets a process wait is no matter of the guard's: it gets many turns.
    for round in 0..<200 where round < 10 || quickest.contains(where: { $0 >= .milliseconds(100) }) {
      let stops = round % 2 == 0
      board.change { $0.active = stops ? ["operation/chat"] : [] }
      let start = ContinuousClock.now
      while !isKnown(stops, to: guardian) { try await Task.sleep(for: .milliseconds(1)) }
      quickest[round % 2] = min(quickest[round % 2], ContinuousClock.now - start)
    }
    #expect(quickest.allSatisfy { $0 < .milliseconds(100) }, "\(quickest)")
    guardian.close()
  }

  /// Whether the guard has heard of a stop, or of its end: not that it lost sight of the feed meanwhile.
  private func isKnown(_ stops: Bool, to guardian: KillSwitchGuard) -> Bool {
    switch guardian.check(facts) {
    case .stopped: stops
    case .unknown: false
    default: !stops
    }
  }

  @Test("When heartbeats stop, calls are refused within a second, and allowed again when they return")
  func silence() async throws {
    let board = SwitchBoard()
    let server = LocalServer { board.serve($0) }
    let guardian = KillSwitchGuard(try Daybook(url: server.url, key: "k"))
    guardian.start()
    #expect(await guardian.waitUntilKnown(for: .seconds(60)))
    board.change { $0.isSilent = true }
    await expectSoon { !guardian.check(facts).mayProceed }
    try await Task.sleep(for: .milliseconds(300))
    #expect(!guardian.check(facts).mayProceed)
    board.change { $0.isSilent = false }
    #expect(await guardian.waitUntilKnown(for: .seconds(60)))
    await expectSoon { guardian.check(facts).mayProceed }
    guardian.close()
  }

  @Test("A key that is refused, and a server that is gone, refuse calls")
  func refused() async throws {
    let board = SwitchBoard()
    let server = LocalServer { board.serve($0) }
    let guardian = KillSwitchGuard(try Daybook(url: server.url, key: "k"))
    guardian.start()
    #expect(await guardian.waitUntilKnown(for: .seconds(60)))
    board.change { $0.status = 401 }
    server.cutAll()
    await expectSoon { guardian.check(facts) == .unknown(.refused) }
    board.change { $0.status = 200 }
    #expect(await guardian.waitUntilKnown(for: .seconds(60)))
    server.stop()
    await expectSoon { !guardian.check(facts).mayProceed }
    guardian.close()
  }

  @Test("A guard that nobody holds ends its feed")
  func letGo() async throws {
    let board = SwitchBoard()
    let server = LocalServer { board.serve($0) }
    var guardian: KillSwitchGuard? = KillSwitchGuard(try Daybook(url: server.url, key: "k"))
    guardian?.start()
    #expect(await guardian?.waitUntilKnown(for: .seconds(60)) == true)
    weak let released = guardian
    guardian = nil
    while released != nil { try await Task.sleep(for: .milliseconds(5)) }
    server.cutAll()
    let connections = server.requests.count
    try await Task.sleep(for: .milliseconds(200))
    #expect(server.requests.count == connections)
  }
}
