import Domain

/// Gathers records and writes the text of a segment or a personal file (`Formats.md` describes it).
///
/// Records of one shape stand together, and each member that differs among them becomes a column: so a completion
/// takes some
/// sixty bytes compressed, half of which are its personal hash, where a JSON line takes two hundred.
struct SegmentText {
  private final class Shape {
    let number: Int
    let text: [UInt8]
    var columns: [LeafColumn]
    init(_ number: Int, _ text: [UInt8], leaves: Int) {
      (self.number, self.text) = (number, text)
      columns = Array(repeating: LeafColumn(), count: leaves)
    }
  }

  private var shapes: [Shape] = []
  private var numbers: [[UInt8]: Int] = [:]
  private var order: [Int] = []
  private var shapeText: [UInt8] = []
  private var leaves: [Range<Int>] = []
  /// Bytes of the records taken in.
  private(set) var recordBytes = 0

  /// Records taken in.
  var count: Int { order.count }

  /// Takes in a record: a canonical JSON object.
  mutating func append(_ record: [UInt8]) {
    shapeText.removeAll(keepingCapacity: true)
    leaves.removeAll(keepingCapacity: true)
    ShapeSplitter.split(record, shape: &shapeText, leaves: &leaves)
    let shape: Shape
    if let number = numbers[shapeText] {
      shape = shapes[number]
    } else {
      shape = Shape(shapes.count, shapeText, leaves: leaves.count)
      numbers[shapeText] = shape.number
      shapes.append(shape)
    }
    for (index, leaf) in leaves.enumerated() { shape.columns[index].append(record[leaf]) }
    order.append(shape.number)
    recordBytes += record.count
  }

  /// The text, behind the members of its first line; what the number of events is, is added.
  func text(header: KeyValuePairs<String, JSON?>) -> [UInt8] {
    var bytes: [UInt8] = []
    var first = JSON.object(header)
    first["events"] = .integer(Int64(count))
    Self.append(first, to: &bytes)
    if count == 0 { return bytes }
    var picks = LeafColumn()
    for number in order { picks.append(Array(String(number).utf8)[...]) }
    let column = picks.isConstant ? JSON.object(["all": .text("0")]) : ColumnWriter.json(picks)
    Self.append(.object(["order": column]), to: &bytes)
    for shape in shapes { append(shape, to: &bytes) }
    return bytes
  }

  /// The pieces around the leaves that differ, then a column for each of those.
  private func append(_ shape: Shape, to bytes: inout [UInt8]) {
    var pieces: [[UInt8]] = [[]]
    var columns: [LeafColumn] = []
    var index = 0
    for byte in shape.text {
      guard byte == ShapeSplitter.hole else {
        pieces[pieces.count - 1].append(byte)
        continue
      }
      let column = shape.columns[index]
      index += 1
      if column.isConstant {
        pieces[pieces.count - 1] += column.text(0)
      } else {
        columns.append(column)
        pieces.append([])
      }
    }
    let count = order.count { $0 == shape.number }
    Self.append(
      .object([
        "events": .integer(Int64(count)),
        "pieces": .array(pieces.map { .text(String(decoding: $0, as: UTF8.self)) }),
      ]), to: &bytes)
    for column in columns { Self.append(ColumnWriter.json(column), to: &bytes) }
  }

  private static func append(_ line: JSON, to bytes: inout [UInt8]) {
    line.appendCanonical(to: &bytes)
    bytes.append(0x0A)
  }
}
