import Crypto
import Domain
import Exports
import Integrity
import Log
import Postgres

/// Checks rows one by one: what a worker does, in memory that it keeps.
final class RowCheck {
  private let ledger: String
  private let erasures: ErasureTally
  private let prices: PinnedPrices
  private let connection: Connection
  private let dataPass: JSONPass
  private let derivedPass: JSONPass
  private var review = CostReview()
  private var payload: [UInt8] = []
  private var entry: [UInt8] = []
  private var digest = [UInt8](repeating: 0, count: SHA256Hasher.digestLength)

  /// Records of the log are never deeper: 16 levels of data, and what stands around them.
  private static let limits = JSONLimits(depth: 64, bytes: 64 << 20)
  private static let prefix: UInt8 = 0x00

  init(_ connection: Connection, ledger: String, erasures: ErasureTally, prices: PinnedPrices) {
    self.connection = connection
    self.ledger = ledger
    self.erasures = erasures
    self.prices = prices
    dataPass = JSONPass(limits: Self.limits)
    derivedPass = JSONPass(limits: Self.limits)
    payload.reserveCapacity(4096)
    entry.reserveCapacity(1024)
  }

  /// Reads and checks a range.
  func check(_ range: ChunkRange) throws -> CheckedChunk {
    let rows = try rows(after: range.after, upTo: range.upTo)
    var chunk = CheckedChunk(range)
    chunk.events.reserveCapacity(rows.count)
    chunk.leaves.reserveCapacity(rows.count * TreeHash.length)
    for row in 0..<rows.count { try check(rows, row, &chunk) }
    return chunk
  }

  /// Not prepared: a plan for one range costs nothing beside its rows, and one that was kept would end with any change of a
  /// column's type.
  private func rows(after: Int64, upTo: Int64) throws -> Rows {
    let rows = try connection.execute(
      RowColumns.statement, [.text(ledger), .int64(after), .int64(upTo)], isPrepared: false)
    if rows.count > 0 { try RowColumns.check(rows) }
    return rows
  }

  /// The leaf hashes of a range, as far as it goes without a gap; nothing else is checked.
  func leaves(after: Int64, upTo: Int64) throws -> [UInt8] {
    let rows = try rows(after: after, upTo: upTo)
    var chunk = CheckedChunk(ChunkRange(number: 0, after: after, upTo: upTo))
    for row in 0..<rows.count where rows.int64(row, RowColumns.position) == after + Int64(row) + 1 {
      appendLeaf(rows, row, isReadable: isReadable(rows, row), &chunk)
    }
    return chunk.leaves
  }

  private func check(_ rows: Rows, _ row: Int, _ chunk: inout CheckedChunk) throws {
    let position = rows.int64(row, RowColumns.position)
    guard isReadable(rows, row) else {
      chunk.find(
        .unreadable, position, "the row lacks what every event has, or its actor is of no kind that there is")
      chunk.events.append(.init(position: position, recordedAt: .min, subject: 0, identity: 0, sequence: 0))
      return appendLeaf(rows, row, isReadable: false, &chunk)
    }
    chunk.events.append(
      .init(
        position: position, recordedAt: rows.timestamp(row, RowColumns.recordedAt),
        subject: rows.withField(row, RowColumns.subject) { Self.fingerprint($0) },
        identity: rows.withField(row, RowColumns.id) { id in
          rows.withField(row, RowColumns.source) { Self.fingerprint(id, $0) }
        }, sequence: rows.int64(row, RowColumns.sequence)))
    try checkPayload(rows, row, position, &chunk)
    checkPersonal(rows, row, position, &chunk)
    appendLeaf(rows, row, isReadable: true, &chunk)
  }

  /// Has the row what an entry is made of? Somebody may have changed it behind the schema's back.
  private func isReadable(_ rows: Rows, _ row: Int) -> Bool {
    for column in 0..<RowColumns.derived where rows.isNull(row, column) { return false }
    for column in [RowColumns.recordedAt, RowColumns.occurredAt] {
      let time = rows.timestamp(row, column)
      if time < Timestamp.earliest.microseconds || time > Timestamp.latest.microseconds { return false }
    }
    return rows.withField(row, RowColumns.actorKind) { kind in
      Self.kinds.contains { $0.elementsEqual(kind) }
    }
  }

  private static let kinds: [[UInt8]] = [.service, .agent, .human, .system].map { (kind: ActorKind) in
    Array(kind.rawValue.utf8)
  }

  private static func fingerprint(_ text: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer? = nil) -> UInt64 {
    var hasher = Hasher()
    hasher.combine(bytes: text)
    if let second {
      // The border counts.
      hasher.combine(text.count)
      hasher.combine(bytes: second)
    }
    return max(1, UInt64(bitPattern: Int64(hasher.finalize())))
  }
}

// MARK: - Payload

extension RowCheck {
  private func checkPayload(_ rows: Rows, _ row: Int, _ position: Int64, _ chunk: inout CheckedChunk) throws {
    payload.removeAll(keepingCapacity: true)
    payload.append(literal: "{\"data\":")
    var fault: String?
    let isCompletion = rows.withField(row, RowColumns.type) { $0.elementsEqual(Self.completion) }
    let isJSON = rows.withJSON(row, RowColumns.data) { text in
      dataPass.read(text) { data in
        data.appendCanonical(to: &payload)
        guard !rows.isNull(row, RowColumns.derived) else { return true }
        payload.append(literal: ",\"derived\":")
        return rows.withJSON(row, RowColumns.derived) { text in
          derivedPass.read(text) { derived in
            derived.appendCanonical(to: &payload)
            guard isCompletion else { return true }
            chunk.costs += 1
            fault = review.fault(data: data, derived: derived) { id in
              id < position ? prices.price(at: id, connection, ledger: ledger) : nil
            }
            return true
          }
        }
      }
    }
    if let error = prices.failure { throw error }
    guard isJSON else {
      return chunk.find(.unreadable, position, "data or derived is no JSON that the ledger takes")
    }
    if let fault { chunk.find(.cost, position, fault) }
    if !rows.isNull(row, RowColumns.personalHash) {
      payload.append(literal: ",\"personalhash\":\"")
      rows.withField(row, RowColumns.personalHash) { Hex.append($0, to: &payload) }
      payload.append(literal: "\"")
    }
    payload.append(literal: "}")
    hash(payload)
    if !rows.withField(row, RowColumns.payloadHash, { $0.elementsEqual(digest) }) {
      chunk.find(.payload, position, "data, derived or personalhash do not give the payload hash")
    }
  }

  private static let completion = Array("completion.recorded".utf8)

  private func hash(_ bytes: [UInt8], prefix: UInt8? = nil) {
    var hasher = SHA256Hasher()
    if let prefix { hasher.update(prefix) }
    hasher.update(bytes)
    digest.withUnsafeMutableBytes { hasher.finalize(into: $0.baseAddress!) }
  }

  private func checkPersonal(_ rows: Rows, _ row: Int, _ position: Int64, _ chunk: inout CheckedChunk) {
    let hasPart = !rows.isNull(row, RowColumns.personal) || !rows.isNull(row, RowColumns.salt)
    guard !rows.isNull(row, RowColumns.personalHash) else {
      if hasPart { chunk.find(.personal, position, "there is a personal part that no hash covers") }
      return
    }
    guard !rows.isNull(row, RowColumns.personal), !rows.isNull(row, RowColumns.salt) else {
      if erasures.names(position) {
        chunk.absent.append(position)
      } else {
        chunk.find(.personalMissing, position, "the personal part is not there and no erasure names the event")
      }
      return
    }
    if erasures.names(position) {
      chunk.find(
        .erasurePending, position, "the personal part is still there though the log says it was erased")
    }
    payload.removeAll(keepingCapacity: true)
    rows.withField(row, RowColumns.salt) { payload.append(contentsOf: $0) }
    let isJSON = rows.withJSON(row, RowColumns.personal) { text in
      dataPass.read(text) { personal in
        personal.appendCanonical(to: &payload)
        return true
      }
    }
    hash(payload)
    if !isJSON || !rows.withField(row, RowColumns.personalHash, { $0.elementsEqual(digest) }) {
      chunk.find(.personal, position, "the personal part does not give its hash")
    }
  }
}

// MARK: - Entry

extension RowCheck {
  /// Where there is no entry, an empty one stands for it: the root then shows that something is wrong, too.
  private func appendLeaf(_ rows: Rows, _ row: Int, isReadable: Bool, _ chunk: inout CheckedChunk) {
    entry.removeAll(keepingCapacity: true)
    if isReadable {
      writeEntry(rows, row)
      if entry.count > EventHash.longestEntry {
        let position = rows.int64(row, RowColumns.position)
        chunk.find(.unreadable, position, "the entry is longer than \(EventHash.longestEntry) bytes")
        entry.removeAll(keepingCapacity: true)
      }
    }
    hash(entry, prefix: Self.prefix)
    chunk.leaves.append(contentsOf: digest)
  }

  /// Keys in the order of RFC 8785, as `EventHash.entry` writes them.
  private func writeEntry(_ rows: Rows, _ row: Int) {
    text("{\"actor\":", rows, row, RowColumns.actor)
    text(",\"actorkind\":", rows, row, RowColumns.actorKind)
    text(",\"causationid\":", rows, row, RowColumns.causationID)
    text(",\"correlationid\":", rows, row, RowColumns.correlationID)
    text(",\"id\":", rows, row, RowColumns.id)
    entry.append(literal: ",\"ledger\":")
    JSONWriter.appendString(ledger, to: &entry)
    entry.append(literal: ",\"payloadhash\":\"")
    rows.withField(row, RowColumns.payloadHash) { Hex.append($0, to: &entry) }
    entry.append(literal: "\",\"position\":")
    JSONWriter.appendInteger(rows.int64(row, RowColumns.position), to: &entry)
    entry.append(literal: ",\"recordedtime\":\"")
    Timestamp(microseconds: rows.timestamp(row, RowColumns.recordedAt)).append(to: &entry)
    entry.append(literal: "\",\"sequence\":")
    JSONWriter.appendInteger(rows.int64(row, RowColumns.sequence), to: &entry)
    text(",\"source\":", rows, row, RowColumns.source)
    text(",\"subject\":", rows, row, RowColumns.subject)
    entry.append(literal: ",\"time\":\"")
    Timestamp(microseconds: rows.timestamp(row, RowColumns.occurredAt)).append(to: &entry)
    entry.append(literal: "\"")
    text(",\"traceparent\":", rows, row, RowColumns.traceparent)
    text(",\"type\":", rows, row, RowColumns.type)
    entry.append(literal: ",\"typeversion\":")
    JSONWriter.appendInteger(rows.int64(row, RowColumns.typeVersion), to: &entry)
    entry.append(literal: "}")
  }

  /// A member, where its column has a value.
  private func text(_ key: StaticString, _ rows: Rows, _ row: Int, _ column: Int) {
    if rows.isNull(row, column) { return }
    entry.append(literal: key)
    rows.withField(row, column) { JSONWriter.appendString(utf8: $0, to: &entry) }
  }
}

extension [UInt8] {
  fileprivate mutating func append(literal: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }
}
