import Crypto
import Domain
import Exports
import Glibc
import Integrity
import Log
import Postgres

/// Checks rows one by one: what a worker does, in memory that it keeps.
final class RowCheck {
  private let ledger: String
  private let erasures: ErasureTally
  private let prices: PinnedPrices
  private let connection: Connection
  private let entries: EntryRows
  private let rows: CopiedRows
  private let dataPass: JSONPass
  private let derivedPass: JSONPass
  /// At most the completions of a range.
  private var pending: [PendingReview] = []
  private let payload = CanonicalBuffer()
  /// The hashes of a range.
  private let leaves = CanonicalBuffer()
  /// 32 bytes.
  private let digest: UnsafeMutableRawBufferPointer

  /// Records of the log are never deeper: 16 levels of data, and what stands around them.
  private static let limits = JSONLimits(depth: 64, bytes: 64 << 20)

  /// Reads over a connection inside a transaction, for as long as that lasts.
  ///
  /// - Throws: `LogError.corrupt` where the table's columns are not the schema's; what Postgres answers.
  init(_ connection: Connection, ledger: String, erasures: ErasureTally, prices: PinnedPrices) throws {
    self.connection = connection
    self.ledger = ledger
    self.erasures = erasures
    self.prices = prices
    entries = EntryRows(connection, ledger: ledger)
    rows = entries.rows
    dataPass = JSONPass(limits: Self.limits)
    derivedPass = JSONPass(limits: Self.limits)
    digest = .allocate(byteCount: SHA256Hasher.digestLength, alignment: 16)
    try EventColumns.check(connection)
  }

  deinit { digest.deallocate() }

  /// Reads and checks a range, row by row while Postgres makes the next ones.
  func check(_ range: LogRange) throws -> CheckedChunk {
    var chunk = CheckedChunk()
    chunk.events.reserveCapacity(Int(range.upTo - range.after))
    leaves.clear()
    var filter = LogFilter()
    (filter.after, filter.upTo) = (range.after, range.upTo)
    try entries.stream(filter) { rows in
      while try rows.next() { check(&chunk) }
    }
    try reviewLater(&chunk)
    chunk.leaves = Array(leaves.bytes)
    return chunk
  }

  private func check(_ chunk: inout CheckedChunk) {
    let position = rows.int64(EventColumns.position)
    guard entries.isReadable, !rows.isNull(EventColumns.data) else {
      chunk.find(
        .unreadable, position, "the row lacks what every event has, or its actor is of no kind that there is")
      chunk.events.append(.init(position: position, recordedAt: .min, subject: 0, identity: 0, sequence: 0))
      return appendLeaf(isReadable: false, &chunk)
    }
    chunk.events.append(
      .init(
        position: position, recordedAt: rows.timestamp(EventColumns.recordedAt),
        subject: Self.fingerprint(rows.field(EventColumns.subject)),
        identity: Self.fingerprint(rows.field(EventColumns.id), rows.field(EventColumns.source)),
        sequence: rows.int64(EventColumns.sequence)))
    checkPayload(position, &chunk)
    checkPersonal(position, &chunk)
    appendLeaf(isReadable: true, &chunk)
  }

  private static func isSame(_ field: UnsafeRawBufferPointer, _ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { isSame(field, $0) }
  }

  private static func isSame(_ field: UnsafeRawBufferPointer, _ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let left = field.baseAddress, let right = bytes.baseAddress else { return field.count == bytes.count }
    return field.count == bytes.count && memcmp(left, right, field.count) == 0
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
  private func checkPayload(_ position: Int64, _ chunk: inout CheckedChunk) {
    payload.clear()
    payload.append(literal: "{\"data\":")
    let isCompletion = Self.isSame(rows.field(EventColumns.type), Self.completion)
    let isJSON = dataPass.read(rows.json(EventColumns.data)) { data in
      payload.append(data)
      guard !rows.isNull(EventColumns.derived) else { return true }
      payload.append(literal: ",\"derived\":")
      return derivedPass.read(rows.json(EventColumns.derived)) { derived in
        payload.append(derived)
        guard isCompletion else { return true }
        review(data, derived, position, &chunk)
        return true
      }
    }
    guard isJSON else {
      return chunk.find(.unreadable, position, "data or derived is no JSON that the ledger takes")
    }
    if !rows.isNull(EventColumns.personalHash) {
      payload.append(literal: ",\"personalhash\":\"")
      appendHex(EventColumns.personalHash, to: payload)
      payload.append(literal: "\"")
    }
    payload.append(literal: "}")
    if !isHash(EventColumns.payloadHash, of: payload) {
      chunk.find(.payload, position, "data, derived or personalhash do not give the payload hash")
    }
  }

  private static let completion = Array("completion.recorded".utf8)

  /// Makes the cost again; later, where a price must be read first: the connection is busy with the rows.
  private func review(_ data: JSONGlance, _ derived: JSONGlance, _ position: Int64, _ chunk: inout CheckedChunk) {
    chunk.costs += 1
    var isKnown = true
    let fault = CostReview.fault(data: data, derived: derived) { id in
      guard id < position else { return nil }
      guard let price = prices.known(at: id) else {
        isKnown = false
        return nil
      }
      return price
    }
    if !isKnown {
      pending.append(
        PendingReview(
          position: position, data: Array(rows.json(EventColumns.data)),
          derived: Array(rows.json(EventColumns.derived))))
    } else if let fault {
      chunk.find(.cost, position, fault)
    }
  }

  /// A completion whose prices were not read yet.
  fileprivate struct PendingReview {
    var position: Int64
    var data: [UInt8]
    var derived: [UInt8]
  }

  private func reviewLater(_ chunk: inout CheckedChunk) throws {
    for later in pending {
      var fault: String?
      _ = later.data.withUnsafeBytes { text in
        dataPass.read(text) { data in
          later.derived.withUnsafeBytes { text in
            derivedPass.read(text) { derived in
              fault = CostReview.fault(data: data, derived: derived) { id in
                id < later.position ? prices.price(at: id, connection, ledger: ledger) : nil
              }
              return true
            }
          }
        }
      }
      if let error = prices.failure { throw error }
      if let fault { chunk.find(.cost, later.position, fault) }
    }
    pending.removeAll(keepingCapacity: true)
  }

  /// Is the column's value the hash of what was written?
  private func isHash(_ column: Int, of buffer: CanonicalBuffer) -> Bool {
    SHA256Digest.hash(buffer.bytes, into: digest.baseAddress!)
    return Self.isSame(rows.field(column), UnsafeRawBufferPointer(digest))
  }

  private func appendHex(_ column: Int, to buffer: CanonicalBuffer) {
    let bytes = rows.field(column)
    Hex.write(bytes, to: buffer.extend(by: 2 * bytes.count))
  }

  private func checkPersonal(_ position: Int64, _ chunk: inout CheckedChunk) {
    let hasPart = !rows.isNull(EventColumns.personal) || !rows.isNull(EventColumns.salt)
    guard !rows.isNull(EventColumns.personalHash) else {
      if hasPart { chunk.find(.personal, position, "there is a personal part that no hash covers") }
      return
    }
    guard !rows.isNull(EventColumns.personal), !rows.isNull(EventColumns.salt) else {
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
    payload.clear()
    payload.append(rows.field(EventColumns.salt))
    let isJSON = dataPass.read(rows.json(EventColumns.personal)) { personal in
      payload.append(personal)
      return true
    }
    if !isJSON || !isHash(EventColumns.personalHash, of: payload) {
      chunk.find(.personal, position, "the personal part does not give its hash")
    }
  }
}

// MARK: - Entry

extension RowCheck {
  /// Where there is no entry, an empty one stands for it: the root then shows that something is wrong, too.
  private func appendLeaf(isReadable: Bool, _ chunk: inout CheckedChunk) {
    let entry = isReadable ? entries.entry() : nil
    if isReadable, entry == nil {
      chunk.find(
        .unreadable, rows.int64(EventColumns.position), "the entry is longer than \(EventHash.longestEntry) bytes")
    }
    TreeHash.leaf(
      entry ?? UnsafeRawBufferPointer(start: nil, count: 0), into: leaves.extend(by: TreeHash.length))
  }
}
