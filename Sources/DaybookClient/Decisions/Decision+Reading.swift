internal import Domain

extension Decision {
  /// Reads the answer of `POST L/decisions`; what a client cannot do without must be there.
  ///
  /// - Throws: ``DaybookError`` with `malformedAnswer`: who cannot read a decision must not act on it.
  init(_ answer: Answer) throws(DaybookError) {
    let root = try answer.json()
    guard let id = root["id"]?.string, let outcome = root["outcome"]?.string.flatMap({ Outcome(rawValue: $0) }),
      let position = root["position"]?.integer
    else { throw DaybookError.malformed("the decision lacks its id, outcome or position") }
    self.id = id
    self.outcome = outcome
    self.position = position
    let named = root["model"]?.string.flatMap { model in
      root["provider"]?.string.map { Target(model: model, provider: $0) }
    }
    target = outcome == .allowed ? named : nil
    guard outcome != .allowed || named != nil else {
      throw DaybookError.malformed("the decision allows a call and names no model")
    }
    fallbacks = try (root["fallbacks"]?.elements ?? []).map { element throws(DaybookError) in
      guard let model = element["model"]?.string, let provider = element["provider"]?.string else {
        throw DaybookError.malformed("a fallback lacks its model or provider")
      }
      return Target(model: model, provider: provider)
    }
    reasons = (root["reasons"]?.elements ?? []).compactMap(\.string)
    candidates = (root["candidates"]?.elements ?? []).compactMap { element in
      guard let model = element["model"]?.string else { return nil }
      return Candidate(
        model: model, provider: element["provider"]?.string, origin: element["origin"]?.string ?? "",
        fate: element["fate"]?.string ?? "", detail: element["detail"]?.string)
    }
    rationale = root["rationale"]?.string
    estimatedCost = root["estimate"]?["cost"].flatMap { Money($0) }
    reservations = (root["reservations"]?.elements ?? []).map { element in
      Reservation(
        budget: element["budget"]?.string ?? "", key: element["key"]?.string, window: element["window"]?.string,
        amount: element["amount"].flatMap { Money($0) },
        expiresAt: element["expires_at"]?.string.flatMap { Timestamp(rfc3339: $0) })
    }
    approval = root["approval"]?.string ?? root["approval"]?["id"]?.string
    retryAfter = root["retry_after_ms"]?.integer.map { .milliseconds(max(0, $0)) }
    recordedTime = root["recordedtime"]?.string.flatMap { Timestamp(rfc3339: $0) }
    isDuplicate = root["duplicate"]?.boolean ?? false
    attempts = answer.attempts
    json = JSON(root)
  }
}
