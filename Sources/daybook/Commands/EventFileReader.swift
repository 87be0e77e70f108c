import Domain
@preconcurrency import Glibc

/// Reads events from a file or standard input, as batches of JSON arrays: one object, an array, or an object a line.
struct EventFileReader {
  /// A JSON document that is no NDJSON is read whole, up to this.
  private static let documentLimit = 64 << 20
  /// The API takes 16 MiB a request; one event has at most 48 KiB of data.
  private static let batchBytes = 15 << 20

  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var start = 0
  private var isAtEnd = false
  private var hasBegun = false
  private var line = 0
  /// Events of a document that was read whole, not yet handed out.
  private var elements: ArraySlice<[UInt8]>?
  private let command: CommandDescription

  init(path: String?, command: CommandDescription) throws(UsageError) {
    self.command = command
    guard let path else {
      descriptor = 0
      return
    }
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw UsageError("cannot read \(path): \(String(cString: strerror(errno)))", command)
    }
  }

  /// The next batch of at most `count` events as a JSON array; nil at the end.
  mutating func next(_ count: Int) throws -> [UInt8]? {
    if !hasBegun { try begin() }
    var batch: [UInt8] = [UInt8(ascii: "[")]
    var size = 0
    while size < count, batch.count < Self.batchBytes, let event = try nextEvent() {
      if size > 0 { batch.append(UInt8(ascii: ",")) }
      batch += event
      size += 1
    }
    if size == 0 { return nil }
    batch.append(UInt8(ascii: "]"))
    return batch
  }

  /// Finds out what it is by the first line: a whole object there means an object a line.
  private mutating func begin() throws {
    hasBegun = true
    while !isAtEnd && !buffer.contains(0x0A) { fill() }
    let first = Array(buffer.prefix { $0 != 0x0A })
    if first.first(where: { !Self.isSpace($0) }) == UInt8(ascii: "{"), (try? JSONDocument(first)) != nil { return }
    while !isAtEnd && buffer.count <= Self.documentLimit { fill() }
    guard isAtEnd else {
      throw UsageError("a JSON document of more than \(Self.documentLimit >> 20) MiB: give an object a line", command)
    }
    if buffer.allSatisfy(Self.isSpace) { return }
    let root = try scanned(buffer, "this", JSONLimits(depth: 20, bytes: Self.documentLimit)).root
    elements = (root.kind == .array ? root.elements.map { Array($0.source) } : [Array(root.source)])[...]
    buffer = []
  }

  private mutating func nextEvent() throws -> [UInt8]? {
    if elements != nil { return elements?.popFirst() }
    while true {
      if let end = buffer[start...].firstIndex(of: 0x0A) {
        let text = Array(buffer[start..<end])
        start = end + 1
        line += 1
        if !text.allSatisfy(Self.isSpace) { return try checked(text) }
      } else if isAtEnd {
        let text = Array(buffer[start...])
        start = buffer.count
        line += 1
        return text.allSatisfy(Self.isSpace) ? nil : try checked(text)
      } else {
        buffer.removeSubrange(..<start)
        start = 0
        fill()
      }
    }
  }

  /// A broken line would break the whole batch, and the server's word on it would name no line.
  private func checked(_ text: [UInt8]) throws -> [UInt8] {
    _ = try scanned(text, "line \(line)", JSONLimits(depth: 20))
    return text
  }

  private func scanned(_ text: [UInt8], _ what: String, _ limits: JSONLimits) throws -> JSONDocument {
    do { return try JSONDocument(text, limits: limits) } catch {
      let fault = error.faults[0]
      throw CheckFailure(
        "\(what) is not JSON as the ledger takes it: \(fault.code) at byte \(fault.offset) \(fault.pointer)")
    }
  }

  private mutating func fill() {
    var part = [UInt8](repeating: 0, count: 256 << 10)
    let count = read(descriptor, &part, part.count)
    if count < 0 && errno == EINTR { return }
    if count <= 0 { isAtEnd = true } else { buffer += part[..<count] }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
}
