import Control
import Domain
import Log

/// Adjustments of one re-rating that are written together.
struct AdjustmentBatch: Sendable {
  /// The source of adjustments: with it, `<rerate>#<position>` is an identity that cannot be written twice.
  static let source = "/daybook/rerates"

  /// The re-rating's id.
  var rerate: String
  /// Ascending by position.
  var adjustments: [Adjustment]

  func identity(of adjustment: Adjustment) -> Identity {
    Identity(id: "\(rerate)#\(adjustment.position)", source: Self.source)
  }
}

extension Adjustment {
  /// What the event is about.
  var subject: String { "entry/\(position)" }
}
