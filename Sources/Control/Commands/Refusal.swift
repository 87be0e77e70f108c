/// A "no" with a stable reason.
public struct Refusal: Error, Sendable, Equatable {
  /// Stable slug, the last part of the problem type: `approval-not-open`, `same-owner`, …
  public var code: String
  /// HTTP status: 403, 404, 409 or 422.
  public var status: Int
  /// For people.
  public var detail: String
  /// Makes a refusal.
  public init(code: String, status: Int, detail: String) {
    self.code = code
    self.status = status
    self.detail = detail
  }
}

extension Refusal {
  /// A body that lacks what the command's schema requires.
  static func incomplete(_ member: String) -> Refusal {
    Refusal(code: "invalid-command", status: 422, detail: "The command has no valid \(member).")
  }
}
