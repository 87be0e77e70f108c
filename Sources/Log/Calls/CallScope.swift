public import Domain
import Postgres

/// Which calls a kill switch's scope means, as a condition on the log.
public struct CallScope: Sendable, Equatable {
  private enum Kind: String {
    case operation, model, provider, user, team
  }

  /// nil for `global`.
  private let kind: Kind?
  private let name: String

  /// Reads `global`, or `operation/`, `model/`, `provider/`, `team/` with a name, or `user/` with a user's token; nil for
  /// anything else.
  public init?(_ scope: ExactText) {
    if scope == "global" {
      (kind, name) = (nil, "")
      return
    }
    let parts = scope.string.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])), !parts[1].isEmpty else { return nil }
    (self.kind, name) = (kind, String(parts[1]))
  }

  /// The name that the condition compares with.
  var parameter: Parameter { .text(name) }

  /// True for events `e` about calls of the scope: decisions, of the ledger and of others, and completions. A decision
  /// is also about the fallbacks that it lets serve.
  ///
  /// - Parameter place: `$n` of the parameter.
  func condition(_ place: String) -> String {
    switch kind {
    case nil: "\(place)::text IS NOT NULL"
    case .operation: "e.data ->> 'operation' = \(place)::text"
    case .model, .provider:
      """
      (e.data ->> '\(kind?.rawValue ?? "")' = \(place)::text
        OR e.derived -> 'fallbacks' @> jsonb_build_array(jsonb_build_object('\(kind?.rawValue ?? "")', \(place)::text)))
      """
    case .team: "coalesce(e.data -> 'request' ->> 'team', e.data ->> 'team') = \(place)::text"
    case .user:
      "coalesce(e.derived -> 'persons' ->> '/request/user', e.derived -> 'persons' ->> '/user') = \(place)::text"
    }
  }
}
