import DaybookClient
import Domain
import Lifecycle
import Log
import Notary
import Postgres
import Projections
import Service

/// How a command failed: what people are told, and what scripts see.
struct Failure {
  let message: String
  let exitCode: ExitCode

  init(_ error: any Error) {
    switch error {
    case let error as UsageError: (message, exitCode) = (error.description, .usage)
    case let error as CheckFailure: (message, exitCode) = (error.message, .failed)
    case let error as LifecycleError: (message, exitCode) = (error.message, .unavailable)
    case let error as DaybookError: (message, exitCode) = (Self.text(error), Self.exitCode(error))
    case let error as PostgresError:
      message = "the database: \(error)"
      exitCode = error.code == .server || error.code == .misuse ? .failed : .unavailable
    case let error as ProjectionError: (message, exitCode) = (error.description, Self.exitCode(error))
    case let error as LogError:
      (message, exitCode) = (error.detail, error.code == .corrupt ? .failed : .usage)
    case let error as WriteError: (message, exitCode) = (error.detail, .unavailable)
    case let error as NotaryError: (message, exitCode) = (error.message, .unavailable)
    case is CancellationError: (message, exitCode) = ("interrupted", .unavailable)
    default: (message, exitCode) = ("\(error)", .failed)
    }
  }

  /// The problem in the server's own words, and every fault that it found.
  private static func text(_ error: DaybookError) -> String {
    guard error.status != nil else {
      let hint = error.code == .connection ? " (is the service running? `daybook up` starts one)" : ""
      return error.message + hint
    }
    var text = error.title ?? error.message
    if let detail = error.detail, detail != error.title { text += ": \(detail)" }
    if let problem = error.problem { text += " [\(error.status ?? 0) \(problem)]" }
    for fault in error.faults {
      text += "\n  "
      if let index = fault.index { text += "event \(index): " }
      if !fault.pointer.isEmpty { text += "\(fault.pointer): " }
      text += "\(fault.detail) (\(fault.code))"
    }
    return text
  }

  private static func exitCode(_ error: DaybookError) -> ExitCode {
    if error.code == .configuration || error.code == .insecure { return .usage }
    let usage = ["invalid-parameter", "unknown-book", "unknown-query"]
    if let problem = error.problem, usage.contains(problem) { return .usage }
    return error.isRetryable ? .unavailable : .failed
  }

  private static func exitCode(_ error: ProjectionError) -> ExitCode {
    let usage: [ProjectionError.Code] = [.unknownBook, .unknownQuery, .unknownLedger, .badParameters, .beyondHead]
    let away: [ProjectionError.Code] = [.unavailable, .tooManyReplays, .timeLimit, .notYetPosted, .alreadyBuilding]
    return usage.contains(error.code) ? .usage : away.contains(error.code) ? .unavailable : .failed
  }
}

/// A check that did not hold.
struct CheckFailure: Error {
  var message: String
  init(_ message: String) { self.message = message }
}
