/// Bounds of the scanner.
public struct JSONLimits: Sendable {
  /// Nesting of arrays and objects.
  public var depth: Int
  /// Length of the whole text in bytes.
  public var bytes: Int
  /// How many values and keys: each takes 16 bytes of memory, and a hostile text has one for every two of its own.
  public var values: Int
  /// True for a text that others wrote, such as a provider's answer: numbers of any form that JSON allows, NUL and lone
  /// surrogates are no faults then. A number that is no integer of the ledger has only its `JSONView.numberText`.
  public var isForeign: Bool
  /// Makes limits. At most 512 levels and 64 MiB, the reach of the scanner's stack and of its tape.
  ///
  /// Where `values` is not said it is one for every eight bytes: real events have one for every eleven.
  public init(depth: Int = 16, bytes: Int = 16 << 20, values: Int? = nil, isForeign: Bool = false) {
    precondition((1...512).contains(depth) && (1...(64 << 20)).contains(bytes), "limits beyond the scanner's reach")
    self.depth = depth
    self.bytes = bytes
    self.values = values ?? max(bytes / 8, 1_024)
    self.isForeign = isForeign
  }
  /// How many faults of one text are collected; the scan of a text with more ends there.
  public static let faults = 100
}

/// What is wrong with a JSON text, with the place of each fault.
public struct JSONFaults: Error, Sendable, Equatable, CustomStringConvertible {
  /// In the order of the text, at least one and at most `JSONLimits.faults`.
  public var faults: [JSONFault]
  /// The codes and places; never the text.
  public var description: String {
    faults.map { "\($0.code) at byte \($0.offset) (\($0.pointer.isEmpty ? "the whole text" : $0.pointer))" }
      .joined(separator: ", ")
  }
}

/// One thing that the scanner refuses.
public struct JSONFault: Sendable, Equatable {
  /// The stable name.
  ///
  /// These stop the scan: `syntax`, `trailing-bytes`, `byte-order-mark`, `utf8`, `depth`, `size`,
  /// `value-count`. These do not: `float`, `negative-zero`, `leading-zero`, `integer-range`, `nul`, `control-character`, `lone-surrogate`, `duplicate-key`.
  public var code: String
  /// The codes that stop the scan: what stands there is no JSON text, or one beyond the bounds.
  public static let stoppingCodes: Set<String> = [
    "syntax", "trailing-bytes", "byte-order-mark", "utf8", "depth", "size", "value-count",
  ]
  /// Where, in bytes from the start.
  public var offset: Int
  /// Where, as an RFC 6901 pointer; one longer than 1,024 bytes is cut and ends in `…`.
  public var pointer: String
  /// Makes a fault.
  public init(code: String, offset: Int, pointer: String) {
    self.code = code
    self.offset = offset
    self.pointer = pointer
  }
  /// What the code means, for people.
  public var detail: String { Self.details[code] ?? "not acceptable JSON" }

  private static let details: [String: String] = [
    "syntax": "not JSON (RFC 8259)",
    "trailing-bytes": "bytes after the end of the JSON value",
    "byte-order-mark": "JSON text must not start with a byte order mark",
    "utf8": "not valid UTF-8",
    "depth": "arrays and objects are nested too deeply",
    "size": "the text is too long",
    "value-count": "the text holds too many values",
    "float": "numbers are whole and written without fraction or exponent; amounts are decimal strings",
    "negative-zero": "-0 is not a number of the ledger; write 0",
    "leading-zero": "numbers have no leading zeros",
    "integer-range": "integers lie within ±(2^53-1)",
    "nul": "a text must not hold the character U+0000",
    "control-character": "control characters inside strings must be escaped",
    "lone-surrogate": "a surrogate stands alone; pairs only",
    "duplicate-key": "the object has this key twice",
  ]
}
