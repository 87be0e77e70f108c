import Glibc
import Postgres
import Service

/// Puts on record that a command read a log from its database, past every service.
enum DirectRecord {
  /// Records it in the ledger `system`; where that cannot be, says so and goes on: a replica takes no events, and a login
  /// that reads only shall not be kept from reading.
  static func note(
    _ command: String, _ invocation: Invocation, database: String, records: Int64, range: (Int64, Int64)?
  ) async {
    if records == 0 { return }
    let read = DirectAccess.Read(
      ledger: invocation.ledger, command: command, address: machine, account: account, records: records,
      range: range.map { (first: $0.0, last: $0.1) })
    let settings = ConnectionSettings(url: database, applicationName: "daybook \(command)")
    do { try await DirectAccess.record(read, settings) } catch {
      Console.tell("\(command): that it read the log is not on record, as the ledger system cannot be written here")
    }
  }

  /// The machine's name.
  private static var machine: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "" }
    return String(decoding: name.prefix(while: { $0 != 0 }).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The login that runs this program.
  private static var account: String {
    getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) } ?? "uid \(getuid())"
  }
}
