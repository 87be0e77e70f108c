import Domain
import HTTP
import Log

extension API {
  /// What auditors read is recorded here; whoever exports is recorded whatever the roles. Hashes alone tell nobody anything.
  private static let recordedReads: Set<String> = [
    "readEvents", "readEvent", "followEvents", "readBook", "queryBook", "readReceipt", "readEntries", "readDecision",
  ]

  /// Notes what a call handed over.
  ///
  /// - Parameters:
  ///   - isContinued: True for more of an answer that was noted already.
  ///   - range: The first and the last position handed over.
  func noteRead(
    _ call: Call, records: Int, range: (first: Int64, last: Int64)? = nil, book: String? = nil,
    isExport: Bool = false, isContinued: Bool = false
  ) {
    let isAuditors =
      call.key.principal.roles.contains(.auditor) && Self.recordedReads.contains(call.endpoint.operationID)
    guard isExport || isAuditors else { return }
    let subject = call.request.queryValue("subject").flatMap { $0.utf8.count <= 256 ? $0 : nil }
    let line = AccessSheet.Line(
      ledger: call.ledger, endpoint: call.endpoint.operationID, book: book.map { String($0.prefix(256)) },
      address: String(call.request.remoteAddress.prefix(64)), subject: subject == "" ? nil : subject,
      isExport: isExport)
    let tally = AccessSheet.Tally(
      requests: isContinued ? 0 : 1, records: Int64(records), first: range?.first, last: range?.last)
    recorder.note(line, tally, by: call.key.principal)
  }

  /// Notes events that were handed over. Records of access are left out: following them would cause the next one.
  func noteRead(_ call: Call, events: [RecordedEvent], isExport: Bool = false, isContinued: Bool = false) {
    let counted = events.filter { $0.type != "access.recorded" }
    let range = counted.first.flatMap { first in counted.last.map { (first: first.position, last: $0.position) } }
    noteRead(call, records: counted.count, range: range, isExport: isExport, isContinued: isContinued)
  }
}
