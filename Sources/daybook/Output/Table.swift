/// Rows under headings, fitted to a width.
struct Table: Sendable {
  var columns: [String]
  var rows: [[Cell]]

  /// A column is not made narrower than this, or than its heading where that is shorter.
  static let narrowest = 8
  private static let gap = "  "

  /// The table as lines; columns that do not fit even when narrow are left out from the right, and that is said.
  ///
  /// - Parameter width: columns of the terminal; nil for as wide as it gets.
  func lines(width: Int?) -> [String] {
    guard !columns.isEmpty else { return [] }
    let cells = rows.map { row in row.map { Cell(DisplayWidth.harmless($0.text), isNumber: $0.isNumber) } }
    let natural = columns.indices.map { column in
      max(
        DisplayWidth.of(columns[column]),
        cells.map { $0.indices.contains(column) ? DisplayWidth.of($0[column].text) : 0 }.max() ?? 0)
    }
    let isNumeric = columns.indices.map { column in
      cells.contains { $0.indices.contains(column) && !$0[column].text.isEmpty }
        && cells.allSatisfy { !$0.indices.contains(column) || $0[column].isNumber || $0[column].text.isEmpty }
    }
    let widths = Self.fit(natural, isNumeric, into: width)
    var lines = [line(columns.map { Cell($0) }, widths, isNumeric)]
    lines.append(widths.map { String(repeating: "─", count: $0) }.joined(separator: Self.gap))
    lines += cells.map { line($0, widths, isNumeric) }
    if widths.count < columns.count {
      lines.append("(not shown for lack of room: \(columns[widths.count...].joined(separator: ", ")); see --format)")
    }
    return lines
  }

  private func line(_ cells: [Cell], _ widths: [Int], _ isNumeric: [Bool]) -> String {
    var text = ""
    for (column, width) in widths.enumerated() {
      let cell = cells.indices.contains(column) ? DisplayWidth.cut(cells[column].text, to: width) : ""
      let fill = String(repeating: " ", count: max(0, width - DisplayWidth.of(cell)))
      if column > 0 { text += Self.gap }
      text += isNumeric[column] ? fill + cell : cell + fill
    }
    while text.last == " " { text.removeLast() }
    return text
  }

  /// Widths of the columns that are shown: the widest texts give way first, numbers are never cut.
  static func fit(_ natural: [Int], _ isNumeric: [Bool], into width: Int?) -> [Int] {
    guard let width else { return natural }
    var widths = natural
    while true {
      var excess = widths.reduce(0, +) + gap.count * (widths.count - 1) - width
      while excess > 0 {
        let shrinkable = widths.indices.filter { !isNumeric[$0] && widths[$0] > narrowest }
        guard let widest = shrinkable.max(by: { widths[$0] < widths[$1] }) else { break }
        let next = shrinkable.filter { widths[$0] < widths[widest] }.map { widths[$0] }.max() ?? narrowest
        let step = min(excess, widths[widest] - max(next, narrowest), widths[widest] - narrowest)
        widths[widest] -= max(1, step)
        excess -= max(1, step)
      }
      if excess <= 0 || widths.count == 1 { return widths }
      widths = Array(natural.prefix(widths.count - 1))
    }
  }
}
