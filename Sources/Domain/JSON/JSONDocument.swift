/// A JSON text read by the strict byte scanner: a tape of tokens over the original bytes.
///
/// Shared contract; owner fills in the body. Immutable, so it may be shared.
public final class JSONDocument: Sendable {
  /// Scans `bytes` as one JSON value with nothing but white space around it.
  ///
  /// - Throws: every fault that does not stop the scanner (floats, `-0`, integers beyond 2^53-1, NUL, lone surrogates,
  ///   duplicate keys), and the first one that does (syntax, UTF-8, depth, size).
  public init(_ bytes: [UInt8], limits: JSONLimits = .init()) throws(JSONFaults) { fatalError("contract") }

  /// The outermost value.
  public var root: JSONView { fatalError("contract") }
}

/// Bounds of the scanner.
public struct JSONLimits: Sendable {
  /// Nesting of arrays and objects.
  public var depth: Int
  /// Length of the whole text in bytes.
  public var bytes: Int
  /// Makes limits.
  public init(depth: Int = 16, bytes: Int = 16 << 20) {
    self.depth = depth
    self.bytes = bytes
  }
}

/// What is wrong with a JSON text, with the place of each fault.
public struct JSONFaults: Error, Sendable, Equatable {
  /// In the order of the text, at least one.
  public var faults: [JSONFault]
}

/// One thing that the scanner refuses.
public struct JSONFault: Sendable, Equatable {
  /// The stable name: `syntax`, `utf8`, `depth`, `size`, `float`, `negative-zero`, `integer-range`, `nul`,
  /// `lone-surrogate`, `duplicate-key`.
  public var code: String
  /// Where, in bytes from the start.
  public var offset: Int
  /// Where, as an RFC 6901 pointer.
  public var pointer: String
}

/// What a JSON value is.
public enum JSONKind: UInt8, Sendable { case null, boolean, integer, string, array, object }

/// One value of a document: a place on its tape.
public struct JSONView: Sendable {
  /// What the value is.
  public var kind: JSONKind { fatalError("contract") }
  /// The text of the value as it stands in the document.
  public var source: ArraySlice<UInt8> { fatalError("contract") }
  /// The value of a boolean.
  public var boolean: Bool? { fatalError("contract") }
  /// The value of an integer.
  public var integer: Int64? { fatalError("contract") }
  /// The value of a string.
  public var string: String? { fatalError("contract") }
  /// True for a string with exactly these characters, without making a `String`.
  public func isString(_ text: StaticString) -> Bool { fatalError("contract") }
  /// The member with exactly this key (compared as bytes), where the value is an object that has one.
  public subscript(key: String) -> JSONView? { fatalError("contract") }
  /// The elements of an array; none for anything else.
  public var elements: [JSONView] { fatalError("contract") }
  /// The members of an object in the order of the text; none for anything else.
  public var members: [(key: ExactText, value: JSONView)] { fatalError("contract") }
  /// Appends the value's RFC 8785 form.
  public func appendCanonical(to bytes: inout [UInt8]) { fatalError("contract") }
  /// The value's RFC 8785 form.
  public var canonical: [UInt8] { fatalError("contract") }
}
