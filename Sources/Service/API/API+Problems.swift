import Control
import Domain
import HTTP
import Log
import Notary
import Postgres
import Projections

extension API {
  /// What a caller of an endpoint is told; what does not fit is an event's fault only where events are appended.
  func problem(_ error: any Error, _ endpoint: EndpointAccess) -> Problem {
    let problem: Problem
    if let error = error as? EventFaults, endpoint.operationID != "appendEvents" {
      problem = Problem(.invalidRequest, faults: error.faults)
    } else {
      problem = self.problem(error)
    }
    metrics.refusals[problem.slug].add()
    return problem
  }

  /// What a caller is told about a failure; every error that can reach a handler has a problem.
  func problem(_ error: any Error) -> Problem {
    switch error {
    case let error as RequestFault: Self.problem(error)
    case let error as EventFaults: Self.problem(error.faults)
    case let error as WriteError: Self.problem(error)
    case let error as AccessRefusal: Self.problem(error)
    case let error as AuthenticationFailure:
      Problem(error == .unauthenticated ? .unauthenticated : .authorisationStale, error.detail)
    case let error as ProjectionError: Self.problem(error)
    case PublishedLog.NoProof.notYetSigned(let position):
      Problem(.notYetSigned, members: ["signed_position": .integer(position)])
    case let error as LogError:
      Problem(
        error.code == .unknownLedger ? .unknownLedger : error.code == .beyondHead ? .beyondHead : .logCorrupt,
        error.detail)
    case let error as PostgresError:
      Problem(error.code == .server && !error.isPassing && !error.isLoss ? .internalFault : .unavailable)
    default: Problem(.internalFault)
    }
  }

  private static func problem(_ fault: RequestFault) -> Problem {
    let kind: ProblemKind =
      switch fault.code {
      case .malformedJSON: .malformedJSON
      case .invalidEvent: .invalidEvent
      case .invalidRequest: .invalidRequest
      case .invalidParameter: .invalidParameter
      case .unsupportedMediaType: .unsupportedMediaType
      case .notFound: .notFound
      }
    return Problem(kind, fault.detail, faults: fault.faults)
  }

  /// Faults of an append: what is no JSON, then what only commands may write, then what does not fit the catalogue.
  private static func problem(_ faults: [ValidationFault]) -> Problem {
    let codes = Set(faults.map(\.code))
    let kind: ProblemKind =
      if !codes.isDisjoint(with: JSONFault.stoppingCodes) {
        .malformedJSON
      } else if codes.contains("command-only") { .commandOnly } else { .invalidEvent }
    return Problem(kind, faults: faults)
  }

  private static func problem(_ error: WriteError) -> Problem {
    switch error.code {
    case .overloaded: Problem(.overloaded, error.detail)
    case .unavailable: Problem(.unavailable, error.detail)
    case .outcomeUnknown: Problem(.outcomeUnknown, error.detail)
    case .stopping: Problem(.stopping, error.detail)
    case .clockSkew: Problem(.clockSkew, error.detail)
    case .unknownLedger: Problem(.unknownLedger)
    case .corrupt: Problem(.logCorrupt, error.detail)
    case .halted: Problem(.logHalted, error.detail)
    case .internalFault: Problem(.internalFault, error.detail)
    case .refused(let refusal): Problem(refusal: refusal.code, status: refusal.status, detail: refusal.detail)
    case .identityConflict(let index, let fields):
      Problem(
        .identityConflict, error.detail,
        members: ["index": .integer(Int64(index)), "fields": .array(fields.map { .text($0) })])
    case .sequenceConflict(let index, let expected, let actual):
      Problem(
        .sequenceConflict, error.detail,
        members: [
          "index": .integer(Int64(index)), "expectedsequence": .integer(expected), "sequence": .integer(actual),
        ])
    }
  }

  private static func problem(_ refusal: AccessRefusal) -> Problem {
    guard let kind = ProblemKind(rawValue: refusal.code) else {
      preconditionFailure("\(refusal.code) is not among the problems")
    }
    return Problem(kind, refusal.detail, members: refusal.index.map { ["index": .integer(Int64($0))] } ?? [:])
  }

  private static func problem(_ error: ProjectionError) -> Problem {
    let kind: ProblemKind =
      switch error.code {
      case .unknownBook: .unknownBook
      case .unknownQuery: .unknownQuery
      case .unknownLedger: .unknownLedger
      case .badParameters: .invalidParameter
      case .notYetPosted: .notYetPosted
      case .beyondHead: .beyondHead
      case .tooManyReplays: .tooManyReplays
      case .timeLimit: .timeLimit
      case .spaceLimit: .replayTooLarge
      case .stopped: .bookStopped
      case .unavailable: .unavailable
      default: .internalFault
      }
    let faults = error.faults.map {
      ValidationFault(pointer: "?\($0.parameter)", code: $0.code, detail: $0.detail)
    }
    return Problem(
      kind, error.message, faults: faults, members: error.position.map { ["position": .integer($0)] } ?? [:])
  }

  /// What never reached a handler.
  static func rejection(_ reason: HTTPServer.RejectionReason) -> HTTPResponse {
    switch reason {
    case .bodyTooLarge: Problem(.bodyTooLarge).response()
    case .overloaded: Problem(.overloaded).response([("Retry-After", "1")])
    case .malformedPath, .malformedFraming: Problem(.malformedTarget).response()
    case .headersTooLarge: Problem(.headersTooLarge).response()
    case .stopping: Problem(.stopping).response([("Retry-After", "2")])
    case .faultyResponse: Problem(.internalFault).response()
    case .deadline: Problem(.timeLimit).response()
    }
  }
}
