/// The kind of service that a provider was asked for, each with prices of its own.
///
/// A price holds for one kind of service only: what a batch costs says nothing of what a call with priority costs.
public enum ServiceTier: String, Sendable, Hashable, CaseIterable {
  /// What a call gets that asks for nothing else.
  case standard
  /// Answered within hours, as part of a batch.
  case batch
  /// Answered when there is room.
  case flex
  /// Answered before others.
  case priority
}
