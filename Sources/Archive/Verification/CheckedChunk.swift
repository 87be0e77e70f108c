/// What a worker found in a range, in the order of its rows.
struct CheckedChunk: Sendable {
  /// What of an event the order of the whole log decides about.
  struct Event: Sendable {
    var position: Int64
    var recordedAt: Int64
    /// 0 where the row cannot be read.
    var subject: UInt64
    var identity: UInt64
    var sequence: Int64
  }

  var events: [Event] = []
  /// 32 bytes an event.
  var leaves: [UInt8] = []
  var findings: [VerificationReport.Finding] = []
  /// Positions whose personal part is gone.
  var absent: [Int64] = []
  /// Completions whose cost was made again.
  var costs: Int64 = 0

  mutating func find(_ kind: VerificationReport.Finding.Kind, _ position: Int64, _ detail: String) {
    guard findings.count < Verification.findingLimit else { return }
    findings.append(.init(position: position, kind: kind, detail: detail))
  }
}
