import Domain

extension AppliedEvent {
  /// The accountable owner who caused the event; the ledger itself where none is named.
  var owner: String { derived?["owner"]?.string ?? actor }

  /// A text that the catalogue requires.
  func text(_ member: String) -> String {
    guard let text = data[member]?.string else { malformed(member) }
    return text
  }

  /// An integer that the catalogue requires.
  func integer(_ member: String) -> Int64 {
    guard let integer = data[member]?.integer else { malformed(member) }
    return integer
  }

  /// A moment that the catalogue requires.
  func moment(_ member: String) -> Timestamp {
    guard let moment = Timestamp(rfc3339: text(member)) else { malformed(member) }
    return moment
  }

  /// Texts that the catalogue requires; an absent list is empty.
  func texts(_ member: String) -> [String] {
    (data[member]?.elements ?? []).map { element in
      guard let text = element.string else { malformed(member) }
      return text
    }
  }

  /// The log holds what the catalogue would have refused: nothing may be decided on it.
  func malformed(_ member: String) -> Never {
    preconditionFailure("event \(position) of type \(type) has no valid \(member): the log is damaged")
  }
}
