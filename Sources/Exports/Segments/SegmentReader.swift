import Domain

/// Reads the text of a segment or of a personal file: JSON, a line at a time (`Formats.md` describes it).
///
/// Events of one shape stand together, each member that differs among them as a column; the order says which shape each
/// event has. What comes out is the canonical JSON of each event, in order.
struct SegmentReader {
  /// The first line: format, ledger, first and last position, number of events.
  let header: JSON
  private var order: [Int] = []
  private var shapes: [Shape] = []

  fileprivate struct Shape {
    var pieces: [[UInt8]]
    var columns: [ColumnTexts]
    var count: Int
  }

  /// How many records.
  var count: Int { order.count }

  /// - Throws: `unreadable`, `foreign` where the first line names another format.
  init(_ text: [UInt8], format: String) throws(ExportError) {
    var lines = Lines(text)
    header = JSON(try lines.next("the first line"))
    guard header["format"]?.string == format else { throw ExportError(.foreign, "not a \(format)") }
    guard let count = header["events"]?.integer, (0...ExportLimits.segmentEvents).contains(count) else {
      throw ExportError(.unreadable, "the first line tells no number of events")
    }
    if count == 0 { return }
    guard let line = try lines.next("the order")["order"] else { throw ExportError(.unreadable, "no order") }
    let texts = try ColumnTexts(line, count: Int(count))
    order.reserveCapacity(Int(count))
    for row in 0..<Int(count) {
      guard let shape = Int(String(decoding: texts.bytes[texts.range(row)], as: UTF8.self)), shape >= 0 else {
        throw ExportError(.unreadable, "the order names no shape")
      }
      order.append(shape)
    }
    while !lines.isAtEnd { shapes.append(try Self.shape(&lines)) }
    var met = [Int](repeating: 0, count: shapes.count)
    for shape in order {
      guard shape < shapes.count else { throw ExportError(.unreadable, "the order names a shape that is not there") }
      met[shape] += 1
    }
    guard zip(met, shapes).allSatisfy({ $0 == $1.count }) else {
      throw ExportError(.unreadable, "the order and the shapes differ in number")
    }
  }

  private static func shape(_ lines: inout Lines) throws(ExportError) -> Shape {
    let line = try lines.next("a shape")
    let pieces = (line["pieces"]?.elements ?? []).map { Array(($0.string ?? "").utf8) }
    guard let count = line["events"]?.integer, (1...ExportLimits.segmentEvents).contains(count), !pieces.isEmpty
    else { throw ExportError(.unreadable, "a shape without pieces or events") }
    var columns: [ColumnTexts] = []
    for _ in 1..<pieces.count { columns.append(try ColumnTexts(lines.next("a column"), count: Int(count))) }
    return Shape(pieces: pieces, columns: columns, count: Int(count))
  }

  /// Hands over each record's JSON.
  func forEach(_ body: (_ index: Int, _ record: [UInt8]) throws -> Void) throws {
    var rows = [Int](repeating: 0, count: shapes.count)
    var record: [UInt8] = []
    for (index, number) in order.enumerated() {
      record.removeAll(keepingCapacity: true)
      let row = rows[number]
      rows[number] += 1
      shapes[number].append(row, to: &record)
      guard record.count <= ExportLimits.record else { throw ExportError(.beyondLimit, "a record beyond 1 MiB") }
      try body(index, record)
    }
  }
}

extension SegmentReader.Shape {
  /// Pieces and texts in turn.
  fileprivate func append(_ row: Int, to record: inout [UInt8]) {
    record.append(contentsOf: pieces[0])
    for (index, column) in columns.enumerated() {
      record.append(contentsOf: column.bytes[column.range(row)])
      record.append(contentsOf: pieces[index + 1])
    }
  }
}

/// Walks the lines of a text, each one JSON value.
private struct Lines {
  private let text: [UInt8]
  private var at = 0

  init(_ text: [UInt8]) { self.text = text }

  var isAtEnd: Bool { at >= text.count }

  mutating func next(_ what: String) throws(ExportError) -> JSONView {
    guard !isAtEnd, let end = text[at...].firstIndex(of: 0x0A) else {
      throw ExportError(.unreadable, "\(what) is missing")
    }
    defer { at = end + 1 }
    let limits = JSONLimits(depth: 8, bytes: ExportLimits.segmentText, values: 4 * Int(ExportLimits.segmentEvents))
    guard let document = try? JSONDocument(Array(text[at..<end]), limits: limits), document.root.kind == .object
    else {
      throw ExportError(.unreadable, "\(what) is no JSON object")
    }
    return document.root
  }
}
