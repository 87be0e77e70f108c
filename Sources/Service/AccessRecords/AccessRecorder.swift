import Control
import Domain
import Log
import Synchronization

/// Records who read what, in the ledger `system`: an event a key and minute at most, so that reading does not flood the log.
///
/// Noting a read costs a lock and never waits; what cannot be recorded now is recorded later.
final class AccessRecorder: Sendable {
  /// Keys whose reads are noted at a time at most: more than a deployment has, and a bound all the same.
  static let keysAtMost = 4_096

  private let registry: LedgerRegistry
  private let interval: Duration
  private let sheets = Mutex<[String: AccessSheet]>([:])

  init(_ registry: LedgerRegistry, every interval: Duration) {
    self.registry = registry
    self.interval = interval
  }

  /// Notes what was read.
  func note(_ line: AccessSheet.Line, _ tally: AccessSheet.Tally, by principal: Principal) {
    if tally.requests == 0 && tally.records == 0 { return }
    let now = Timestamp.now
    sheets.withLock { sheets in
      // Owner and rights of a key may change: the sheet keeps those of its first read.
      if sheets[principal.key] == nil {
        guard sheets.count < Self.keysAtMost else { return }
        sheets[principal.key] = AccessSheet(principal, at: now)
      }
      sheets[principal.key]?.add(line, tally, at: now)
    }
  }

  /// Records at intervals until cancelled.
  func run() async {
    while !Task.isCancelled {
      try? await Task.sleep(for: interval)
      await flush()
    }
  }

  /// Records what was noted.
  func flush() async {
    let taken = sheets.withLock { sheets in
      defer { sheets = [:] }
      return Array(sheets.values)
    }
    for sheet in taken {
      do {
        try await Self.record(sheet.record, by: sheet.principal, registry.writer(ControlState.systemLedger))
      } catch {
        putBack(sheet)
      }
    }
  }

  private func putBack(_ sheet: AccessSheet) {
    sheets.withLock { sheets in
      var whole = sheet
      if let later = sheets[sheet.principal.key] { whole.add(later) }
      sheets[sheet.principal.key] = whole
    }
  }

  /// Writes one record.
  static func record(_ body: JSON, by principal: Principal, _ writer: LedgerWriter) async throws {
    let id = FreshID.next()
    _ = try await writer.command(.recordAccess(body), by: principal, key: "access-\(id)", request: "", freshID: id)
  }
}
