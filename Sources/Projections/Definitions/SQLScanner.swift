/// Splits SQL at `;` and finds named parameters, knowing quotes, dollar quotes, comments and casts.
struct SQLScanner {
  /// Why a text cannot be taken.
  struct Fault: Error {
    var line: Int
    var detail: String
  }

  /// The cast that a parameter gets, by its name; nil for unknown names.
  typealias Cast = (String) -> String?

  private let bytes: [UInt8]
  private let cast: Cast
  private var index = 0
  private var line = 1
  private var output: [UInt8] = []
  private var names: [String] = []
  private var verb: [UInt8] = []
  private var verbIsComplete = false
  private var startLine = 0
  private var statements: [SQLStatement] = []

  private init(_ text: String, cast: @escaping Cast) {
    bytes = Array(text.utf8)
    self.cast = cast
  }

  /// The statements of a text, in order; empty ones (comments alone) are left out.
  static func statements(_ text: String, cast: @escaping Cast) throws(Fault) -> [SQLStatement] {
    var scanner = SQLScanner(text, cast: cast)
    try scanner.run()
    return scanner.statements
  }

  private func peek(_ ahead: Int = 0) -> UInt8 {
    index + ahead < bytes.count ? bytes[index + ahead] : 0
  }

  private mutating func copy(_ count: Int = 1) {
    for _ in 0..<count where index < bytes.count {
      if bytes[index] == UInt8(ascii: "\n") { line += 1 }
      output.append(bytes[index])
      index += 1
    }
  }

  private mutating func run() throws(Fault) {
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: ";"):
        index += 1
        finish()
      case UInt8(ascii: "-") where peek(1) == UInt8(ascii: "-"):
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
      case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"):
        try skipComment()
      case UInt8(ascii: "'"):
        begin()
        try copyQuoted(UInt8(ascii: "'"), escapes: followsEscapePrefix)
      case UInt8(ascii: "\""):
        begin()
        try copyQuoted(UInt8(ascii: "\""), escapes: false)
      case UInt8(ascii: "$"):
        begin()
        try copyDollar()
      case UInt8(ascii: ":"):
        try copyColon()
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
        if !verb.isEmpty { verbIsComplete = true }
        copy()
      case let byte:
        begin()
        if Self.isWord(byte) {
          while Self.isWord(peek()) || peek() == UInt8(ascii: "$") {
            if !verbIsComplete { verb.append(peek()) }
            copy()
          }
        } else {
          copy()
        }
        if !verb.isEmpty { verbIsComplete = true }
      }
    }
    finish()
  }

  private mutating func begin() {
    if startLine == 0 { startLine = line }
  }

  private mutating func finish() {
    if startLine > 0 {
      let text = String(decoding: output, as: UTF8.self)
      statements.append(
        SQLStatement(
          text: String(text.drop { $0.isWhitespace }), parameters: names, line: startLine,
          verb: String(decoding: verb, as: UTF8.self).uppercased()))
    }
    output = []
    names = []
    verb = []
    verbIsComplete = false
    startLine = 0
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
      true
    default: false
    }
  }

  /// True directly after a lone `E`: `E'…'` knows backslashes.
  private var followsEscapePrefix: Bool {
    guard let last = output.last, last == UInt8(ascii: "e") || last == UInt8(ascii: "E") else { return false }
    return output.count < 2 || !Self.isWord(output[output.count - 2])
  }

  private mutating func skipComment() throws(Fault) {
    let first = line
    var depth = 0
    repeat {
      guard index < bytes.count else { throw Fault(line: first, detail: "this comment has no end") }
      if peek() == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
        depth += 1
        index += 2
      } else if peek() == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
        depth -= 1
        index += 2
      } else {
        if peek() == UInt8(ascii: "\n") { line += 1 }
        index += 1
      }
    } while depth > 0
    output.append(UInt8(ascii: " "))
  }

  private mutating func copyQuoted(_ quote: UInt8, escapes: Bool) throws(Fault) {
    let first = line
    copy()
    while true {
      guard index < bytes.count else { throw Fault(line: first, detail: "this quotation has no end") }
      if escapes, peek() == UInt8(ascii: "\\") {
        copy(2)
      } else if peek() == quote {
        copy()
        guard peek() == quote else { return }
        copy()
      } else {
        copy()
      }
    }
  }

  private mutating func copyDollar() throws(Fault) {
    let first = line
    var end = index + 1
    while end < bytes.count, Self.isWord(bytes[end]) { end += 1 }
    guard end < bytes.count, bytes[end] == UInt8(ascii: "$") else {
      throw Fault(line: line, detail: "write parameters by name (:ledger), not by number")
    }
    let tag = Array(bytes[index...end])
    copy(tag.count)
    while true {
      guard index + tag.count <= bytes.count else {
        throw Fault(line: first, detail: "this dollar quotation has no end")
      }
      if bytes[index..<index + tag.count].elementsEqual(tag) { return copy(tag.count) }
      copy()
    }
  }

  private mutating func copyColon() throws(Fault) {
    begin()
    if peek(1) == UInt8(ascii: ":") { return copy(2) }
    var end = index + 1
    while end < bytes.count, Self.isWord(bytes[end]) { end += 1 }
    let name = String(decoding: bytes[(index + 1)..<end], as: UTF8.self)
    guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return copy() }
    guard let cast = cast(name) else { throw Fault(line: line, detail: "there is no parameter :\(name)") }
    let number = names.firstIndex(of: name) ?? names.count
    if number == names.count { names.append(name) }
    output += Array(cast.utf8).split(separator: UInt8(ascii: "?"), omittingEmptySubsequences: false)
      .joined(separator: Array("$\(number + 1)".utf8))
    index = end
  }
}
