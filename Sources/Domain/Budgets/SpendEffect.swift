/// What a completion does to budgets and reservations: `derived.budget` and `derived.settlement`.
public struct SpendEffect: Sendable, Equatable {
  /// What becomes of the reservation that the call's decision made.
  public enum Settlement: String, Sendable, Hashable, CaseIterable {
    /// It ends.
    case settled
    /// It stays: the attempt was absorbed by a fallback.
    case kept
    /// It had expired; the cost is booked all the same.
    case late
    /// It belongs to another owner than the one who reports: nothing becomes of it.
    case foreign
  }

  /// One line for each counter that changes.
  public var charges: [SpendCharge]
  /// nil where the call has no reservation.
  public var settlement: Settlement?

  /// Makes an effect.
  public init(charges: [SpendCharge], settlement: Settlement?) {
    self.charges = charges
    self.settlement = settlement
  }

  /// Reads the effect from a fact's `derived`; nil where it has none.
  public init?(derived: JSON) {
    guard derived["budget"] != nil || derived["settlement"] != nil else { return nil }
    var charges: [SpendCharge] = []
    for line in derived["budget"]?.elements ?? [] {
      guard let charge = SpendCharge(line) else { return nil }
      charges.append(charge)
    }
    self.init(
      charges: charges, settlement: derived["settlement"]?.string.flatMap(Settlement.init(rawValue:)))
  }

  /// Appends `"budget":[…],`, where there are lines.
  func appendCharges(to bytes: inout [UInt8]) {
    if charges.isEmpty { return }
    bytes.append(literal: "\"budget\":[")
    for (index, charge) in charges.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      charge.appendCanonical(to: &bytes)
    }
    bytes.append(literal: "],")
  }
}
