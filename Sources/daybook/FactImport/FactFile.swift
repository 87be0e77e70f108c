import Crypto
import DaybookClient
import Domain

/// A CSV file of facts, read as its mapping says, as often as is asked.
struct FactFile {
  let path: String
  let type: String
  let source: String
  private let mapping: FactMapping
  private let separator: UInt8
  private let command: CommandDescription

  /// The file's own name.
  var name: String { path.split(separator: "/").last.map(String.init) ?? path }

  init(_ invocation: Invocation) throws {
    command = invocation.command
    path = invocation.operand(0) ?? ""
    type = try invocation.required("--type")
    source = invocation["--source"] ?? "/import/csv"
    mapping = try FactMapping(invocation, type: type)
    switch invocation["--separator"] ?? "," {
    case ",": separator = 0x2C
    case ";": separator = 0x3B
    case "\t", "tab", "\\t": separator = 0x09
    default: throw UsageError("--separator takes a comma, a semicolon, or tab", command)
    }
  }

  /// Reads the whole file without sending anything.
  func check(_ summary: inout FactSummary, _ invocation: Invocation) async throws -> FactFaults {
    var faults = FactFaults()
    let known = Catalogue.standard.type(type)
    let bar = ProgressBar("Checking \(name)", environment: invocation.environment)
    defer { bar.finish() }
    try await forEach(progress: { bar.update($0, of: $1, unit: "bytes") }, fault: { faults.add($0, $1) }) { fact in
      // What this version does not know yet is checked by the service.
      if let known {
        do throws(EventFaults) {
          let document: JSONDocument
          do { document = try JSONDocument(fact.data.canonical, limits: JSONLimits(bytes: 1 << 20)) } catch {
            return faults.add(fact.line, "it is no JSON that the ledger takes")
          }
          _ = try Catalogue.standard.validate(document.root, as: known)
        } catch {
          for fault in error.faults {
            let place = fault.pointer.hasPrefix("/data/") ? String(fault.pointer.dropFirst(6)) : fault.pointer
            faults.add(fact.line, "\(place.replacing("/", with: ".")): \(fault.detail)")
          }
          return
        }
      }
      summary.add(fact)
    }
    return faults
  }

  /// Hands over each fact, in the order of the file; the invoices, whose lines may stand anywhere, at its end.
  func forEach(
    progress: (Int64, Int64) -> Void, fault: (_ line: Int64, _ detail: String) -> Void,
    _ body: (ImportedFact) async throws -> Void
  ) async throws {
    var records = try CSVRecords(path, separator: separator, command)
    guard let heading = try records.next() else { throw CheckFailure("\(name) is empty") }
    let places = try FactRow.Places(mapping, heading: heading.fields, command)
    var seen: [ExactText: Int] = [:]
    var invoices = InvoiceRows(addsUp: mapping.isFocus)
    let size = records.size
    while let record = try records.next() {
      var row = FactRow(record, places, mapping.values)
      if record.fields.count > heading.fields.count {
        row.fault("the line has \(record.fields.count) fields, the heading \(heading.fields.count)")
      }
      if type == "invoice.received" { invoices.add(&row) }
      for detail in row.faults { fault(record.line, detail) }
      if row.faults.isEmpty, type != "invoice.received" {
        let key = row["id"]?.string ?? ""
        let hash = key.isEmpty ? digest(record.source) : digest(Array(key.utf8))
        let times = seen[ExactText(hash), default: 0]
        seen[ExactText(hash)] = times + 1
        if !key.isEmpty, times > 0 {
          fault(record.line, "the id \(key) stands on an earlier line too")
        } else {
          let id = times == 0 ? hash : "\(hash)-\(times + 1)"
          try await body(fact(row, id: id, about: key.isEmpty ? id : key))
        }
      }
      progress(records.read, size)
    }
    for invoice in invoices.facts {
      guard invoice.faults.isEmpty else {
        for detail in invoice.faults { fault(invoice.line, detail) }
        continue
      }
      try await body(
        ImportedFact(
          type: type, line: invoice.line, id: digest(Array(invoice.id.utf8)), subject: "invoice/\(invoice.id)",
          data: invoice.data))
    }
  }

  /// Deterministic: the first 32 hexadecimal digits of the SHA-256 of source, type and line (or id).
  private func digest(_ line: [UInt8]) -> String {
    let bytes = Array(source.utf8) + [0] + Array(type.utf8) + [0] + line
    return "csv-" + Hex.string(Array(SHA256Digest.hash(bytes).prefix(16)))
  }

  private func fact(_ row: FactRow, id: String, about: String) -> ImportedFact {
    var members: [ExactText: JSON] = [:]
    for target in FactMapping.targets(of: type) where !target.contains(".") && target != "id" {
      members[ExactText(target)] = row[target]
    }
    let moneyMember = type == "cost.incurred" ? "cost" : "revenue"
    members[ExactText(moneyMember)] = row.money(moneyMember)
    if type == "cost.incurred", members["period_end"] == nil,
      let start = members["period_start"]?.string.flatMap({ Timestamp(rfc3339: $0) })
    {
      let zone = mapping.values.zone
      members["period_end"] = .text(zone.start(of: zone.date(of: start).advanced(byDays: 1)).description)
    }
    return ImportedFact(
      type: type, line: row.line, id: id, subject: "\(moneyMember)/\(about)", data: .object(members))
  }
}

/// A fact that a file gave.
struct ImportedFact: EventContent {
  var type: String
  /// The line on which it stands, or on which its invoice begins.
  var line: Int64
  var id: String
  var subject: String
  var data: JSON

  var eventType: String { type }
  func write(to writer: inout DataWriter) { writer.value(data) }

  /// The event, without a time of its own, so that it is the same whenever it is imported.
  func event(source: String) -> Event { Event(self, subject: subject, id: id, source: source, time: nil) }
}

/// Everything that is wrong with a file, as far as anybody wants to read it.
struct FactFaults {
  /// Faults that are told one by one.
  static let most = 50
  private(set) var count = 0
  private(set) var told: [String] = []

  mutating func add(_ line: Int64, _ detail: String) {
    count += 1
    if told.count < Self.most { told.append("line \(line): \(detail)") }
  }
}
