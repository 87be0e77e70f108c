import Control
import Crypto
import Domain

/// Who a request speaks for, looked up among the keys of the `system` ledger.
struct KeyDirectory: Sendable {
  /// Authorisation by a state older than this fails closed.
  static let longestAge: Duration = .seconds(1)

  /// What the `system` ledger knows.
  let control: ControlExtract

  init(_ control: ControlExtract) { self.control = control }

  /// Looks a key up.
  ///
  /// - Parameters:
  ///   - authorization: the request's `Authorization` header.
  ///   - now: the time that expiries are compared with.
  ///   - age: how long ago the state was known to be that of the log's head.
  /// - Throws: `unauthenticated` for whatever is wrong with the key, without saying what; `stale`.
  func authenticate(
    authorization: String?, now: Timestamp, age: Duration
  ) throws(AuthenticationFailure) -> AuthenticatedKey {
    guard age <= Self.longestAge else { throw .stale }
    guard let authorization, let text = KeyText(authorization: authorization) else { throw .unauthenticated }
    let record = control.keys[text.id]
    let known = record.flatMap { Hex.bytes($0.secretSHA256) } ?? [UInt8](repeating: 0, count: 32)
    guard ConstantTime.areEqual(known, text.sha256), let record, !record.isRevoked else { throw .unauthenticated }
    if let expires = record.expires, expires <= now { throw .unauthenticated }
    return AuthenticatedKey(record, of: control.owners[record.owner])
  }
}

extension KeyDirectory {
  /// How a key that was let in stands later on, while its answer is still being streamed.
  enum Standing: Sendable, Equatable {
    /// It may go on.
    case allowed
    /// The state is too old to tell: nothing may be sent until it is known again.
    case unknown
    /// It was revoked, has expired, or is gone.
    case ended
  }

  /// Looks again at a key by its id, for answers that outlive the check at their start.
  func standing(ofKey id: String, now: Timestamp, age: Duration) -> Standing {
    guard age <= Self.longestAge else { return .unknown }
    guard let record = control.keys[id], !record.isRevoked else { return .ended }
    if let expires = record.expires, expires <= now { return .ended }
    return .allowed
  }
}

/// Why a request speaks for nobody.
enum AuthenticationFailure: Error, Sendable, Equatable {
  /// 401: no key, or one that is unknown, revoked, expired or wrong; which of these is not said.
  case unauthenticated
  /// 503: the authorisation state is too old to be trusted.
  case stale

  /// Stable slug of the problem type.
  var code: String { self == .unauthenticated ? "unauthenticated" : "authorisation-stale" }
  /// HTTP status.
  var status: Int { self == .unauthenticated ? 401 : 503 }
  /// For people.
  var detail: String {
    switch self {
    case .unauthenticated: "A valid key is needed: Authorization: Bearer dbk_…"
    case .stale:
      "The state that authorises requests is older than a second; nothing is allowed until it is known again."
    }
  }
}
