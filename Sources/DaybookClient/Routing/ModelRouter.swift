/// Routes calls to models: asks the ledger, calls whom it allows, tries what it allows next, and records every attempt.
///
/// ```swift
/// let router = ModelRouter(daybook, appender: appender, guardian: guardian, providers: [provider])
/// switch try await router.complete([.user("Hello")], operation: "chat_message") {
/// case .routed(let completion): print(completion.text)
/// case .denied(let decision): print("refused:", decision.reasons)
/// case .needsApproval(let decision): print("waits for", decision.approval ?? "an approval")
/// case .stopped(let verdict): print("stopped:", verdict)
/// }
/// ```
///
/// - Nothing is called without a decision of the ledger, and nothing that the guard stops or does not know about; it is asked
///   again before every attempt. Such refusals are recorded too: the ledger is asked all the same and denies, or, where it is
///   away, the spool keeps a `route.denied`.
/// - Every attempt is a `completion.recorded` with the id `<call>.<attempt>`, kept by the appender's spool before the caller
///   has its answer: `absorbed` where a fallback was tried next, and at last `ok`, `error` or `aborted`.
/// - A caller that is cancelled, or lets go of a stream, still settles: the record is written by a task of its own, and
///   `usage_source` says whether the usage is the provider's, cut short, estimated from what came, or absent.
public final class ModelRouter: Sendable {
  let daybook: Daybook
  let guardian: KillSwitchGuard
  let recorder: CallRecorder
  private let providers: [String: any AIProvider]
  private let defaultProvider: (any AIProvider)?

  /// Makes a router.
  ///
  /// - Parameters:
  ///   - daybook: Who decides.
  ///   - appender: Who keeps the records; with a spool on disk, an outage and the end of the process lose none.
  ///   - guardian: Who knows the kill switches; started already, or everything is refused.
  ///   - providers: Who serves, found by their names.
  ///   - defaultProvider: Who serves where a decision names a provider that is not among them.
  ///   - onUnrecorded: Told of an event that neither the appender nor the ledger took.
  public init(
    _ daybook: Daybook, appender: BufferedAppender, guardian: KillSwitchGuard, providers: [any AIProvider],
    defaultProvider: (any AIProvider)? = nil, onUnrecorded: (@Sendable (Event, DaybookError) -> Void)? = nil
  ) {
    self.daybook = daybook
    self.guardian = guardian
    recorder = CallRecorder(daybook: daybook, appender: appender, onUnrecorded: onUnrecorded)
    self.providers = Dictionary(providers.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    self.defaultProvider = defaultProvider
  }

  /// Routes a call and waits for the whole answer.
  ///
  /// - Throws: ``RoutingError``; `CancellationError`.
  public func complete(_ call: RoutedCall) async throws -> RoutedOutcome<RoutedCompletion> {
    let decision: Decision
    switch try await admit(call) {
    case .go(let allowed): decision = allowed
    case .denied(let decision): return .denied(decision)
    case .needsApproval(let decision): return .needsApproval(decision)
    case .stopped(let verdict): return .stopped(verdict)
    }
    do {
      return .routed(
        try await run(call, decision) { request, provider, progress in
          progress.take(try await provider.complete(request))
        })
    } catch let error as RoutingError {
      if error.code == .stopped, let verdict = error.verdict { return .stopped(verdict) }
      throw error
    }
  }

  /// Routes a call; see ``complete(_:)``.
  public func complete(
    _ messages: [AIMessage], operation: String, model: String? = nil, tier: String? = nil, session: String? = nil,
    user: String? = nil, team: String? = nil, parameters: AIParameters = AIParameters()
  ) async throws -> RoutedOutcome<RoutedCompletion> {
    try await complete(
      RoutedCall(
        messages,
        DecisionRequest(operation, model: model, tier: tier, session: session, user: user, team: team),
        parameters: parameters))
  }

  /// Who serves a target.
  func provider(of target: Decision.Target) -> (any AIProvider)? { providers[target.provider] ?? defaultProvider }
}
