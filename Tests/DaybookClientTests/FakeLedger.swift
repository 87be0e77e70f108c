import Domain
import Synchronization
import TestKit

@testable import DaybookClient

/// A ledger in memory behind a real port: identities, positions, sequences, refusals; and faults on demand.
final class FakeLedger: Sendable {
  /// What happens to the next append instead of, or after, taking it.
  enum Fault: Sendable, CaseIterable {
    /// The connection ends before the ledger took it.
    case cutBefore
    /// The connection ends after the ledger took it.
    case cutAfter
    /// The answer ends halfway.
    case halfAnswer
    /// The answer is no JSON.
    case garbage
    /// 429 with nothing taken.
    case overloaded
    /// 503 with nothing taken.
    case unavailable
    /// 500 after it was taken.
    case broken
    /// The answer comes later than the client waits.
    case slow
  }

  struct Taken: Sendable, Equatable {
    var id: String
    var subject: String
    var data: String
    var type = ""
    var causation: String?

    /// A member of the data.
    subscript(_ name: String) -> JSON? { (try? JSON(parsing: Array(data.utf8)))?[name] }
  }

  private struct State {
    var taken: [Taken] = []
    var places: [String: Int] = [:]
    var faults: [Fault] = []
    var namesIndices = true
    var decisions: [JSON] = []
    var decide: @Sendable (JSON) -> ServedReply = { FakeLedger.allow($0) }
  }

  private let state = Mutex(State())
  private let port = Mutex<LocalServer?>(nil)

  /// The kill switches that its feed tells of.
  let board = SwitchBoard()

  /// The requests for a decision, in order.
  var decisions: [JSON] { state.withLock { $0.decisions } }

  /// What it answers to a request for a decision.
  func decide(_ decide: @escaping @Sendable (JSON) -> ServedReply) { state.withLock { $0.decide = decide } }

  /// A decision that allows a call.
  static func allow(
    _ request: JSON, _ targets: [(model: String, provider: String)] = [("deepseek", "acme")], position: Int = 1,
    duplicate: Bool = false
  ) -> ServedReply {
    let fallbacks = targets.dropFirst().map { #"{"model":"\#($0.model)","provider":"\#($0.provider)"}"# }
    return .answer(
      200,
      body: #"{"ledger":"main","id":"\#(request["id"]?.string ?? "")","outcome":"allowed","#
        + #""model":"\#(targets[0].model)","provider":"\#(targets[0].provider)","#
        + #""fallbacks":[\#(fallbacks.joined(separator: ","))],"reasons":[],"candidates":[],"reservations":[],"#
        + #""position":\#(position),"recordedtime":"2026-01-01T00:00:00.000000Z","duplicate":\#(duplicate)}"#)
  }

  /// A decision that does not.
  static func refuse(_ request: JSON, _ outcome: String, _ reason: String) -> ServedReply {
    .answer(
      200,
      body: #"{"ledger":"main","id":"\#(request["id"]?.string ?? "")","outcome":"\#(outcome)","fallbacks":[],"#
        + #""reasons":["\#(reason)"],"candidates":[{"model":"deepseek","origin":"primary","fate":"\#(reason)"}],"#
        + #""rationale":"because","approval":"ap-1","retry_after_ms":1500,"position":7,"duplicate":false}"#)
  }

  /// What was recorded, in order.
  var taken: [Taken] { state.withLock { $0.taken } }
  /// The server, while it runs.
  var server: LocalServer { port.withLock { $0! } }

  init(faults: [Fault] = [], namesIndices: Bool = true) {
    state.withLock {
      $0.faults = faults
      $0.namesIndices = namesIndices
    }
    let server = LocalServer { [weak self] in self?.answer($0) ?? .cut }
    port.withLock { $0 = server }
  }

  func fail(with faults: [Fault]) { state.withLock { $0.faults += faults } }

  func client(usesURLSession: Bool = false, _ change: (inout DaybookConfiguration) -> Void = { _ in }) throws
    -> Daybook
  {
    var configuration = DaybookConfiguration(
      source: "/test", timeout: .seconds(20),
      retry: RetryPolicy(attempts: 10, firstDelay: .milliseconds(2), longestDelay: .milliseconds(20)))
    change(&configuration)
    return try Daybook(
      url: server.url, key: "dbk_test_secret", configuration: configuration,
      transport: usesURLSession ? URLSessionTransport() : nil)
  }

  private func answer(_ request: ServedRequest) -> ServedReply {
    guard request.headers["authorization"] == "Bearer dbk_test_secret" else {
      return .answer(401, body: #"{"type":"/problems/unauthorised","title":"no key","status":401}"#)
    }
    if request.path == "/v1/ledgers/main/kill-switches/stream" { return board.serve(request) }
    if request.path == "/v1/ledgers/main/decisions", let asked = try? JSON(parsing: request.body) {
      let decide = state.withLock { state in
        state.decisions.append(asked)
        return state.decide
      }
      return decide(asked)
    }
    guard request.method == "POST", request.path == "/v1/ledgers/main/events",
      request.headers["content-type"] == "application/cloudevents-batch+json"
    else { return .answer(404, body: #"{"type":"/problems/not-found","status":404}"#) }
    let fault = state.withLock { $0.faults.isEmpty ? nil : $0.faults.removeFirst() }
    switch fault {
    case .cutBefore: return .cut
    case .overloaded: return .answer(429, headers: ["Retry-After": "0"], body: "{}")
    case .unavailable: return .answer(503, body: "upstream is away")
    case .garbage:
      _ = append(request.body)
      return .answer(200, body: "<html>")
    case .cutAfter:
      _ = append(request.body)
      return .cut
    case .broken:
      _ = append(request.body)
      return .answer(500, body: "{}")
    case .halfAnswer:
      _ = append(request.body)
      return .raw("HTTP/1.1 200 X\r\nContent-Length: 500\r\n\r\n{\"ledger\":\"main\",\"events\":[")
    case .slow: return .late(700, append(request.body))
    case nil: return append(request.body)
    }
  }

  /// All or nothing; an event of type `x.bad` is refused.
  private func append(_ body: [UInt8]) -> ServedReply {
    guard let events = try? JSONDocument(body).root.elements, !events.isEmpty else {
      return .answer(400, body: #"{"type":"/problems/malformed","status":400}"#)
    }
    return state.withLock { state in
      let bad = events.indices.filter { events[$0]["type"]?.string == "x.bad" }
      if !bad.isEmpty {
        let errors = bad.map {
          #"{"index":\#($0),"pointer":"/data","code":"type","detail":"bad"}"#
        }.joined(separator: ",")
        return .answer(
          422,
          body: #"{"type":"/problems/invalid","status":422,"errors":[\#(state.namesIndices ? errors : "")]}"#)
      }
      var receipts: [String] = []
      for event in events {
        let id = event["id"]?.string ?? ""
        let key = "\(event["source"]?.string ?? "") \(id)"
        let isDuplicate = state.places[key] != nil
        if !isDuplicate {
          state.taken.append(
            Taken(
              id: id, subject: event["subject"]?.string ?? "",
              data: String(decoding: event["data"]?.canonical ?? [], as: UTF8.self),
              type: event["type"]?.string ?? "", causation: event["causationid"]?.string))
          state.places[key] = state.taken.count
        }
        let position = state.places[key]!
        receipts.append(
          #"{"id":"\#(id)","position":\#(position),"sequence":1,"recordedtime":"2026-01-01T00:00:00.000000Z","#
            + #""duplicate":\#(isDuplicate)}"#)
      }
      return .answer(
        200,
        body: #"{"ledger":"main","events":[\#(receipts.joined(separator: ","))],"#
          + #""head":{"position":\#(state.taken.count),"root":"cm9vdA=="}}"#)
    }
  }
}

/// A small event of the user's own.
func note(_ number: Int, type: String = "x.note", id: String? = nil) -> Event {
  Event(
    CustomEvent(type, data: .object(["n": .integer(Int64(number))])), subject: "note/\(number)",
    id: id ?? EventID.make(), time: nil)
}
