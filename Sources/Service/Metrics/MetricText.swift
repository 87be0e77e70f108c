/// The text format that Prometheus reads (version 0.0.4).
struct MetricText {
  /// Media type of the text.
  static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  private(set) var bytes: [UInt8] = []

  /// Whether a text can be the name of a metric or label: `[a-z_][a-z0-9_]*`, which is stricter than Prometheus.
  static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, !isDigit(first) else { return false }
    return text.utf8.allSatisfy { isDigit($0) || $0 == UInt8(ascii: "_") || (97...122).contains($0) }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  mutating func head(_ name: String, _ type: String, _ help: String) {
    bytes += "# HELP \(name) \(Self.escaped(help, quotes: false))\n# TYPE \(name) \(type)\n".utf8
  }

  mutating func sample(_ name: String, _ labels: [(String, String)], _ value: Double) {
    var line = name
    if !labels.isEmpty {
      line += "{" + labels.map { "\($0.0)=\"\(Self.escaped($0.1, quotes: true))\"" }.joined(separator: ",") + "}"
    }
    bytes += "\(line) \(Self.number(value))\n".utf8
  }

  /// Whole numbers without a fraction, as far as a double holds them exactly.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    if value.magnitude < 0x1p53, value == value.rounded() { return String(Int64(value)) }
    return "\(value)"
  }

  private static func escaped(_ text: String, quotes: Bool) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\"" where quotes: result += "\\\""
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension MetricText {
  mutating func add(_ family: MetricFamily<Counter>) {
    head(family.name, "counter", family.help)
    for (values, series) in family.all { sample(family.name, family.pairs(values), Double(series.value)) }
  }

  mutating func add(_ family: MetricFamily<Gauge>) {
    head(family.name, "gauge", family.help)
    for (values, series) in family.all { sample(family.name, family.pairs(values), series.value) }
  }

  mutating func add(_ family: MetricFamily<Histogram>) {
    head(family.name, "histogram", family.help)
    for (values, series) in family.all {
      let pairs = family.pairs(values)
      let (cumulative, sum) = series.snapshot
      for (index, count) in cumulative.enumerated() {
        let bound = index < series.bounds.count ? Double(series.bounds[index]) / series.unit.scale : .infinity
        sample(family.name + "_bucket", pairs + [("le", Self.number(bound))], Double(count))
      }
      sample(family.name + "_sum", pairs, sum)
      sample(family.name + "_count", pairs, Double(cumulative.last ?? 0))
    }
  }
}

extension MetricFamily {
  fileprivate func pairs(_ values: [String]) -> [(String, String)] {
    zip(labels, values).map { ($0.name, $1) }
  }
}
