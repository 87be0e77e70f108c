/// The kinds of problems that the service answers with: the one table of slugs, titles and statuses that code, tests and OpenAPI
/// share. `type` is `/problems/<slug>` and never changes its meaning.
enum ProblemKind: String, CaseIterable, Sendable {
  case malformedJSON = "malformed-json"
  case invalidEvent = "invalid-event"
  case invalidRequest = "invalid-request"
  case invalidParameter = "invalid-parameter"
  case malformedTarget = "malformed-target"
  case unauthenticated = "unauthenticated"
  case authorisationStale = "authorisation-stale"
  case commandOnly = "command-only"
  case roleRequired = "role-required"
  case humanRequired = "human-required"
  case agentMayNotLoosen = "agent-may-not-loosen"
  case ledgerNotInScope = "ledger-not-in-scope"
  case sourceNotAllowed = "source-not-allowed"
  case notFound = "not-found"
  case unknownLedger = "unknown-ledger"
  case unknownBook = "unknown-book"
  case unknownQuery = "unknown-query"
  case methodNotAllowed = "method-not-allowed"
  case identityConflict = "identity-conflict"
  case sequenceConflict = "sequence-conflict"
  case beyondHead = "beyond-head"
  case bodyTooLarge = "body-too-large"
  case headersTooLarge = "headers-too-large"
  case unsupportedMediaType = "unsupported-media-type"
  case overloaded
  case tooManyReplays = "too-many-replays"
  case replayTooLarge = "replay-too-large"
  case internalFault = "internal"
  case unavailable
  case outcomeUnknown = "outcome-unknown"
  case stopping
  case clockSkew = "clock-skew"
  case logCorrupt = "log-corrupt"
  case logHalted = "log-halted"
  case notYetSigned = "not-yet-signed"
  case bookStopped = "book-stopped"
  case notYetPosted = "not-yet-posted"
  case timeLimit = "time-limit"

  /// HTTP status.
  var status: Int {
    switch self {
    case .malformedJSON, .invalidParameter, .malformedTarget, .beyondHead: 400
    case .invalidEvent, .invalidRequest: 422
    case .unauthenticated: 401
    case .commandOnly, .roleRequired, .humanRequired, .agentMayNotLoosen, .ledgerNotInScope, .sourceNotAllowed: 403
    case .notFound, .unknownLedger, .unknownBook, .unknownQuery: 404
    case .methodNotAllowed: 405
    case .identityConflict, .sequenceConflict: 409
    case .bodyTooLarge: 413
    case .unsupportedMediaType: 415
    case .overloaded, .tooManyReplays, .replayTooLarge: 429
    case .headersTooLarge: 431
    case .internalFault: 500
    case .authorisationStale, .unavailable, .outcomeUnknown, .stopping, .clockSkew, .logCorrupt, .logHalted,
      .notYetSigned, .bookStopped,
      .notYetPosted:
      503
    case .timeLimit: 504
    }
  }

  /// One line, always the same for the kind.
  var title: String {
    switch self {
    case .malformedJSON: "The body is no JSON that the ledger takes"
    case .invalidEvent: "An event does not fit the catalogue"
    case .invalidRequest: "The body does not fit the request"
    case .invalidParameter: "A parameter is not understood"
    case .malformedTarget: "The request's path or query is malformed"
    case .unauthenticated: "A valid key is needed"
    case .authorisationStale: "Who may is not known freshly enough"
    case .commandOnly: "Events of this type are written by commands alone"
    case .roleRequired: "The key has not the role for this"
    case .humanRequired: "Only people may do this"
    case .agentMayNotLoosen: "Agents may stop and tighten, never loosen"
    case .ledgerNotInScope: "The key does not reach this ledger"
    case .sourceNotAllowed: "The key may not append under this source"
    case .notFound: "There is nothing here"
    case .unknownLedger: "There is no such ledger"
    case .unknownBook: "There is no such book"
    case .unknownQuery: "The book has no such query"
    case .methodNotAllowed: "The path does not know this method"
    case .identityConflict: "The identity is taken by other content"
    case .sequenceConflict: "The subject has moved on"
    case .beyondHead: "The log does not reach there"
    case .bodyTooLarge: "The body is too large"
    case .headersTooLarge: "The header fields are too large"
    case .unsupportedMediaType: "The body's media type is not taken here"
    case .overloaded: "The service is busy; come back"
    case .tooManyReplays: "As many replays as may run are running"
    case .replayTooLarge: "The replay needs more room than it may take"
    case .internalFault: "The service made a mistake"
    case .unavailable: "The database is away"
    case .outcomeUnknown: "Whether it was written is not known; ask again with the same ids"
    case .stopping: "The service is stopping"
    case .clockSkew: "The clocks of database and service disagree"
    case .logCorrupt: "The stored log contradicts itself; writing stopped"
    case .logHalted: "The notary halted the ledger; a person must look at it"
    case .notYetSigned: "No checkpoint covers this yet"
    case .bookStopped: "The book stopped at an event that it cannot post"
    case .notYetPosted: "The book has not come that far yet"
    case .timeLimit: "It took longer than it may"
    }
  }
}
