import Domain

/// The text of a journal in the language of a plain-text accounting tool, piece by piece, in constant memory.
///
/// Entries come in the order in which they are handed over; declarations of accounts and currencies stand at the end, as only
/// then it is known which there are. Both tools read them from anywhere in a file.
public struct JournalText {
  /// Which tool's language.
  public enum Dialect: Sendable {
    /// <https://hledger.org>, clean under `--strict`.
    case hledger
    /// <https://beancount.github.io>, versions 2 and 3, with zero tolerance.
    case beancount
  }

  let dialect: Dialect
  private let ledger: String
  private var accounts: AccountRegister
  /// Currencies that have a rate, whether or not anything was posted in them.
  var priced: Set<Currency> = []

  /// Makes a writer.
  public init(_ dialect: Dialect, ledger: String) {
    self.dialect = dialect
    self.ledger = ledger
    accounts = AccountRegister(dialect == .hledger ? .hledger : .beancount)
  }

  /// Appends what stands at the top of the file.
  ///
  /// - Parameters:
  ///   - upTo: the last position that is read; 0 where that is not known beforehand.
  ///   - days: which posting days, for people; empty for all.
  public func appendHeader(upTo: Int64, days: String, to bytes: inout [UInt8]) {
    let mark = dialect == .hledger ? "; " : ";; "
    let position = upTo > 0 ? " up to position \(upTo)" : ""
    let range = days.isEmpty ? "" : ", \(days)"
    append(
      """
      \(mark)Journal of the ledger \(ledger)\(position)\(range), exported by Daybook.
      \(mark)position and receipt name the event; the receipt's last part is the RFC 6962 leaf hash of its entry.

      """, to: &bytes)
    switch dialect {
    case .hledger: append("decimal-mark .\n\n", to: &bytes)
    case .beancount:
      append("option \"title\" ", to: &bytes)
      Self.appendString(ExactText("Daybook \(ledger)"), to: &bytes)
      append(
        """

        option "inferred_tolerance_multiplier" "0"
        option "inferred_tolerance_default" "*:0"


        """, to: &bytes)
    }
  }

  /// Appends an entry.
  public mutating func append(_ entry: JournalEntry, to bytes: inout [UInt8]) {
    switch dialect {
    case .hledger: appendHledger(entry, to: &bytes)
    case .beancount: appendBeancount(entry, to: &bytes)
    }
    bytes.append(0x0A)
  }

  /// Appends what stands at the end: accounts and currencies.
  ///
  /// - Parameter unpriced: completions without a known cost, which have no entry.
  public func appendFooter(unpriced: Int, to bytes: inout [UInt8]) {
    if unpriced > 0 {
      append(
        "\(dialect == .hledger ? "; " : ";; ")\(unpriced) completions have no known cost and no entry here.\n\n",
        to: &bytes)
    }
    switch dialect {
    case .hledger: appendHledgerDeclarations(to: &bytes)
    case .beancount: appendBeancountDeclarations(to: &bytes)
    }
  }

  private func append(_ text: String, to bytes: inout [UInt8]) { bytes.append(contentsOf: text.utf8) }

  private mutating func appendLine(_ line: JournalLine, _ day: CivilDate, indent: Int, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: repeatElement(0x20, count: indent))
    accounts.append(line.account, line.money.currency, on: day, to: &bytes)
    bytes.append(0x20)
    bytes.append(0x20)
    line.money.amount.append(to: &bytes)
    bytes.append(0x20)
    line.money.currency.append(to: &bytes)
    bytes.append(0x0A)
  }
}

// hledger
extension JournalText {
  private mutating func appendHledger(_ entry: JournalEntry, to bytes: inout [UInt8]) {
    entry.day.append(to: &bytes)
    bytes.append(literal: " * ")
    if entry.position > 0 {
      bytes.append(UInt8(ascii: "("))
      JSONWriter.appendInteger(entry.position, to: &bytes)
      bytes.append(literal: ") ")
    }
    bytes.append(contentsOf: entry.type.utf8)
    bytes.append(literal: "  ; ")
    var isFirst = true
    func name(_ key: StaticString, to bytes: inout [UInt8]) {
      if !isFirst { bytes.append(literal: ", ") }
      isFirst = false
      bytes.append(literal: key)
      bytes.append(UInt8(ascii: ":"))
    }
    if entry.position > 0 {
      name("position", to: &bytes)
      JSONWriter.appendInteger(entry.position, to: &bytes)
      name("receipt", to: &bytes)
      bytes.append(contentsOf: entry.receipt)
    }
    if let time = entry.time {
      name("time", to: &bytes)
      time.append(to: &bytes)
    }
    for label in entry.labels {
      name(label.key, to: &bytes)
      Self.appendTagValue(label.name, to: &bytes)
    }
    bytes.append(0x0A)
    for line in entry.lines { appendLine(line, entry.day, indent: 4, to: &bytes) }
  }

  private func appendHledgerDeclarations(to bytes: inout [UInt8]) {
    for use in accounts.sorted {
      append("account ", to: &bytes)
      bytes.append(contentsOf: use.name)
      append("  ; type:", to: &bytes)
      bytes.append(use.account.hledgerType)
      for (key, name) in use.account.names {
        bytes.append(literal: ", ")
        bytes.append(literal: key)
        bytes.append(UInt8(ascii: ":"))
        Self.appendTagValue(name, to: &bytes)
      }
      bytes.append(0x0A)
    }
    // The number of places is what hledger checks balances to.
    for currency in accounts.currencies.union(priced).sorted() {
      append("commodity 1000.000000000000 \(currency)\n", to: &bytes)
    }
  }

  /// The exact name; what would end a tag's value, or be read as a date, is written `%XX`.
  static func appendTagValue(_ name: ExactText, to bytes: inout [UInt8]) {
    let text = Array(name.string.utf8)
    for (index, byte) in text.enumerated() {
      let isEdge = byte == 0x20 && (index == 0 || index == text.count - 1)
      if byte < 0x20 || byte == 0x7F || isEdge || [0x25, 0x2C, 0x5B, 0x5D].contains(byte) {
        AccountNaming.escape(byte, mark: UInt8(ascii: "%"), to: &bytes)
      } else {
        bytes.append(byte)
      }
    }
  }
}

// beancount
extension JournalText {
  private mutating func appendBeancount(_ entry: JournalEntry, to bytes: inout [UInt8]) {
    entry.day.append(to: &bytes)
    bytes.append(literal: " * \"")
    bytes.append(contentsOf: entry.type.utf8)
    bytes.append(literal: "\"\n")
    if entry.position > 0 {
      bytes.append(literal: "  position: ")
      JSONWriter.appendInteger(entry.position, to: &bytes)
      bytes.append(literal: "\n  receipt: \"")
      bytes.append(contentsOf: entry.receipt)
      bytes.append(literal: "\"\n")
    }
    if let time = entry.time {
      bytes.append(literal: "  time: \"")
      time.append(to: &bytes)
      bytes.append(literal: "\"\n")
    }
    for label in entry.labels { appendMetadata(label.key, label.name, to: &bytes) }
    for line in entry.lines {
      appendLine(line, entry.day, indent: 2, to: &bytes)
      if entry.position == 0 {
        for (key, name) in line.account.names {
          bytes.append(literal: "  ")
          appendMetadata(key, name, to: &bytes)
        }
      }
    }
  }

  private func appendBeancountDeclarations(to bytes: inout [UInt8]) {
    for use in accounts.sorted {
      use.firstDay.append(to: &bytes)
      bytes.append(literal: " open ")
      bytes.append(contentsOf: use.name)
      append(" " + use.currencies.sorted().map(\.code).joined(separator: ",") + "\n", to: &bytes)
      for (key, name) in use.account.names { appendMetadata(key, name, to: &bytes) }
    }
    guard let firstDay = accounts.firstDay else { return }
    for currency in accounts.currencies.sorted() {
      append("\(firstDay) commodity \(currency)\noption \"operating_currency\" \"\(currency)\"\n", to: &bytes)
    }
  }

  private func appendMetadata(_ key: StaticString, _ name: ExactText, to bytes: inout [UInt8]) {
    bytes.append(literal: "  ")
    bytes.append(literal: key)
    bytes.append(literal: ": ")
    Self.appendString(name, to: &bytes)
    bytes.append(0x0A)
  }

  private static func appendString(_ text: ExactText, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.string.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0x0A: bytes += Array("\\n".utf8)
      case 0x09: bytes += Array("\\t".utf8)
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

extension Account {
  /// The letter that hledger knows the kind of account by.
  fileprivate var hledgerType: UInt8 {
    switch self {
    case .receivable: UInt8(ascii: "A")
    case .accrued: UInt8(ascii: "L")
    case .income, .allocatedRevenue, .allocationOfRevenue: UInt8(ascii: "R")
    case .inference, .operating, .allocatedCost, .allocationOfCost: UInt8(ascii: "X")
    }
  }
}
