import Control
import Domain

/// What is booked of each entry that was corrected, as the corrections say it one after the other.
struct CorrectedEntries {
  private enum Booked {
    case reversed
    /// nil: no cost is known.
    case cost(JSON?)
  }

  private var entries: [Int64: Booked] = [:]

  /// Takes in a correction; answers what is wrong with it, where it does not follow from the one before.
  mutating func take(_ event: AppliedEvent) -> String? {
    let isReversal = event.type == "entry.reversed"
    guard isReversal || event.type == "cost.restated" || event.type == "entry.adjusted", let derived = event.derived,
      let entry = (derived["entry"] ?? derived["reversed"])?["position"]?.integer
    else { return nil }
    guard "entry/\(entry)" == event.subject, entry < event.position else {
      return "\(event.type) of \(event.subject) carries another entry"
    }
    defer { entries[entry] = isReversal ? .reversed : .cost(derived["after"]) }
    switch entries[entry] {
    case nil: return nil
    case .reversed: return "\(event.subject) was reversed before"
    case .cost(let before):
      let said = isReversal ? derived["effective"] : derived["before"]
      return said == before ? nil : "\(event.type) of \(event.subject) says that something else was booked before"
    }
  }
}
