import Control
import Domain
import Log
public import Postgres

/// Records what a program read from a database itself, past every service.
public enum DirectAccess {
  /// What was read.
  public struct Read: Sendable {
    /// Whose log.
    public var ledger: String
    /// The command that read, such as `export`.
    public var command: String
    /// The machine that it ran on.
    public var address: String
    /// The person's login at that machine.
    public var account: String
    /// How many events.
    public var records: Int64
    /// The first and the last position; nil where there were none.
    public var range: (first: Int64, last: Int64)?

    /// Makes a record.
    public init(
      ledger: String, command: String, address: String, account: String, records: Int64,
      range: (first: Int64, last: Int64)?
    ) {
      self.ledger = ledger
      self.command = command
      self.address = address
      self.account = account
      self.records = records
      self.range = range
    }
  }

  /// Writes `access.recorded` into the ledger `system`; the key is the database's login.
  ///
  /// - Throws: `WriteError` or `PostgresError` where the database cannot be written, be it a replica or for lack of rights.
  public static func record(_ read: Read, _ settings: ConnectionSettings) async throws {
    var login = settings
    login.role = nil
    let connection = try Connection(login)
    defer { connection.close() }
    let user = try connection.execute("SELECT session_user::text").string(0, 0)
    let name = String(user.unicodeScalars.map { $0.value > 0x20 && $0.value < 0x7F ? Character($0) : "_" })
    let principal = Principal(
      key: "database:\(name.prefix(100))", kind: .service, owner: String(read.account.prefix(200)), roles: [])
    var sheet = AccessSheet(principal, at: .now)
    sheet.add(
      .init(
        ledger: read.ledger, endpoint: read.command, book: nil, address: String(read.address.prefix(64)),
        subject: nil, isExport: true),
      .init(requests: 1, records: read.records, first: read.range?.first, last: read.range?.last), at: .now)
    let writer = LedgerWriter(ledger: ControlState.systemLedger, settings: settings, zones: ReportingZones.table)
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await AccessRecorder.record(sheet.record, by: principal, writer)) } catch {
      outcome = .failure(error)
    }
    await writer.close()
    try outcome.get()
  }
}
