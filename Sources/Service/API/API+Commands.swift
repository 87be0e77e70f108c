import Control
import Crypto
import Domain
import Foundation
import HTTP
import Log

extension API {
  /// Runs a command and answers with its receipts.
  ///
  /// - Parameters:
  ///   - ledger: whose log it goes to.
  ///   - resource: what the command made or changed, for the answer.
  func run(
    _ command: Command, _ call: Call, in ledger: String, freshID: String = FreshID.next(),
    resource: (AppendAnswer) -> [(name: String, value: JSON)] = { _ in [] }
  ) async throws -> HTTPResponse {
    let key = try call.idempotencyKey()
    let writer = try registry.writer(ledger)
    let digest = try call.digest()
    let scan = try await scan(for: command, in: ledger)
    let answer = try await measured(ledger) {
      try await writer.command(
        command, by: call.key.principal, key: key, request: digest, freshID: freshID, scan: scan)
    }
    let extra = resource(answer).sorted { $0.name < $1.name }
    return .json(Self.status(of: answer, command), Self.body(of: answer, ledger: ledger, extra: extra))
  }

  /// Reverses an entry.
  func reverseEntry(_ call: Call) async throws -> HTTPResponse {
    try await run(try CommandCatalogue.reverseEntry(call.body()), call, in: call.ledger)
  }

  // MARK: Kill switches

  func listKillSwitches(_ call: Call) async throws -> HTTPResponse {
    let (position, active) = try await registry.writer(call.ledger).look {
      ($0.position, $0.state.activeKillSwitches)
    }
    let switches = try await described(active, in: call.ledger)
    return .json(200, JSON.object(["position": .integer(position), "kill_switches": switches]).canonical)
  }

  func changeKillSwitch(_ call: Call) async throws -> HTTPResponse {
    if call.endpoint.operationID == "deactivateKillSwitch" { return try await change(call, .deactivateKillSwitch) }
    return try await activateKillSwitch(call)
  }
}

extension Call {
  /// The body as JSON under the strict rules.
  func body() throws -> JSONView {
    let type = (request.header("Content-Type") ?? "").split(separator: ";").first.map(String.init) ?? ""
    guard type.lowercased().trimmingSpaces == "application/json" else { throw RequestFault(.unsupportedMediaType) }
    do { return try JSONDocument(request.body).root } catch { throw RequestFault(error) }
  }

  /// The caller's idempotency key, or a fresh one.
  func idempotencyKey() throws(RequestFault) -> String {
    guard let key = request.header("Idempotency-Key") else { return FreshID.next() }
    let isPlain = key.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }
    // Room for `#` and a number within the bound of ids.
    guard isPlain, (1...112).contains(key.utf8.count) else {
      throw RequestFault(
        .invalidParameter, detail: "Idempotency-Key is 1 to 112 printable ASCII characters without #.")
    }
    return key
  }

  /// What was asked, so that a repetition is told from another request with the same key.
  func digest() throws -> String {
    var bytes = Array(endpoint.operationID.utf8)
    for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
      bytes += [0x0A] + Array(name.utf8) + [0x3D] + Array(value.utf8)
    }
    bytes.append(0x0A)
    if !request.body.isEmpty { bytes += Self.withoutPersons(JSON(try body())).canonical }
    return Hex.string(SHA256Digest.hash(bytes))
  }

  /// A body without the names of persons: a digest of a name would tell the name again after it was erased. The writer
  /// compares persons by their tokens.
  private static func withoutPersons(_ body: JSON) -> JSON {
    guard case .object(var members) = body else { return body }
    if members["user"]?.string != nil { members["user"] = .text("") }
    if let scope = members["scope"]?.string, scope.utf8.starts(with: "user/".utf8), scope != "user/*" {
      members["scope"] = .text("user/")
    }
    for nested: ExactText in ["change", "body"] {
      if let inner = members[nested] { members[nested] = withoutPersons(inner) }
    }
    return .object(members)
  }
}
