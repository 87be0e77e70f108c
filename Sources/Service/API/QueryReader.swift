import Domain
import HTTP

/// Reads the items of a query string: every one is checked, unknown and repeated ones are refused, all faults at once.
struct QueryReader {
  private let items: [(name: String, value: String)]
  private var faults: [ValidationFault] = []

  /// Starts reading; `allowed` are the names that the endpoint knows.
  init(_ request: HTTPRequest, allowed: [String], repeatable: Set<String> = ["type"]) throws(RequestFault) {
    items = request.query
    var seen: Set<String> = []
    for item in items {
      if !allowed.contains(item.name) {
        fail(item.name, "unknown-parameter", "is no parameter of this endpoint")
      } else if !seen.insert(item.name).inserted && !repeatable.contains(item.name) {
        fail(item.name, "repeated", "may stand once only")
      }
    }
  }

  mutating func fail(_ name: String, _ code: String, _ detail: String) {
    // An unknown name is the caller's text: it is shown only where it is short and plain.
    let isPlain = name.utf8.count <= 64 && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    faults.append(ValidationFault(pointer: "?\(isPlain ? name : "")", code: code, detail: detail))
  }

  func value(_ name: String) -> String? { items.first { $0.name == name }?.value }

  func values(_ name: String) -> [String] { items.filter { $0.name == name }.map(\.value) }

  mutating func integer(_ name: String, in range: ClosedRange<Int64>) throws(RequestFault) -> Int64? {
    guard let text = value(name) else { return nil }
    guard let number = Int64(text), range.contains(number), text == String(number) else {
      fail(name, "range", "is a whole number from \(range.lowerBound)")
      return nil
    }
    return number
  }

  mutating func timestamp(_ name: String) throws(RequestFault) -> Timestamp? {
    guard let text = value(name) else { return nil }
    guard let moment = Timestamp(rfc3339: text) else {
      fail(name, "timestamp", "is a moment as RFC 3339 writes it")
      return nil
    }
    return moment
  }

  mutating func oneOf(_ name: String, _ choices: [String]) throws(RequestFault) -> String? {
    guard let text = value(name) else { return nil }
    guard choices.contains(text) else {
      fail(name, "enum", "is one of \(choices.joined(separator: ", "))")
      return nil
    }
    return text
  }

  /// Throws what was found.
  func finish() throws(RequestFault) {
    if !faults.isEmpty { throw RequestFault(.invalidParameter, faults) }
  }
}

extension StringProtocol {
  /// Without spaces and tabs at its ends.
  var trimmingSpaces: String {
    var text = self[...]
    while let first = text.first, first == " " || first == "\t" { text = text.dropFirst() }
    while let last = text.last, last == " " || last == "\t" { text = text.dropLast() }
    return String(text)
  }
}

extension Call {
  /// Which of the media types the caller accepts first; the first one where it says nothing of them.
  func accepts(_ offered: [EndpointAccess.Media]) -> EndpointAccess.Media {
    let accepted = (request.header("Accept") ?? "").split(separator: ",").map { part in
      (part.split(separator: ";").first.map(String.init) ?? "").trimmingSpaces.lowercased()
    }
    for type in accepted {
      if let media = offered.first(where: { $0.rawValue.lowercased() == type }) { return media }
    }
    return offered[0]
  }
}
