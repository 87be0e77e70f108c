public import Domain

/// The rules of decision that a ledger sets for all of its routes.
public struct Policy: Sendable, Equatable {
  /// When a model that keeps failing is left alone, and for how long.
  public struct CoolDown: Sendable, Equatable {
    /// So many failures, with no success in between …
    public var failures: Int64
    /// … within so many seconds …
    public var windowSeconds: Int64
    /// … and the model is left alone for so many seconds.
    public var durationSeconds: Int64
  }

  /// The last candidate of every decision; nil: none.
  public var defaultModel: String?
  /// nil: models never cool down.
  public var coolDown: CoolDown?
  /// How long a session may be idle before it is no longer pinned to its model, in seconds.
  public var sessionIdleSeconds: Int64
  /// How long what a decision reserved is kept for a completion that does not come, in seconds.
  public var reservationLifeSeconds: Int64
  /// True: a model whose price is not known is refused even where no hard budget matches.
  public var refusesUnknownPrice: Bool
  /// Models of tiers, before those that the ledger was opened with.
  public var tiers: Tiers
  /// Position of the last `policy.configured`; 0: the standard.
  public var position: Int64

  /// The subject of its events.
  public static let subject = "policy/control"

  /// What holds until a policy is configured: sessions idle for 24 hours, reservations live 15 minutes (domain.md), and a
  /// model rests a minute after five failures within one.
  public static let standard = Policy(
    defaultModel: nil, coolDown: CoolDown(failures: 5, windowSeconds: 60, durationSeconds: 60),
    sessionIdleSeconds: 86_400, reservationLifeSeconds: 900, refusesUnknownPrice: false, tiers: Tiers(), position: 0)
}

extension Policy {
  /// Reads the members of `policy.configured`; nil where they are not valid.
  init?(_ body: JSON, position: Int64) {
    guard let sessionIdle = body["session_idle_s"]?.integer, let life = body["reservation_life_s"]?.integer,
      let refuses = body["refuses_unknown_price"]?.boolean
    else { return nil }
    var coolDown: CoolDown?
    if let rule = body["cool_down"] {
      guard let failures = rule["failures"]?.integer, let window = rule["window_s"]?.integer,
        let duration = rule["duration_s"]?.integer
      else { return nil }
      coolDown = CoolDown(failures: failures, windowSeconds: window, durationSeconds: duration)
    }
    var tiers = Tiers()
    if let named = body["tiers"] {
      guard let read = Tiers(named) else { return nil }
      tiers = read
    }
    self.init(
      defaultModel: body["default_model"]?.string, coolDown: coolDown, sessionIdleSeconds: sessionIdle,
      reservationLifeSeconds: life, refusesUnknownPrice: refuses, tiers: tiers, position: position)
  }

  /// The members of `policy.configured`, and the position of the last one.
  public var json: JSON {
    .object([
      "default_model": defaultModel.map(JSON.text),
      "cool_down": coolDown.map { rule in
        .object([
          "failures": .integer(rule.failures), "window_s": .integer(rule.windowSeconds),
          "duration_s": .integer(rule.durationSeconds),
        ])
      },
      "session_idle_s": .integer(sessionIdleSeconds), "reservation_life_s": .integer(reservationLifeSeconds),
      "refuses_unknown_price": .boolean(refusesUnknownPrice), "tiers": tiers.json, "position": .integer(position),
    ])
  }
}
