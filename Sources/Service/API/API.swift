import Control
import Crypto
import Domain
import Foundation
import HTTP
import Log
import Notary
import Postgres
import Projections
import Synchronization

/// The HTTP interface: finds the endpoint, knows who asks, checks that they may, and hands over.
final class API: Sendable {
  let registry: LedgerRegistry
  let readers: ConnectionPool
  let books: BookQueries
  let statuses: BookStatuses
  let comparisons: BookComparisons
  let metrics: ServiceMetrics
  let stopping: StoppingFlag
  let tiers: Tiers
  let eraser: Eraser
  let recorder: AccessRecorder
  let tiles = TileMemory()
  private let router = Router()
  private let refusals = Mutex(RefusalBudget())

  init(
    registry: LedgerRegistry, readers: ConnectionPool, books: BookQueries, statuses: BookStatuses,
    comparisons: BookComparisons, metrics: ServiceMetrics, stopping: StoppingFlag, tiers: Tiers, eraser: Eraser,
    recorder: AccessRecorder
  ) {
    self.registry = registry
    self.readers = readers
    self.books = books
    self.statuses = statuses
    self.comparisons = comparisons
    self.metrics = metrics
    self.stopping = stopping
    self.tiers = tiers
    self.eraser = eraser
    self.recorder = recorder
  }

  /// Answers a request; never throws, as every failure has a problem document.
  func handle(_ request: HTTPRequest) async -> HTTPResponse {
    let started = ContinuousClock.now
    // A HEAD is a GET whose body is not sent; the server sees to that.
    let method = request.method == "HEAD" ? "GET" : request.method
    var operation: String?
    let response: HTTPResponse
    switch router.match(method: method, path: request.path) {
    case .endpoint(let endpoint, let parameters):
      operation = endpoint.operationID
      response = await answer(request, endpoint, parameters)
    case .methodNotAllowed(let allow):
      response =
        unauthenticated(request) ?? Problem(.methodNotAllowed).response([("Allow", allow.joined(separator: ", "))])
    case .notFound:
      response = unauthenticated(request) ?? Problem(.notFound, "There is nothing at this path.").response()
    }
    metrics.answered(operation: operation, status: response.status, took: ContinuousClock.now - started)
    return response
  }

  private func answer(
    _ request: HTTPRequest, _ endpoint: EndpointAccess, _ parameters: [String: String]
  ) async -> HTTPResponse {
    if endpoint.reach == .open { return await openEndpoint(endpoint.operationID) }
    let key: AuthenticatedKey
    do { key = try authenticate(request) } catch { return problem(error).response(challenge(error)) }
    let call = Call(request: request, endpoint: endpoint, parameters: parameters, key: key)
    do {
      try key.check(endpoint, ledger: parameters["ledger"])
    } catch {
      await record(error, call)
      return problem(error).response()
    }
    do {
      return try await dispatch(call)
    } catch {
      if let refusal = error as? AccessRefusal { await record(refusal, call) }
      if let refusal = Self.refusedRight(error, call) { await record(refusal, call) }
      return problem(error, call.endpoint).response(retryHeaders(error))
    }
  }

  /// Who asks; fails closed while the state that says so is older than a second.
  func authenticate(_ request: HTTPRequest) throws(AuthenticationFailure) -> AuthenticatedKey {
    guard let board = try? registry.writer("system").board.current, let control = board.control,
      let freshAt = board.freshAt
    else { throw .stale }
    return try KeyDirectory(control).authenticate(
      authorization: request.header("Authorization"), now: .now, age: ContinuousClock.now - freshAt)
  }

  /// How the key of a call stands by now; feeds look before they send.
  func standing(_ call: Call) -> KeyDirectory.Standing {
    guard let board = try? registry.writer("system").board.current, let control = board.control,
      let freshAt = board.freshAt
    else { return .unknown }
    return KeyDirectory(control).standing(
      ofKey: call.key.principal.key, now: .now, age: ContinuousClock.now - freshAt)
  }

  /// Waits until a feed may send; false where it is over.
  func maySend(_ call: Call) async throws -> Bool {
    while !stopping.isSet {
      switch standing(call) {
      case .allowed: return true
      case .ended: return false
      case .unknown: try await Task.sleep(for: Self.heartbeat)
      }
    }
    return false
  }

  /// Waits until an answer that outlives the check at its start may go on.
  ///
  /// - Throws: where the key has ended: what is cut short must not look whole.
  func awaitStanding(_ call: Call) async throws {
    while true {
      switch standing(call) {
      case .allowed: return
      case .ended: throw AuthenticationFailure.unauthenticated
      case .unknown: try await Task.sleep(for: Self.heartbeat)
      }
    }
  }

  /// Strangers learn nothing about paths.
  private func unauthenticated(_ request: HTTPRequest) -> HTTPResponse? {
    do {
      _ = try authenticate(request)
      return nil
    } catch { return problem(error).response(challenge(error)) }
  }

  private func challenge(_ failure: AuthenticationFailure) -> [(name: String, value: String)] {
    failure == .unauthenticated ? [("WWW-Authenticate", "Bearer realm=\"daybook\"")] : [("Retry-After", "1")]
  }

  private func retryHeaders(_ error: any Error) -> [(name: String, value: String)] {
    [429, 503].contains(problem(error).status) ? [("Retry-After", "1")] : []
  }

  /// What the ledger itself refused as not this caller's to do, such as loosening to an agent or granting to the requester's
  /// own owner: recorded as a lack of a role is.
  private static func refusedRight(_ error: any Error, _ call: Call) -> AccessRefusal? {
    guard let error = error as? WriteError, case .refused(let refusal) = error.code, refusal.status == 403 else {
      return nil
    }
    return AccessRefusal(operation: call.endpoint.operationID, reason: .ledgerSaid(refusal.code, refusal.detail))
  }

  /// Writes a refusal into the ledger that was asked for, within the key's budget; into `system` where there is none.
  private func record(_ refusal: AccessRefusal, _ call: Call) async {
    let now = Timestamp.now
    guard case .record(let suppressed) = refusals.withLock({ $0.take(key: call.key.principal.key, now: now) }) else {
      return
    }
    let named = call.parameters["ledger"].flatMap { call.key.reaches($0) ? $0 : nil }
    let body = refusal.record(method: call.request.method, suppressed: suppressed)
    do {
      let writer = try (try? registry.writer(named ?? "system")) ?? registry.writer("system")
      let id = FreshID.next()
      _ = try await writer.command(
        .recordRefusal(body), by: call.key.principal, key: "refusal-\(id)", request: "", freshID: id)
    } catch {
      refusals.withLock { $0.restore(key: call.key.principal.key, suppressed: suppressed) }
    }
  }
}

/// One request that was let in.
struct Call: Sendable {
  let request: HTTPRequest
  let endpoint: EndpointAccess
  let parameters: [String: String]
  let key: AuthenticatedKey

  /// A parameter of the path, which the router filled.
  func parameter(_ name: String) -> String {
    guard let value = parameters[name] else { preconditionFailure("\(endpoint.path) has no {\(name)}") }
    return value
  }
  /// The ledger in the path.
  var ledger: String { parameter("ledger") }
}
