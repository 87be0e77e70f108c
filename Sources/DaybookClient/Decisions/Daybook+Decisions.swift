internal import Domain

extension Daybook {
  /// Asks whether a call may be made, and with which model; the answer is recorded before it is given.
  ///
  /// A refusal is an answer too: see ``Decision/outcome-swift.property``. Repeats the request under the same id where the
  /// ledger is busy, away or out of reach. What an allowed call used is recorded as ``CompletionRecorded`` under the
  /// subject `call/<id>`, which settles what budgets hold for it; ``ModelRouter`` does all of that.
  ///
  /// - Throws: ``DaybookError``: `conflict` and the problem `identity-conflict` where another request has the id; `invalid`,
  ///   `forbidden` and others. Whoever has no decision must not call. `CancellationError`.
  public func decide(_ request: DecisionRequest) async throws -> Decision {
    // How often it was sent tells whether a duplicate may be our own, so nothing is sent again unseen.
    let sent = TransportRequest(
      method: "POST", url: address("decisions", []),
      headers: [
        authorisation, (name: "Accept", value: "application/json"), (name: "Content-Type", value: "application/json"),
      ],
      body: request.json.canonical, timeout: configuration.timeout, mayBeRepeated: false)
    return try await send(sent, retry: configuration.retry) { answer in
      let decision = try Decision(answer)
      guard decision.id == request.id else {
        throw DaybookError.malformed("the decision is about another call")
      }
      return decision
    }
  }
}
