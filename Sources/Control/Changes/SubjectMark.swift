import Domain

/// Where the last event about a configurable subject stands.
public struct SubjectMark: Sendable, Equatable {
  /// Its place within the subject: what a change is made against.
  public var sequence: Int64
  /// Its place in the ledger: what a decision relies on.
  public var position: Int64
}

extension SubjectMark {
  /// Prefixes of the subjects that changes are made to.
  static let prefixes = ["route/", "model/", "budget/", "toggle/", "policy/", "kill-switch/", "period/", "hold/"]

  /// True where changes are made to a subject.
  static func isKept(for subject: String) -> Bool {
    prefixes.contains { subject.utf8.starts(with: $0.utf8) }
  }
}

extension ControlState {
  /// Where the last event about a configurable subject stands; nil where there is none.
  public func mark(of subject: String) -> SubjectMark? { marks[subject] }

  /// Last sequence of the subject of a change: 0 where there is no event about it yet.
  func sequence(of change: Change) -> Int64 {
    // One that waits has one event, which made it.
    if change.operation == .acceptRecommendation {
      return change.body["recommendation"]?.string.flatMap { recommendations[$0] } == nil ? 0 : 1
    }
    if change.operation == .listPrices { return priceSequence(change) }
    return marks[change.subject]?.sequence ?? 0
  }
}
