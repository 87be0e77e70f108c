/// A JSON value to build or keep; integers and strings only, as the ledger takes no floats.
public enum JSON: Sendable, Equatable {
  /// `null`
  case null
  /// `true` or `false`
  case boolean(Bool)
  /// A whole number within ±(2^53-1).
  case integer(Int64)
  /// A text.
  case string(ExactText)
  /// Values in order.
  case array([JSON])
  /// Members by key; keys are compared as bytes.
  case object(JSONObject)
}

extension JSON {
  /// Copies a scanned value; a foreign number that is no integer of the ledger becomes the text that it stands as.
  public init(_ view: JSONView) { self = view.document.withTape { JSON($0, view.index) } }

  private init(_ tape: JSONTape, _ index: Int) {
    let node = tape[index]
    switch node.kind {
    case .null: self = .null
    case .boolean: self = .boolean(tape.source(index)[0] == UInt8(ascii: "t"))
    case .integer where node.has(JSONNode.faulty):
      // A foreign number: exact as the text that it stands as, and as no machine's float.
      self = .string(ExactText(String(decoding: tape.source(index), as: UTF8.self)))
    case .integer: self = .integer(tape.integer(index))
    case .string: self = .string(ExactText(tape.string(index)))
    case .array:
      var values: [JSON] = []
      var child = index + 1
      while child < Int(node.next) {
        values.append(JSON(tape, child))
        child = Int(tape[child].next)
      }
      self = .array(values)
    case .object:
      var members: [(key: ExactText, value: JSON)] = []
      var key = index + 1
      while key < Int(node.next) {
        members.append((ExactText(tape.string(key)), JSON(tape, key + 1)))
        key = Int(tape[key + 1].next)
      }
      self = .object(JSONObject(members))
    }
  }

  /// Parses a text under the strict rules.
  public init(parsing bytes: [UInt8], limits: JSONLimits = .init()) throws(JSONFaults) {
    self.init(try JSONDocument(bytes, limits: limits).root)
  }
  /// A text.
  public static func text(_ string: String) -> JSON { .string(ExactText(string)) }
  /// An object from members; nil values are left out.
  public static func object(_ members: KeyValuePairs<String, JSON?>) -> JSON { .object(JSONObject(members)) }
  /// An object from members.
  public static func object(_ members: [ExactText: JSON]) -> JSON { .object(JSONObject(members)) }
  /// The member with this key.
  public subscript(key: String) -> JSON? {
    get { if case .object(let members) = self { members[ExactText(key)] } else { nil } }
    set { setMember(ExactText(key), newValue) }
  }
  // Never inlined elsewhere: Swift 6.3 stops at what becomes of it there.
  @inline(never)
  private mutating func setMember(_ key: ExactText, _ value: JSON?) {
    guard case .object(var members) = self else { preconditionFailure("not an object") }
    // Nobody else holds the members then, and they change in place.
    self = .null
    members[key] = value
    self = .object(members)
  }
  /// The text of a string.
  public var string: String? { if case .string(let text) = self { text.string } else { nil } }
  /// The value of an integer.
  public var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
  /// The value of a boolean.
  public var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
  /// The elements of an array.
  public var elements: [JSON]? { if case .array(let values) = self { values } else { nil } }
  /// The members of an object by key.
  public var members: JSONObject? { if case .object(let members) = self { members } else { nil } }
  /// The RFC 8785 form.
  public var canonical: [UInt8] {
    var buffer = CanonicalBuffer(capacity: 2_048)
    append(to: &buffer)
    return Array(buffer.bytes)
  }
  /// Appends the RFC 8785 form.
  public func appendCanonical(to bytes: inout [UInt8]) { append(to: &bytes) }

  private func append(to sink: inout some CanonicalSink) {
    switch self {
    case .null: sink.append(literal: "null")
    case .boolean(let value): sink.append(literal: value ? "true" : "false")
    case .integer(let value): sink.append(integer: value)
    case .string(let text): text.append(to: &sink)
    case .array(let values):
      sink.append(UInt8(ascii: "["))
      // By the place: an element that is taken out is counted up and down with all that it holds.
      for index in values.indices {
        if index > 0 { sink.append(UInt8(ascii: ",")) }
        values[index].append(to: &sink)
      }
      sink.append(UInt8(ascii: "]"))
    case .object(let members):
      sink.append(UInt8(ascii: "{"))
      for index in members.indices {
        if index > 0 { sink.append(UInt8(ascii: ",")) }
        members[index].key.append(to: &sink)
        sink.append(UInt8(ascii: ":"))
        members[index].value.append(to: &sink)
      }
      sink.append(UInt8(ascii: "}"))
    }
  }
}

extension ExactText {
  fileprivate func append(to sink: inout some CanonicalSink) {
    string.withUTF8Bytes { JSONText.appendQuoted($0, to: &sink) }
  }

  /// Order by UTF-16 code units, which RFC 8785 sorts keys by.
  func precedesInUTF16(_ other: ExactText) -> Bool {
    string.withUTF8Bytes { left in other.string.withUTF8Bytes { right in JSONText.order(left, right) < 0 } }
  }
}
