internal import Domain

/// What to do with a batch that was not taken. Pure.
enum RefusalPlan: Equatable {
  /// Send the same again: it is nobody's fault that lasts.
  case again
  /// Hold everything back and try again now and then: somebody must change the key, the ledger or the address first.
  case hold
  /// These events will never be taken; send the others.
  case refuse([Int])
  /// Some event will never be taken, but it is not known which: send fewer.
  case split

  /// Decides by the ledger's answer to a batch of `count` events.
  ///
  /// - Parameter hasDelivered: True where the key is known to append, so that a `403` that names one event is about it.
  ///
  /// A refusal counts against an event only where it is about the event (what it says, which type it has, which identity);
  /// a key that may not append at all must not throw away a whole spool.
  init(_ error: DaybookError, count: Int, hasDelivered: Bool) {
    let named = Set(error.faults.compactMap(\.index)).filter { (0..<count).contains($0) }.sorted()
    switch error.code {
    case _ where error.isRetryable: self = .again
    case .invalid where error.problem == nil, .conflict where error.problem == nil:
      // Not the ledger's words: a proxy, or another server at the address, says nothing about an event.
      self = .hold
    case .invalid, .conflict, .tooLarge:
      if !named.isEmpty {
        self = .refuse(named)
      } else {
        self = count == 1 ? .refuse([0]) : .split
      }
    case .forbidden where error.problem == "command-only":
      self = named.isEmpty ? (count == 1 ? .refuse([0]) : .split) : .refuse(named)
    case .forbidden where !named.isEmpty && (hasDelivered || named[0] > 0):
      // The events before it passed, or others did earlier.
      self = .refuse(named)
    default: self = .hold
    }
  }
}
