import Domain

/// How a model has been doing lately.
struct ModelHealth: Sendable, Equatable {
  /// When its latest attempts failed, with no success since: at most as many as the rule counts, ascending.
  var failures: [Timestamp] = []
  /// Until when it is left alone; nil: it never was.
  var coolsUntil: Timestamp?
  /// How often it cooled down: the last sequence of its subject.
  var coolDowns: Int64 = 0

  func isCooling(at now: Timestamp) -> Bool { coolsUntil.map { now < $0 } ?? false }
}
