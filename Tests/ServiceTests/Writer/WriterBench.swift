import Control
import Crypto
import Domain
import Foundation
import Integrity
import Log
import Postgres
import TestKit

@testable import Service

/// A ledger in a database of its own, with as many writers as a test wants: each stands for a service process.
struct WriterBench: Sendable {
  let settings: ConnectionSettings
  let ledger: String
  static let service = Principal(key: "service000001", kind: .service, owner: "alice", roles: [.service])
  static let human = Principal(
    key: "human0000001", kind: .human, owner: "alice", roles: [.admin, .operator, .approver])
  static let other = Principal(
    key: "human0000002", kind: .human, owner: "bob", roles: [.admin, .operator, .approver])

  init(_ settings: ConnectionSettings, ledger: String = "main") throws {
    self.settings = settings
    self.ledger = ledger
    let connection = try Connection(settings)
    try LedgerRows.create(connection, ledger)
    connection.close()
  }

  func writer(_ limits: WriterLimits = .init()) -> LedgerWriter {
    LedgerWriter(ledger: ledger, settings: settings, limits: limits, zones: { _ in .utc })
  }

  /// Reads the whole log.
  func log() throws -> [RecordedEvent] {
    let connection = try Connection(settings)
    defer { connection.close() }
    return try LogReader(connection, ledger: ledger).page(LogFilter(), limit: 1_000_000)
  }

  /// The root over all entries of the log, from the definition in RFC 6962: no edge, no seals.
  func rootByDefinition() throws -> [UInt8] {
    Self.root(try log().map { EventHash.leaf(entry: EventHash.entry($0)) }[...])
  }

  private static func root(_ leaves: ArraySlice<[UInt8]>) -> [UInt8] {
    if leaves.isEmpty { return SHA256Digest.hash([UInt8]()) }
    if leaves.count == 1 { return leaves[leaves.startIndex] }
    var half = 1
    while half * 2 < leaves.count { half *= 2 }
    let middle = leaves.startIndex + half
    return SHA256Digest.hash(prefix: 1, root(leaves[..<middle]), root(leaves[middle...]))
  }

  /// An `x.note` with a body of our choice.
  static func note(
    _ id: String, subject: String = "note/1", text: String = "hello", expected: Int64? = nil, user: String? = nil
  ) throws -> EventDraft {
    var data = JSON.object(["text": .text(text)])
    if let user { data["personal"] = .object(["user": .text(user)]) }
    var draft = try EventDraft(planned: "x.note", subject: subject, id: id, source: "/test", data: data)
    draft.expectedSequence = expected
    return draft
  }
}
