import Control
import Domain
import Log

/// Adjustments of one re-rating that are written together.
struct AdjustmentBatch: Sendable {
  /// The source of adjustments: with it, `<rerate>#<position>` is an identity that cannot be written twice.
  static let source = "/daybook/rerates"
  /// Digits of a position in an id, at least: so ids come in their order, each behind the last one of the unique index.
  static let digits = 12

  /// The re-rating's id.
  var rerate: String
  /// Ascending by position.
  var adjustments: [Adjustment]

  func identity(of adjustment: Adjustment) -> Identity {
    let number = String(adjustment.position)
    let zeros = String(repeating: "0", count: max(0, Self.digits - number.utf8.count))
    return Identity(id: "\(rerate)#\(zeros)\(number)", source: Self.source)
  }
}

extension Adjustment {
  /// What the event is about.
  var subject: String { "entry/\(position)" }
}
