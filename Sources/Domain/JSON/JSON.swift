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
    set {
      guard case .object(var members) = self else { preconditionFailure("not an object") }
      members[ExactText(key)] = newValue
      self = .object(members)
    }
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
    var bytes: [UInt8] = []
    appendCanonical(to: &bytes)
    return bytes
  }
  /// Appends the RFC 8785 form.
  public func appendCanonical(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .boolean(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
    case .integer(let value): JSONWriter.appendInteger(value, to: &bytes)
    case .string(let text): JSONWriter.appendString(text.string, to: &bytes)
    case .array(let values):
      bytes.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        value.appendCanonical(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      var isFirst = true
      for (key, value) in members {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        JSONWriter.appendString(key.string, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        value.appendCanonical(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }
}

extension ExactText {
  /// Order by UTF-16 code units, which RFC 8785 sorts keys by.
  func precedesInUTF16(_ other: ExactText) -> Bool {
    string.withUTF8Bytes { left in other.string.withUTF8Bytes { right in JSONText.order(left, right) < 0 } }
  }
}
