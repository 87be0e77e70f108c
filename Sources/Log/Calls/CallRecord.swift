public import Domain

/// A call as one of its events shows it.
public struct CallRecord: Sendable, Equatable {
  /// The event's position.
  public var position: Int64
  /// The decision's id, or the caller's own: the subject is `call/<id>`.
  public var call: String
  /// When the event was recorded.
  public var recordedAt: Timestamp
  /// The key that caused it.
  public var actor: String
  /// The purpose of the call.
  public var operation: String?
  /// The model.
  public var model: String?
  /// Who serves it.
  public var provider: String?
  /// Position of the completion that ended the call; nil where none did yet.
  public var completedAt: Int64?

  /// The members, absent ones left out.
  public var json: JSON {
    .object([
      "position": .integer(position), "call": .text(call), "recordedtime": .text(recordedAt.description),
      "actor": .text(actor), "operation": operation.map(JSON.text), "model": model.map(JSON.text),
      "provider": provider.map(JSON.text), "completed_at": completedAt.map(JSON.integer),
    ])
  }
}

/// Some of the calls that fit a question, and how many there are.
public struct CallList: Sendable, Equatable {
  /// How many fit.
  public var count: Int64
  /// The first of them, by position; the last of them for calls in flight.
  public var calls: [CallRecord]

  /// Makes a list.
  public init(count: Int64 = 0, calls: [CallRecord] = []) {
    self.count = count
    self.calls = calls
  }
}
