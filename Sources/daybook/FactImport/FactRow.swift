import Domain

/// The members that a row gives, read by a mapping.
struct FactRow {
  var line: Int64
  private(set) var texts: [String: JSON] = [:]
  private(set) var faults: [String] = []

  /// Places of the mapping's columns in a file's heading.
  struct Places {
    var columns: [(target: String, place: Int, name: String)] = []
    var constants: [(target: String, text: String)] = []

    init(columns: [(target: String, place: Int, name: String)], constants: [(target: String, text: String)]) {
      (self.columns, self.constants) = (columns, constants)
    }

    /// - Throws: ``UsageError`` where the file has no such column, or two.
    init(_ mapping: FactMapping, heading: [String], _ command: CommandDescription) throws(UsageError) {
      for (target, origin) in mapping.members {
        switch origin {
        case .constant(let text): constants.append((target, text))
        case .column(let name):
          let places = heading.indices.filter { heading[$0].trimmed == name }
          guard places.count == 1 else {
            throw UsageError(
              places.isEmpty
                ? "the file has no column \(name); it has \(heading.joined(separator: ", "))"
                : "the file has \(places.count) columns \(name)", command)
          }
          columns.append((target, places[0], name))
        }
      }
    }
  }

  init(_ record: CSVRecords.Record, _ places: Places, _ values: FactValues) {
    line = record.line
    for (target, text) in places.constants { take(text, target, "the constant", values) }
    for (target, place, name) in places.columns {
      guard place < record.fields.count else {
        faults.append("\(name): the line has only \(record.fields.count) fields")
        continue
      }
      take(record.fields[place].trimmed, target, name, values)
    }
  }

  subscript(target: String) -> JSON? { texts[target] }

  /// An empty field gives no member.
  private mutating func take(_ text: String, _ target: String, _ column: String, _ values: FactValues) {
    guard !text.isEmpty else { return }
    do throws(FactValues.Fault) {
      switch target {
      case "period_start", "period_end", "earned_at", "issued_at":
        texts[target] = .text(try values.moment(text, isEnd: target == "period_end").description)
      case "cost.amount", "revenue.amount", "line.cost.amount", "line.quantity":
        texts[target] = .text(try values.amount(text).description)
      default: texts[target] = .text(text)
      }
    } catch { faults.append("\(column) (\(target)): \"\(text.prefix(40))\" \(error.detail)") }
  }

  /// The amount and currency under a member.
  func money(_ member: String) -> JSON? {
    let parts = [("amount", texts[member + ".amount"]), ("currency", texts[member + ".currency"])]
    let known = parts.compactMap { part in part.1.map { (ExactText(part.0), $0) } }
    return known.isEmpty ? nil : .object(Dictionary(uniqueKeysWithValues: known))
  }

  mutating func fault(_ detail: String) { faults.append(detail) }
}
