/// What a JSON value is.
public enum JSONKind: UInt8, Sendable { case null, boolean, integer, string, array, object }

/// One value of a document: a place on its tape.
public struct JSONView: Sendable {
  let document: JSONDocument
  let index: Int

  @inline(__always) init(document: JSONDocument, index: Int) {
    self.document = document
    self.index = index
  }
  private var node: JSONNode { document.nodes[index] }

  /// What the value is.
  public var kind: JSONKind { node.kind }
  /// The text of the value as it stands in the document.
  public var source: ArraySlice<UInt8> { document.bytes[Int(node.start)..<Int(node.end)] }
  /// True where the text of the value is its RFC 8785 form.
  public var isCanonical: Bool { node.has(JSONNode.canonical) }
  /// The value of a boolean.
  public var boolean: Bool? {
    kind == .boolean ? document.bytes[Int(node.start)] == UInt8(ascii: "t") : nil
  }
  /// The value of an integer.
  public var integer: Int64? {
    kind == .integer && !node.has(JSONNode.faulty) ? document.withTape { $0.integer(index) } : nil
  }
  /// The text of a number, whatever its form; see `JSONLimits.isForeign`.
  public var numberText: String? { kind == .integer ? String(decoding: source, as: UTF8.self) : nil }
  /// The value of a string.
  public var string: String? { kind == .string ? document.withTape { $0.string(index) } : nil }
  /// The value of a string, equal only to the same bytes.
  public var exactText: ExactText? { string.map { ExactText($0) } }
  /// Appends the bytes of a string's value, without making a `String`; nothing for anything else.
  public func appendText(to bytes: inout [UInt8]) {
    guard kind == .string else { return }
    document.withTape { tape in tape.withText(index) { bytes.append(contentsOf: $0) } }
  }
  /// True for a string with exactly these characters, without making a `String`.
  public func isString(_ text: StaticString) -> Bool {
    kind == .string && document.withTape { $0.text(index, equals: text) }
  }
  /// The member with exactly this key (compared as bytes), where the value is an object that has one.
  public subscript(key: String) -> JSONView? {
    let found = key.withUTF8Bytes { key in document.withTape { $0.member(index, key) } }
    return found.map { JSONView(document: document, index: $0) }
  }
  /// How many elements or members; 0 for anything else.
  public var count: Int {
    let step = kind == .object ? 1 : kind == .array ? 0 : nil
    guard let step else { return 0 }
    var count = 0
    var child = index + 1
    let end = Int(node.next)
    while child < end {
      count += 1
      child = Int(document.nodes[child + step].next)
    }
    return count
  }
  /// The elements of an array; none for anything else.
  public var elements: [JSONView] {
    guard kind == .array else { return [] }
    var elements: [JSONView] = []
    var child = index + 1
    let end = Int(node.next)
    while child < end {
      elements.append(JSONView(document: document, index: child))
      child = Int(document.nodes[child].next)
    }
    return elements
  }
  /// The members of an object in the order of the text; none for anything else.
  public var members: [(key: ExactText, value: JSONView)] {
    guard kind == .object else { return [] }
    var members: [(key: ExactText, value: JSONView)] = []
    var child = index + 1
    let end = Int(node.next)
    while child < end {
      let key = document.withTape { $0.string(child) }
      members.append((ExactText(key), JSONView(document: document, index: child + 1)))
      child = Int(document.nodes[child + 1].next)
    }
    return members
  }
  /// Appends the value's RFC 8785 form.
  public func appendCanonical(to bytes: inout [UInt8]) {
    document.withTape { $0.appendCanonical(index, to: &bytes) }
  }
  /// The value's RFC 8785 form.
  public var canonical: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(node.length)
    appendCanonical(to: &bytes)
    return bytes
  }
}
