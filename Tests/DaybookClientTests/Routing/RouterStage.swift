import Domain
import Testing

@testable import DaybookClient

/// A router with a ledger, a guard and an appender of its own.
final class RouterStage: Sendable {
  let ledger: FakeLedger
  let appender: BufferedAppender
  let guardian: KillSwitchGuard
  let router: ModelRouter

  init(
    _ providers: any AIProvider..., defaultProvider: (any AIProvider)? = nil, isGuarded: Bool = true,
    _ change: (inout DaybookConfiguration) -> Void = { _ in }
  ) async throws {
    ledger = FakeLedger()
    let daybook = try ledger.client { configuration in
      configuration.timeout = .seconds(10)
      change(&configuration)
    }
    appender = try await BufferedAppender(
      daybook, .init(durability: .memory, retry: RetryPolicy(firstDelay: .milliseconds(2))))
    // What is tested here is what comes behind a guard, not how old a busy machine lets its state become.
    guardian = KillSwitchGuard(daybook, anyMaximumAge: .seconds(60))
    router = ModelRouter(
      daybook, appender: appender, guardian: guardian, providers: providers, defaultProvider: defaultProvider)
    if isGuarded {
      guardian.start()
      #expect(await guardian.waitUntilKnown(for: .seconds(60)))
    }
  }

  deinit { guardian.close() }

  /// A call with an id of its own.
  func call(_ id: String = "c1", _ change: (inout RoutedCall) -> Void = { _ in }) -> RoutedCall {
    var call = RoutedCall([.user("Hello there")], DecisionRequest("chat_message", id: id, user: "alice"))
    change(&call)
    return call
  }

  /// Waits until so many events are in the ledger, and gives them.
  func recorded(_ count: Int = 1) async throws -> [FakeLedger.Taken] {
    while ledger.taken.count < count { try await Task.sleep(for: .milliseconds(2)) }
    try await appender.flush()
    return ledger.taken
  }
}

extension AIProviderError {
  static let away = AIProviderError(.unavailable, "away", isUnserved: true)
  static let lost = AIProviderError(.connection, "lost", isUnserved: false)
}
