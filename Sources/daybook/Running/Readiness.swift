import DaybookClient
import Domain
import Lifecycle

/// Waits until the parts of a deployment answer.
struct Readiness: Sendable {
  let serveFile: String
  let listening: Listening
  private static let interval: Duration = .milliseconds(50)

  /// The address at which everything answers; nil when the end was asked for first.
  ///
  /// - Throws: ``LifecycleError`` with `.boundExceeded` and the last word of the service.
  func wait(_ bound: Duration, _ shutdown: GracefulShutdown) async throws -> String? {
    let deadline = ContinuousClock.now + bound
    var reason = "the api does not answer"
    while ContinuousClock.now < deadline {
      if await shutdown.isRequested(within: Self.interval) { return nil }
      try Task.checkCancellation()
      guard let text = AtomicFile.read(serveFile), let record = try? JSON(parsing: Array(text.utf8)),
        let port = record["port"]?.integer
      else { continue }
      let url = listening.url(port: Int(port))
      // A certificate of one's own making is not trusted here; then that the api listens has to be enough.
      if listening.tls != nil { return url }
      do {
        _ = try await Daybook(url: url, key: "none").send("GET", "/readyz", retry: .never)
        return url
      } catch let error as DaybookError {
        reason = error.detail ?? error.message
        // A ledger that the notary halted waits for a person, who must be able to look at it.
        if reason.hasPrefix("notary: ") { return url }
      }
    }
    throw LifecycleError(.boundExceeded, "not ready within \(bound.components.seconds) s: \(reason)")
  }
}
