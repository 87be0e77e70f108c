public import Domain

/// What somebody who asks for a change says for it, in case that it needs an approval.
///
/// The members of the request's `approval`: `reason_code`, `evidence`, `risk`, `required_by`, `expires_at` and
/// `estimated_impact`, all of them optional.
public struct ApprovalTerms: Sendable, Equatable {
  /// As the body's schema checked it.
  public var body: JSON
  /// Wraps what was checked.
  public init(_ body: JSON) { self.body = body }
}
