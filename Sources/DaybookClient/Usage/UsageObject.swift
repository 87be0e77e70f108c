internal import Domain

/// A provider's object, as counts.
struct UsageObject {
  private let members: JSONObject

  init(_ json: JSON) throws(UsageFault) {
    guard case .object(let members) = json else { throw .notAnObject }
    self.members = members
  }

  private func value(_ names: [String]) -> JSON? {
    for name in names {
      if let value = members[ExactText(name)], value != .null { return value }
    }
    return nil
  }

  /// The count under the first of these names that is there; nil where it was not told.
  func count(_ names: String...) throws(UsageFault) -> Int64? {
    guard let value = value(names) else { return nil }
    guard let count = value.integer, (0...Limits.countOfOneEvent).contains(count) else { throw .notACount }
    return count
  }

  /// The object under the first of these names that is there.
  func object(_ names: String...) throws(UsageFault) -> UsageObject? {
    guard let value = value(names) else { return nil }
    return try UsageObject(value)
  }

  /// The objects of the list under the first of these names that is there.
  func list(_ names: String...) throws(UsageFault) -> [UsageObject] {
    guard let value = value(names) else { return [] }
    guard case .array(let elements) = value else { throw .notAnObject }
    var objects: [UsageObject] = []
    for element in elements { objects.append(try UsageObject(element)) }
    return objects
  }

  func text(_ name: String) -> String? { value([name])?.string }
  func isTrue(_ name: String) -> Bool { value([name])?.boolean == true }
  /// The exact text of a number, however it was written.
  func number(_ name: String) -> String? {
    switch value([name]) {
    case .integer(let value): String(value)
    case .string(let text): text.string
    default: nil
    }
  }
}

extension Optional where Wrapped == Int64 {
  /// The count, 0 where it was not told: only for what is subtracted or compared.
  var orZero: Int64 { self ?? 0 }

  /// What is left of a whole without parts that were counted in it; nil where the whole was not told.
  func less(_ parts: Int64?..., or fault: UsageFault) throws(UsageFault) -> Int64? {
    guard let whole = self else {
      guard parts.allSatisfy({ $0.orZero == 0 }) else { throw fault }
      return nil
    }
    let rest = parts.reduce(whole) { $0 - $1.orZero }
    guard rest >= 0 else { throw fault }
    return rest
  }
}
