import Domain
import Lifecycle

/// What a running copy says about itself, in its data folder and for scripts (`--ready-file`).
struct ReadyRecord: Sendable, Equatable {
  /// Where it answers.
  var url: String
  var ledger: String
  /// nil where the first key was made by another copy.
  var adminKeyFile: String?
  var pid: Int32
  /// The private database; nil where it is not ours, as its address may hold a password.
  var databaseURL: String?

  /// Writes it so that a reader finds all of it or nothing.
  func write(to path: String) throws {
    let record = JSON.object([
      "url": .text(url), "ledger": .text(ledger), "admin_key_file": adminKeyFile.map { .text($0) },
      "pid": .integer(Int64(pid)), "database_url": databaseURL.map { .text($0) },
    ])
    try AtomicFile.write(String(decoding: record.canonical, as: UTF8.self) + "\n", to: path)
  }

  /// Reads what ``write(to:)`` wrote; nil where there is none or it is something else.
  static func read(_ path: String) -> ReadyRecord? {
    guard let text = AtomicFile.read(path), let record = try? JSON(parsing: Array(text.utf8)),
      let url = record["url"]?.string, let ledger = record["ledger"]?.string, let pid = record["pid"]?.integer
    else { return nil }
    return ReadyRecord(
      url: url, ledger: ledger, adminKeyFile: record["admin_key_file"]?.string, pid: Int32(clamping: pid),
      databaseURL: record["database_url"]?.string)
  }
}
