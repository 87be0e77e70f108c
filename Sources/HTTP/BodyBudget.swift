import Synchronization

/// The bytes of all bodies in flight, so that many large uploads cannot take the machine's memory.
final class BodyBudget: Sendable {
  private let limit: Int
  private let taken = Atomic<Int>(0)

  init(limit: Int) {
    self.limit = limit
  }

  /// Bytes in flight now.
  var inFlight: Int { taken.load(ordering: .relaxed) }

  /// Takes bytes if they fit; false means none were taken.
  func reserve(_ bytes: Int) -> Bool {
    precondition(bytes >= 0)
    if bytes == 0 { return true }
    let after = taken.wrappingAdd(bytes, ordering: .relaxed).newValue
    if after <= limit { return true }
    taken.wrappingSubtract(bytes, ordering: .relaxed)
    return false
  }

  /// Gives bytes back.
  func release(_ bytes: Int) {
    if bytes == 0 { return }
    let after = taken.wrappingSubtract(bytes, ordering: .relaxed).newValue
    precondition(after >= 0, "released more body bytes than were reserved")
  }
}
