/// Reads a JSON text once, front to back, onto a tape. Strict: RFC 8259 and UTF-8 to the letter, and the ledger's own rules.
///
/// Recursive, its depth bounded by the limits.
struct JSONScanner: ~Copyable {
  /// A fault that ends the scan was marked.
  struct Stop: Error {}

  private(set) var bytes: UnsafePointer<UInt8>
  private(set) var count: Int
  private let depthLimit: Int
  private let valueLimit: Int
  private let isForeign: Bool
  var at = 0
  var nodes = JSONStack<JSONNode>()
  private(set) var order = JSONStack<UInt32>()
  /// Members of the objects that are open.
  private var members = JSONStack<JSONMember>()
  /// Decoded keys that had escapes.
  private var decodedKeys: [UInt8] = []
  private(set) var marks: [JSONMark] = []

  /// Scans a whole text.
  static func scan(_ bytes: [UInt8], limits: JSONLimits) -> JSONScan {
    guard bytes.count <= limits.bytes else {
      return JSONScan(marks: [JSONMark(code: "size", offset: limits.bytes)])
    }
    return bytes.withUnsafeBufferPointer { text in
      guard let base = text.baseAddress, text.count > 0 else {
        return JSONScan(marks: [JSONMark(code: "syntax", offset: 0)])
      }
      var scanner = JSONScanner(bytes: base, count: text.count, limits: limits)
      // Typical events have a token for every eleven bytes. A long text's tape must not double and be copied on its way:
      // room for all that it may hold is asked for at once, and costs memory only as far as it is written to.
      let isLong = text.count >= 1 << 20
      scanner.nodes.reserve(isLong ? min(limits.values + 2, text.count) : text.count / 8 + 8)
      let isComplete = (try? scanner.text()) != nil
      return JSONScan(
        nodes: scanner.nodes.array, order: scanner.order.array, marks: scanner.marks, isComplete: isComplete)
    }
  }

  private init(bytes: UnsafePointer<UInt8>, count: Int, limits: JSONLimits) {
    self.bytes = bytes
    self.count = count
    depthLimit = limits.depth
    valueLimit = limits.values
    isForeign = limits.isForeign
  }

  /// A scanner for `scanAgain`.
  init(limits: JSONLimits) {
    // Never read: an empty text has no bytes.
    self.init(bytes: UnsafePointer(bitPattern: 1)!, count: 0, limits: limits)
  }

  /// Scans another text in the memory of the one before; true where the ledger takes it.
  mutating func scanAgain(_ text: UnsafeBufferPointer<UInt8>, bytesAtMost: Int) -> Bool {
    guard let base = text.baseAddress, text.count > 0, text.count <= bytesAtMost else { return false }
    (bytes, count, at) = (base, text.count, 0)
    nodes.removeAll()
    order.removeAll()
    members.removeAll()
    decodedKeys.removeAll(keepingCapacity: true)
    marks.removeAll(keepingCapacity: true)
    return (try? self.text()) != nil && marks.isEmpty
  }

  private mutating func text() throws(Stop) {
    if count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { throw stop("byte-order-mark") }
    _ = skipSpace()
    try value(depth: 0)
    _ = skipSpace()
    if at < count { throw stop("trailing-bytes") }
  }

  /// Scans the value at `at`.
  private mutating func value(depth: Int) throws(Stop) {
    guard at < count else { throw stop("syntax") }
    guard nodes.count < valueLimit else { throw stop("value-count") }
    switch bytes[at] {
    case 0x22:
      let start = at
      do { try string() } catch {
        // Left open on the tape, so that the fault's pointer leads here.
        nodes.append(JSONNode(kind: .string, flags: JSONNode.faulty, start: start))
        throw error
      }
    case UInt8(ascii: "{"): try object(depth: depth)
    case UInt8(ascii: "["): try array(depth: depth)
    case UInt8(ascii: "-"), 0x30...0x39: try number()
    case UInt8(ascii: "t"): try literal("true", .boolean)
    case UInt8(ascii: "f"): try literal("false", .boolean)
    case UInt8(ascii: "n"): try literal("null", .null)
    default: throw stop("syntax")
    }
  }

  private mutating func object(depth: Int) throws(Stop) {
    let index = nodes.count
    nodes.append(JSONNode(kind: .object, flags: 0, start: at))
    guard depth < depthLimit else { throw stop("depth") }
    at += 1
    var isCanonical = !skipSpace()
    var isSorted = true
    let base = members.count
    if at < count, bytes[at] == UInt8(ascii: "}") {
      at += 1
    } else {
      repeat {
        if base < members.count, skipSpace() { isCanonical = false }
        guard at < count, bytes[at] == 0x22 else { throw stop("syntax") }
        let key = nodes.count
        try string()
        let member = makeMember(key)
        if isSorted, base < members.count, !precedes(members[members.count - 1], member) { isSorted = false }
        members.append(member)
        if skipSpace() { isCanonical = false }
        guard at < count, bytes[at] == UInt8(ascii: ":") else { throw stop("syntax") }
        at += 1
        if skipSpace() { isCanonical = false }
        try value(depth: depth + 1)
        if nodes[key].meta & nodes[key + 1].meta & JSONNode.canonical == 0 { isCanonical = false }
        if skipSpace() { isCanonical = false }
      } while try more(until: UInt8(ascii: "}"))
    }
    var flags = isCanonical && isSorted ? JSONNode.canonical | JSONNode.sorted : isSorted ? JSONNode.sorted : 0
    if !isSorted { flags |= try sort(from: base) }
    members.removeLast(members.count - base)
    close(index, flags)
  }

  private mutating func array(depth: Int) throws(Stop) {
    let index = nodes.count
    nodes.append(JSONNode(kind: .array, flags: 0, start: at))
    guard depth < depthLimit else { throw stop("depth") }
    at += 1
    var isCanonical = !skipSpace()
    if at < count, bytes[at] == UInt8(ascii: "]") {
      at += 1
    } else {
      repeat {
        if skipSpace() { isCanonical = false }
        let child = nodes.count
        try value(depth: depth + 1)
        if !nodes[child].has(JSONNode.canonical) { isCanonical = false }
        if skipSpace() { isCanonical = false }
      } while try more(until: UInt8(ascii: "]"))
    }
    close(index, isCanonical ? JSONNode.canonical : 0)
  }

  /// Passes a comma (true) or the closing bracket (false).
  @inline(__always) private mutating func more(until closing: UInt8) throws(Stop) -> Bool {
    guard at < count else { throw stop("syntax") }
    let byte = bytes[at]
    guard byte == UInt8(ascii: ",") || byte == closing else { throw stop("syntax") }
    at += 1
    return byte != closing
  }

  @inline(__always) private mutating func close(_ index: Int, _ flags: UInt32) {
    nodes[index].end = UInt32(truncatingIfNeeded: at)
    nodes[index].next = UInt32(truncatingIfNeeded: nodes.count)
    nodes[index].meta |= flags
  }

  private mutating func literal(_ text: StaticString, _ kind: JSONKind) throws(Stop) {
    let length = text.utf8CodeUnitCount
    guard at + length <= count, JSONText.equal(bytes + at, text.utf8Start, count: length) else {
      throw stop("syntax")
    }
    append(kind, JSONNode.canonical, from: at, to: at + length)
    at += length
  }

  /// Appends a value without children.
  @inline(__always) mutating func append(_ kind: JSONKind, _ flags: UInt32, from start: Int, to end: Int) {
    nodes.append(JSONNode(kind: kind, flags: flags, start: start, end: end, next: nodes.count + 1))
  }

  /// Passes white space; true where there was any.
  @inline(__always) private mutating func skipSpace() -> Bool {
    guard at < count, bytes[at] <= 0x20 else { return false }
    let start = at
    while at < count, bytes[at] == 0x20 || bytes[at] == 0x0A || bytes[at] == 0x0D || bytes[at] == 0x09 { at += 1 }
    return at > start
  }

  /// Marks a fault that does not end the scan, unless there were too many.
  mutating func mark(_ code: String, at offset: Int, isMember: Bool = false) throws(Stop) {
    if isForeign, Self.foreignForms.contains(code) { return }
    marks.append(JSONMark(code: code, offset: offset, isMember: isMember))
    if marks.count >= JSONLimits.faults { throw Stop() }
  }

  /// What RFC 8259 allows and the ledger does not.
  private static let foreignForms: Set<String> = ["float", "negative-zero", "integer-range", "nul", "lone-surrogate"]

  /// Marks a fault here that ends the scan.
  mutating func stop(_ code: String, at offset: Int? = nil) -> Stop {
    marks.append(JSONMark(code: code, offset: offset ?? at))
    return Stop()
  }
}

// MARK: - Keys

/// A member of an open object: its key in a form that compares quickly.
struct JSONMember: BitwiseCopyable {
  /// `JSONText.prefix` of the decoded key.
  var prefix: UInt64
  var node: UInt32
  /// Where the decoded key is: in the text, or among the decoded keys.
  var start: UInt32
  var length: UInt32
  var isDecoded: Bool
}

extension JSONScanner {
  @inline(__always) private mutating func makeMember(_ key: Int) -> JSONMember {
    let node = nodes[key]
    let raw = UnsafeBufferPointer(start: bytes + Int(node.start) + 1, count: node.length - 2)
    guard !node.has(JSONNode.escaped) else { return makeDecodedMember(key, raw) }
    return JSONMember(
      prefix: JSONText.prefix(raw, readable: count - Int(node.start) - 1), node: UInt32(truncatingIfNeeded: key),
      start: node.start + 1, length: UInt32(truncatingIfNeeded: raw.count), isDecoded: false)
  }

  private mutating func makeDecodedMember(_ key: Int, _ raw: UnsafeBufferPointer<UInt8>) -> JSONMember {
    let start = decodedKeys.count
    JSONText.decode(raw, into: &decodedKeys)
    let prefix = decodedKeys.withUnsafeBufferPointer { JSONText.prefix(UnsafeBufferPointer(rebasing: $0[start...])) }
    return JSONMember(
      prefix: prefix, node: UInt32(truncatingIfNeeded: key), start: UInt32(truncatingIfNeeded: start),
      length: UInt32(truncatingIfNeeded: decodedKeys.count - start), isDecoded: true)
  }

  @inline(__always) private func precedes(_ left: JSONMember, _ right: JSONMember) -> Bool {
    if left.prefix != right.prefix, JSONText.isASCII(left.prefix | right.prefix) { return left.prefix < right.prefix }
    return compare(left, right) < 0
  }

  private func compare(_ left: JSONMember, _ right: JSONMember) -> Int {
    decodedKeys.withUnsafeBufferPointer { decoded in
      func text(_ member: JSONMember) -> UnsafeBufferPointer<UInt8> {
        let range = Int(member.start)..<Int(member.start + member.length)
        return member.isDecoded
          ? UnsafeBufferPointer(rebasing: decoded[range])
          : UnsafeBufferPointer(start: bytes + range.lowerBound, count: range.count)
      }
      return JSONText.order(text(left), text(right))
    }
  }

  private func sortFew(_ members: UnsafeMutableBufferPointer<JSONMember>) {
    for index in 1..<members.count {
      let member = members[index]
      var place = index
      while place > 0, precedes(member, members[place - 1]) {
        members[place] = members[place - 1]
        place -= 1
      }
      members[place] = member
    }
  }

  /// Sorts the members from `base` on, writes their order down and marks duplicates; answers the offset for `meta`.
  private mutating func sort(from base: Int) throws(Stop) -> UInt32 {
    let end = members.count
    let open = members.elements(from: base)
    if open.count <= 32 {
      sortFew(open)
    } else {
      // Stable by the node, so that the later of two equal keys is the duplicate.
      let sorted = open.sorted { left, right in
        precedes(left, right) || (!precedes(right, left) && left.node < right.node)
      }
      for (index, member) in sorted.enumerated() { open[index] = member }
    }
    let offset = order.count
    order.append(UInt32(truncatingIfNeeded: end - base))
    for index in base..<end { order.append(members[index].node) }
    for index in (base + 1)..<end
    where members[index].prefix == members[index - 1].prefix && compare(members[index], members[index - 1]) == 0 {
      nodes[Int(members[index].node)].meta |= JSONNode.faulty
      nodes[Int(members[index].node) + 1].meta |= JSONNode.faulty
      try mark("duplicate-key", at: Int(nodes[Int(members[index].node)].start), isMember: true)
    }
    return UInt32(truncatingIfNeeded: offset) << 8
  }
}
