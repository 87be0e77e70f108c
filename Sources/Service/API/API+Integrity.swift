import Crypto
import Domain
import Foundation
import HTTP
import Integrity
import Log
import Notary
import Postgres

extension API {
  /// How long a receipt waits for a checkpoint that covers its event.
  static let receiptPatience = Duration.seconds(3)
  /// Most cosignatures that a checkpoint can be asked to have.
  static let cosignaturesAtMost: Int64 = 16

  /// The newest checkpoint.
  func readCheckpoint(_ call: Call) async throws -> HTTPResponse {
    var query = try QueryReader(call.request, allowed: ["cosignatures"])
    let cosignatures = try query.integer("cosignatures", in: 0...Self.cosignaturesAtMost) ?? 0
    try query.finish()
    let found = try await published(call.ledger) { try $0.checkpoint(cosignatures: Int(cosignatures)) }
    guard let found else { throw RequestFault(.notFound, detail: "There is no such checkpoint yet.") }
    return Self.note(found.note.bytes)
  }

  /// Proves that an event stands in a tree.
  func proveInclusion(_ call: Call) async throws -> HTTPResponse {
    var query = try QueryReader(call.request, allowed: ["position", "size"])
    let position = try query.integer("position", in: 1...Int64.max)
    let size = try query.integer("size", in: 1...Int64.max)
    try query.finish()
    guard let position else { throw Self.missing("position") }
    if let size, size < position { throw Self.fault("size", "is at least the position") }
    let proof = try await published(call.ledger) { try $0.inclusion(position: position, size: size) }
    let body = JSON.object([
      "ledger": .text(call.ledger), "position": .integer(position), "index": .integer(position - 1),
      "size": .integer(proof.size), "leaf_hash": .text(Base64.string(proof.leafHash)),
      "root": .text(Base64.string(proof.root)), "path": .array(proof.path.map { .text(Base64.string($0)) }),
    ])
    return .json(200, body.canonical)
  }

  /// Proves that a tree is the beginning of another.
  func proveConsistency(_ call: Call) async throws -> HTTPResponse {
    var query = try QueryReader(call.request, allowed: ["from", "to"])
    let from = try query.integer("from", in: 0...Int64.max)
    let to = try query.integer("to", in: 0...Int64.max)
    try query.finish()
    guard let from else { throw Self.missing("from") }
    if let to, to < from { throw Self.fault("to", "is at least from") }
    let proof = try await published(call.ledger) { try $0.consistency(from: from, to: to) }
    let body = JSON.object([
      "ledger": .text(call.ledger), "from": .integer(from), "to": .integer(proof.to),
      "from_root": .text(Base64.string(proof.oldRoot)), "to_root": .text(Base64.string(proof.newRoot)),
      "path": .array(proof.path.map { .text(Base64.string($0)) }),
    ])
    return .json(200, body.canonical)
  }

  /// Everything that proves an event.
  func readReceipt(_ call: Call) async throws -> HTTPResponse {
    guard let position = Int64(call.parameter("position")), position > 0 else {
      throw RequestFault(.notFound, detail: "A position is a whole number from 1.")
    }
    var query = try QueryReader(call.request, allowed: ["cosignatures"])
    let cosignatures = try query.integer("cosignatures", in: 0...Self.cosignaturesAtMost) ?? 0
    try query.finish()
    guard try await head(call.ledger) >= position else {
      throw RequestFault(.notFound, detail: "The log has no position \(position) yet.")
    }
    let deadline = ContinuousClock.now + Self.receiptPatience
    while true {
      do {
        let proof = try await published(call.ledger) {
          try $0.receipt(position: position, cosignatures: Int(cosignatures))
        }
        noteRead(call, records: 1, range: (position, position))
        return Self.note(proof.bytes)
      } catch PublishedLog.NoProof.notYetSigned where ContinuousClock.now < deadline {
        try await Task.sleep(for: .milliseconds(100))
      }
    }
  }

  /// A tile, or the entries under one.
  func readTile(_ call: Call) async throws -> HTTPResponse {
    try QueryReader(call.request, allowed: []).finish()
    let level = call.parameters["level"].map { Checkpoint.size($0) } ?? 0
    guard let level, level <= Int64(Tile.levelAtMost), let place = TilePath.parse(call.parameter("index")) else {
      throw RequestFault(.notFound, detail: "That is no path of a tile.")
    }
    let isEntries = call.endpoint.operationID == "readEntries"
    let bytes = try await published(call.ledger) { log in
      isEntries
        ? try log.entries(index: place.index, width: place.width)
        : try log.tile(level: Int(level), index: place.index, width: place.width)
    }
    guard let bytes else { throw RequestFault(.notFound, detail: "The signed tree has no such tile yet.") }
    if isEntries {
      let first = place.index * Int64(Tile.fullWidth) + 1
      noteRead(call, records: place.width, range: (first, first + Int64(place.width) - 1))
    }
    // What a signed tree has never changes; it is nobody's but the key's.
    let headers = [
      ("Content-Type", "application/octet-stream"), ("Cache-Control", "private, max-age=86400, immutable"),
    ]
    return HTTPResponse(status: 200, headers: headers, body: .bytes(bytes))
  }

  private func published<Value: Sendable>(
    _ ledger: String, _ body: @escaping @Sendable (PublishedLog) throws -> Value
  ) async throws -> Value {
    _ = try registry.writer(ledger)
    return try await readers.withConnection { [tiles] in try body(PublishedLog($0, ledger: ledger, memory: tiles)) }
  }

  private static func note(_ bytes: [UInt8]) -> HTTPResponse {
    HTTPResponse(
      status: 200, headers: [("Content-Type", EndpointAccess.Media.note.rawValue), ("Cache-Control", "no-store")],
      body: .bytes(bytes))
  }

  private static func missing(_ name: String) -> RequestFault { fault(name, "is missing", code: "required") }

  private static func fault(_ name: String, _ detail: String, code: String = "range") -> RequestFault {
    RequestFault(.invalidParameter, [ValidationFault(pointer: "?\(name)", code: code, detail: detail)])
  }
}
