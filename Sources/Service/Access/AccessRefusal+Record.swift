import Domain

extension AccessRefusal {
  /// The data of the `command.refused` event that records this refusal.
  ///
  /// - Parameters:
  ///   - method: the request's method.
  ///   - suppressed: how many earlier refusals of the key were only counted; the record stands for them too.
  func record(method: String, suppressed: Int) -> JSON {
    var required: JSON?
    if case .role(let needed) = reason { required = .array(needed.sorted().map { .text($0.rawValue) }) }
    return .object([
      "command": .text(operation), "reason": .text(code), "method": .text(method),
      "event_type": recordedType.map(JSON.text), "required_roles": required,
      "count": .integer(Int64(suppressed) + 1),
    ])
  }

  /// The event's type where the table knows it: what a stranger to the table sent stays out of the log.
  private var recordedType: String? {
    guard let eventType, AccessTable.append(of: eventType) != nil || reason == .commandOnly else { return nil }
    let isToken = eventType.utf8.count <= 128 && eventType.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    return isToken ? eventType : nil
  }
}
