/// How a quotient that does not end is brought to the last place kept; always named, never a default of the machine.
public enum RoundingRule: String, Sendable, Hashable, CaseIterable {
  /// To the nearest, ties to the even digit: the rule of cost lines.
  case halfEven = "half_even"
  /// To the nearest, ties away from zero: what most invoices do.
  case halfUp = "half_up"
  /// To the nearest, ties towards zero.
  case halfDown = "half_down"
  /// Away from zero.
  case up
  /// Towards zero: cuts off.
  case down
  /// Towards positive infinity.
  case ceiling
  /// Towards negative infinity.
  case floor

  /// True where a magnitude cut off at `quotient` must grow by one.
  ///
  /// - Parameters:
  ///   - quotient: the magnitude, cut off.
  ///   - remainder: what was cut off, less than `divisor`.
  ///   - isNegative: the sign of the whole number.
  func roundsAwayFromZero(quotient: UInt128, remainder: UInt128, divisor: UInt128, isNegative: Bool) -> Bool {
    if remainder == 0 { return false }
    switch self {
    case .up: return true
    case .down: return false
    case .ceiling: return !isNegative
    case .floor: return isNegative
    case .halfEven, .halfUp, .halfDown: break
    }
    // Compared as remainder ? divisor - remainder, because twice the remainder may not fit.
    let rest = divisor - remainder
    if remainder != rest { return remainder > rest }
    switch self {
    case .halfUp: return true
    case .halfDown: return false
    default: return quotient & 1 == 1
    }
  }
}
