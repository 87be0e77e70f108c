import Domain
import Service

/// How a file writes its amounts, dates and times.
struct FactValues {
  var zone = ReportingZone.utc
  /// Tokens `YYYY MM DD hh mm ss` and what stands between them; nil: RFC 3339, or ISO dates and times of the zone.
  var dateFormat: String?
  var decimal: Character = "."
  /// The last day is part of a period.
  var isEndIncluded = false
  /// More than twelve places are rounded, half-even, instead of being refused.
  var rounds = false

  init() {}

  init(_ invocation: Invocation, _ texts: [String: String]) throws {
    let name = invocation["--zone"] ?? texts["zone"] ?? "UTC"
    guard ReportingZones.isKnown(name) else {
      throw UsageError("--zone takes a name of the time zone database, such as Europe/Berlin", invocation.command)
    }
    zone = ReportingZones.table(name)
    dateFormat = invocation["--date-format"] ?? texts["date_format"]
    if let format = dateFormat, !["YYYY", "MM", "DD"].allSatisfy({ format.contains($0) }) {
      throw UsageError("--date-format needs YYYY, MM and DD, such as DD.MM.YYYY", invocation.command)
    }
    switch invocation["--decimal"] ?? texts["decimal"] ?? "." {
    case ".", "point": decimal = "."
    case ",", "comma": decimal = ","
    default: throw UsageError("--decimal takes . or ,", invocation.command)
    }
    isEndIncluded = invocation.has("--end-included") || texts["end_included"] != nil
    rounds = invocation.has("--round")
  }

  /// What is wrong with a value.
  struct Fault: Error {
    var detail: String
    init(_ detail: String) { self.detail = detail }
  }

  /// `1,234.50`, `1.234,50`, `1 234,50`, `-0.000001`, `1.5e-07`, `(12.50)`.
  func amount(_ text: String) throws(Fault) -> Amount {
    var body = text.filter { !$0.isWhitespace && $0 != "'" && $0 != "\u{2019}" }
    var isNegative = false
    if body.hasPrefix("("), body.hasSuffix(")") {
      isNegative = true
      body = String(body.dropFirst().dropLast())
    }
    body = body.replacing("\u{2212}", with: "-")
    if body.hasPrefix("+") { body.removeFirst() }
    if body.hasPrefix("-") {
      guard !isNegative else { throw Fault("is no amount") }
      isNegative = true
      body.removeFirst()
    }
    // One sign: two would take each other back.
    guard body.first != "-", body.first != "+" else { throw Fault("is no amount") }
    let parts = body.split(separator: decimal, omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = parts.first else {
      throw Fault("is no amount with \(decimal) as its decimal mark")
    }
    let group: Character = decimal == "." ? "," : "."
    let groups = whole.split(separator: group, omittingEmptySubsequences: false)
    guard groups.count == 1 || ((1...3).contains(groups[0].count) && groups.dropFirst().allSatisfy { $0.count == 3 })
    else { throw Fault("is no amount with \(decimal) as its decimal mark") }
    var number = groups.joined()
    if number.isEmpty, parts.count == 2 { number = "0" }
    if parts.count == 2 { number += ".\(parts[1])" }
    guard let amount = Amount(number: number, rounding: .halfEven) else {
      throw Fault("is no amount with \(decimal) as its decimal mark")
    }
    if !rounds, Amount(number: number, rounding: .down) != Amount(number: number, rounding: .up) {
      throw Fault("has more than twelve decimal places; --round rounds them half-even")
    }
    return isNegative ? amount.negated : amount
  }

  /// A moment: a date alone is the first moment of that day in the zone, or of the next one where it ends a period whose
  /// last day is part of it.
  func moment(_ text: String, isEnd: Bool) throws(Fault) -> Timestamp {
    if dateFormat == nil, let moment = Timestamp(rfc3339: text) { return moment }
    let format =
      dateFormat ?? (text.utf8.count > 10 ? String("YYYY-MM-DD hh:mm:ss".prefix(text.count)) : "YYYY-MM-DD")
    var numbers: [Character: Int] = [:]
    var rest = text.replacing("T", with: dateFormat == nil ? " " : "T")[...]
    var pattern = format[...]
    while let token = pattern.first {
      let length = pattern.prefix { $0 == token }.count
      if "YMDhms".contains(token) {
        let digits = rest.prefix(length)
        guard digits.count == length, digits.utf8.allSatisfy({ $0 &- 0x30 <= 9 }), let number = Int(digits) else {
          throw Fault("is no time of the form \(format)")
        }
        numbers[token] = number
        rest = rest.dropFirst(length)
        pattern = pattern.dropFirst(length)
      } else {
        guard rest.first == token else { throw Fault("is no time of the form \(format)") }
        rest = rest.dropFirst()
        pattern = pattern.dropFirst()
      }
    }
    guard rest.isEmpty,
      let day = CivilDate(year: numbers["Y"] ?? 0, month: numbers["M"] ?? 0, day: numbers["D"] ?? 0)
    else { throw Fault("is no time of the form \(format)") }
    guard let hour = numbers["h"] else {
      return zone.start(of: isEnd && isEndIncluded ? day.advanced(byDays: 1) : day)
    }
    let (minute, second) = (numbers["m"] ?? 0, numbers["s"] ?? 0)
    guard hour < 24, minute < 60, second < 60 else { throw Fault("is no time of the form \(format)") }
    let local = day.startInUTC.advanced(bySeconds: Int64(hour * 3600 + minute * 60 + second))
    // The offset that holds there: asked twice, as the first answer may be that of the other side of a change.
    let near = local.advanced(bySeconds: -Int64(zone.offset(at: local)))
    return local.advanced(bySeconds: -Int64(zone.offset(at: near)))
  }
}
