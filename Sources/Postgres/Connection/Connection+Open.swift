import CPostgres
import Glibc

extension Connection {
  /// Connects without blocking beyond the settings' timeout; resolving a host's name is the one part libpq blocks in.
  static func open(_ settings: ConnectionSettings) throws(PostgresError) -> OpaquePointer {
    let keywords = try settings.keywords()
    guard let handle = start(keywords) else {
      throw PostgresError(code: .connectFailed, message: "out of memory")
    }
    do throws(PostgresError) {
      try finishOpening(handle, deadline: .now + settings.connectTimeout)
    } catch {
      PQfinish(handle)
      throw error
    }
    // Notices are for people at a terminal; libpq would print them to ours.
    PQsetNoticeProcessor(handle, { _, _ in }, nil)
    PQsetnonblocking(handle, 1)
    return handle
  }

  private static func start(_ keywords: [(keyword: String, value: String)]) -> OpaquePointer? {
    let names = keywords.map { strdup($0.keyword) }
    let values = keywords.map { strdup($0.value) }
    defer { for text in names + values { free(text) } }
    let namePointers = names.map { UnsafePointer($0) } + [nil]
    let valuePointers = values.map { UnsafePointer($0) } + [nil]
    return PQconnectStartParams(namePointers, valuePointers, 0)
  }

  private static func finishOpening(
    _ handle: OpaquePointer, deadline: ContinuousClock.Instant
  ) throws(PostgresError) {
    var interest = Readiness.write
    while PQstatus(handle) != CONNECTION_BAD {
      guard Readiness.wait(on: PQsocket(handle), for: interest, until: deadline) != nil else {
        throw PostgresError(code: .connectFailed, message: "no answer within the connect timeout")
      }
      switch PQconnectPoll(handle) {
      case PGRES_POLLING_OK: return
      case PGRES_POLLING_READING: interest = .read
      case PGRES_POLLING_WRITING: interest = .write
      default: throw connectFailure(handle)
      }
    }
    throw connectFailure(handle)
  }

  /// What libpq says names host, user and database, and no password.
  private static func connectFailure(_ handle: OpaquePointer) -> PostgresError {
    PostgresError(code: .connectFailed, message: String(cString: PQerrorMessage(handle)).trimmedLine)
  }
}
