import Domain

/// One value of a table.
struct Cell: Sendable, Equatable {
  /// What is shown.
  var text: String
  /// Numbers stand to the right.
  var isNumber: Bool

  init(_ text: String, isNumber: Bool = false) {
    self.text = text
    self.isNumber = isNumber
  }

  init(_ number: Int64) { self.init(String(number), isNumber: true) }

  /// A JSON value: texts as they are, anything with parts in its canonical form, nothing for null.
  init(_ value: JSONView?) {
    guard let value else {
      self.init("")
      return
    }
    switch value.kind {
    case .null: self.init("")
    case .string:
      let text = value.string ?? ""
      self.init(text, isNumber: Self.isDecimal(text))
    case .integer: self.init(String(value.integer ?? 0), isNumber: true)
    case .boolean: self.init(value.boolean == true ? "yes" : "no")
    case .array:
      let elements = value.elements
      let isPlain = elements.allSatisfy { $0.kind == .string || $0.kind == .integer }
      self.init(
        isPlain
          ? elements.map { Cell($0).text }.joined(separator: ", ")
          : String(decoding: value.canonical, as: UTF8.self))
    case .object:
      // Money is read more often than anything else that has parts.
      if let amount = value["amount"]?.string, let currency = value["currency"]?.string, value.members.count == 2 {
        self.init("\(amount) \(currency)", isNumber: true)
      } else {
        self.init(String(decoding: value.canonical, as: UTF8.self))
      }
    }
  }

  /// `-?digits[.digits]`: amounts are decimal strings.
  static func isDecimal(_ text: String) -> Bool {
    var bytes = Array(text.utf8)[...]
    if bytes.first == UInt8(ascii: "-") { bytes.removeFirst() }
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return (1...2).contains(parts.count)
      && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) } }
  }
}
