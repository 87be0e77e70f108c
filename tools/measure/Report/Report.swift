/// What was measured, as a table of ratios with what is asked for.
final class Report {
  /// Which way a figure is better.
  enum Sense {
    /// At least this much.
    case floor
    /// At most this much.
    case ceiling
  }

  struct Row {
    var measure: String
    var ours: String
    var against: String
    /// The figure that counts: a ratio, or a figure where there is nothing to compare with.
    var value: Double
    var unit: String
    var reach: Double
    var aim: Double
    var sense: Sense
    /// The single rounds, to see how steady they were.
    var rounds: [Double]
  }

  private(set) var rows: [Row] = []
  private(set) var notes: [String] = []

  func add(_ row: Row) {
    rows.append(row)
    say("  \(row.measure): \(Self.text(row.value))\(row.unit)  (\(row.ours); \(row.against))")
  }

  func note(_ text: String) {
    notes.append(text)
    say("  \(text)")
  }

  /// The table.
  var text: String {
    let heading = ["measure", "ours", "against", "ratio", "rounds", "at least", "aim", ""]
    let lines = rows.map { row in
      [
        row.measure, row.ours, row.against, Self.text(row.value) + row.unit,
        row.rounds.map(Self.text).joined(separator: " "), Self.bound(row.reach, row), Self.bound(row.aim, row),
        Self.verdict(row),
      ]
    }
    let widths = heading.indices.map { column in ([heading] + lines).map { $0[column].count }.max() ?? 0 }
    func line(_ cells: [String]) -> String {
      var text = zip(cells, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
      while text.last == " " { text.removeLast() }
      return text
    }
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
    return ([line(heading), rule] + lines.map(line) + [""] + notes).joined(separator: "\n") + "\n"
  }

  private static func bound(_ value: Double, _ row: Row) -> String {
    (row.sense == .floor ? "≥ " : "≤ ") + text(value) + row.unit
  }

  private static func verdict(_ row: Row) -> String {
    func holds(_ bound: Double) -> Bool { row.sense == .floor ? row.value >= bound : row.value <= bound }
    return holds(row.aim) ? "aim" : holds(row.reach) ? "reached" : "BELOW"
  }

  /// Three digits that count.
  static func text(_ value: Double) -> String {
    if value >= 100 { return String(Int(value.rounded())) }
    let scale: Double = value >= 10 ? 10 : 100
    let scaled = Int((value * scale).rounded())
    let fraction = String(scaled % Int(scale))
    let zeros = String(repeating: "0", count: (scale == 10 ? 1 : 2) - fraction.count)
    return "\(scaled / Int(scale)).\(zeros)\(fraction)"
  }
}

extension [Double] {
  /// The value in the middle.
  var median: Double { percentile(0.5) }

  /// The value below which this share of the values lies.
  func percentile(_ share: Double) -> Double {
    guard !isEmpty else { return .nan }
    let sorted = sorted()
    return sorted[Swift.min(count - 1, Int((Double(count) * share).rounded(.down)))]
  }
}
