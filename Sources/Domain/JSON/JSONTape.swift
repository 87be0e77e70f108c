/// One value of a scanned text: 16 bytes on the tape. An object's members are a key node followed by the value's nodes.
struct JSONNode {
  /// Offset of the first byte in the text.
  var start: UInt32
  /// Offset past the last byte; 0 while the value is open.
  var end: UInt32
  /// Index of the node after the whole value; 0 while the value is open.
  var next: UInt32
  /// Kind in the low three bits, then flags, then (24 bits) where an unsorted object's members stand in `order`.
  var meta: UInt32

  /// The source is the RFC 8785 form: it may be copied.
  static let canonical: UInt32 = 1 << 3
  /// A string with a backslash in it.
  static let escaped: UInt32 = 1 << 4
  /// An object whose keys stand in canonical order.
  static let sorted: UInt32 = 1 << 5
  /// A value that has a fault of its own; validation says nothing more about it.
  static let faulty: UInt32 = 1 << 6

  @inline(__always) init(kind: JSONKind, flags: UInt32, start: Int, end: Int = 0, next: Int = 0) {
    self.start = UInt32(truncatingIfNeeded: start)
    self.end = UInt32(truncatingIfNeeded: end)
    self.next = UInt32(truncatingIfNeeded: next)
    self.meta = UInt32(kind.rawValue) | flags
  }
  @inline(__always) var kind: JSONKind {
    switch meta & 7 {
    case 0: .null
    case 1: .boolean
    case 2: .integer
    case 3: .string
    case 4: .array
    default: .object
    }
  }
  @inline(__always) func has(_ flag: UInt32) -> Bool { meta & flag != 0 }
  @inline(__always) var orderOffset: Int { Int(meta >> 8) }
  @inline(__always) var length: Int { Int(end &- start) }
}

/// Borrowed pointers to a document, for loops that must not count references. Valid inside `JSONDocument.withTape` only.
struct JSONTape {
  let bytes: UnsafePointer<UInt8>
  let nodes: UnsafePointer<JSONNode>
  let nodeCount: Int
  let order: UnsafePointer<UInt32>

  @inline(__always) subscript(index: Int) -> JSONNode { nodes[index] }

  /// The text of a value.
  @inline(__always) func source(_ index: Int) -> UnsafeBufferPointer<UInt8> {
    let node = nodes[index]
    return UnsafeBufferPointer(start: bytes + Int(node.start), count: node.length)
  }

  /// What stands between the quotes of a string, escapes and all.
  @inline(__always) func raw(_ index: Int) -> UnsafeBufferPointer<UInt8> {
    let node = nodes[index]
    return UnsafeBufferPointer(start: bytes + Int(node.start) + 1, count: node.length - 2)
  }

  /// Lends the decoded bytes of a string; a copy only where it has escapes.
  @inline(__always)
  func withText<Result>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    guard nodes[index].has(JSONNode.escaped) else { return body(raw(index)) }
    var decoded: [UInt8] = []
    JSONText.decode(raw(index), into: &decoded)
    return decoded.withUnsafeBufferPointer(body)
  }

  /// The decoded text of a string.
  func string(_ index: Int) -> String { withText(index) { String(decoding: $0, as: UTF8.self) } }

  /// True for a string of exactly these bytes.
  @inline(__always)
  func text(_ index: Int, equals text: UnsafePointer<UInt8>, count: Int) -> Bool {
    if nodes[index].has(JSONNode.escaped) {
      return withText(index) { $0.count == count && JSONText.equal($0.baseAddress, text, count: count) }
    }
    return nodes[index].length - 2 == count
      && JSONText.equal(bytes + Int(nodes[index].start) + 1, text, count: count)
  }

  /// True for a string of exactly these characters.
  @inline(__always) func text(_ index: Int, equals text: StaticString) -> Bool {
    self.text(index, equals: text.utf8Start, count: text.utf8CodeUnitCount)
  }

  /// The value of an integer that has no fault.
  @inline(__always) func integer(_ index: Int) -> Int64 {
    let digits = source(index)
    let negative = digits[0] == UInt8(ascii: "-")
    var value: Int64 = 0
    var at = negative ? 1 : 0
    while at < digits.count {
      value = value &* 10 &+ Int64(digits[at] &- 0x30)
      at += 1
    }
    return negative ? -value : value
  }

  /// The value node of the member with this key, where the value is an object that has one.
  func member(_ index: Int, _ key: UnsafeBufferPointer<UInt8>) -> Int? {
    guard nodes[index].kind == .object, let name = key.baseAddress ?? UnsafePointer(bitPattern: 1) else { return nil }
    var child = index + 1
    let end = Int(nodes[index].next)
    while child < end {
      if text(child, equals: name, count: key.count) { return child + 1 }
      child = Int(nodes[child + 1].next)
    }
    return nil
  }

  /// Appends a value's RFC 8785 form, which is never longer than its text.
  func appendCanonical(_ index: Int, to output: inout some CanonicalSink) {
    if nodes[index].has(JSONNode.canonical) { return output.append(contentsOf: source(index)) }
    output.append(upTo: nodes[index].length) { write(index, to: $0) }
  }

  /// Writes a value's RFC 8785 form where there is room for its text; answers where it ends.
  private func write(_ index: Int, to start: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
    let node = nodes[index]
    if node.has(JSONNode.canonical) { return JSONText.copy(source(index), to: start) }
    var end = start
    func put(_ byte: UInt8) {
      end.pointee = byte
      end += 1
    }
    switch node.kind {
    case .null, .boolean, .integer: return JSONText.copy(source(index), to: start)
    case .string:
      var text: [UInt8] = []
      withText(index) { JSONText.appendQuoted($0, to: &text) }
      // Longer only by a control character that stands in the text as it is, a fault for which the whole text is refused.
      if text.count > node.length { text = Array("\"\"".utf8) }
      return text.withUnsafeBufferPointer { JSONText.copy($0, to: start) }
    case .array:
      put(UInt8(ascii: "["))
      var child = index + 1
      while child < Int(node.next) {
        if child > index + 1 { put(UInt8(ascii: ",")) }
        end = write(child, to: end)
        child = Int(nodes[child].next)
      }
      put(UInt8(ascii: "]"))
    case .object:
      put(UInt8(ascii: "{"))
      var members = JSONMembers(self, index)
      var first = true
      while let key = members.next() {
        if !first { put(UInt8(ascii: ",")) }
        first = false
        end = write(key, to: end)
        put(UInt8(ascii: ":"))
        end = write(key + 1, to: end)
      }
      put(UInt8(ascii: "}"))
    }
    return end
  }
}

/// Walks the keys of an object in canonical order; a key's value is the node after it.
struct JSONMembers {
  private let tape: JSONTape
  private let isSorted: Bool
  private var at: Int
  private let end: Int

  @inline(__always) init(_ tape: JSONTape, _ index: Int) {
    self.tape = tape
    let node = tape[index]
    isSorted = node.has(JSONNode.sorted)
    if isSorted {
      at = index + 1
      end = Int(node.next)
    } else {
      // The slice of `order` starts with its own length.
      at = node.orderOffset + 1
      end = at + Int(tape.order[node.orderOffset])
    }
  }
  /// The next key's node, nil after the last.
  @inline(__always) mutating func next() -> Int? {
    guard at < end else { return nil }
    if isSorted {
      let key = at
      at = Int(tape[key + 1].next)
      return key
    }
    defer { at += 1 }
    return Int(tape.order[at])
  }
}
