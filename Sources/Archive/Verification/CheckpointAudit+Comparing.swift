import Domain
import Glibc
import Integrity

extension CheckpointAudit {
  /// Series up to here were given up: a person accepted that the log is no continuation of what was signed in them, and the
  /// log's key signed a later one. A later series that the key did not sign in says nothing.
  var superseded: Int {
    (stored + filed).reduce(1) { $1.isSigned ? max($0, $1.series) : $0 } - 1
  }

  /// Compares table and file, both in order.
  mutating func compare() {
    guard let path = options.checkpointFile else { return }
    guard access(path, F_OK) == 0 else {
      if let first = stored.first { note(.fileMissing, first.size) }
      return
    }
    let superseded = superseded
    let end = filed.last
    var place = 0
    for row in stored {
      while place < filed.count, filed[place].place < row.place {
        noteMissing(filed[place], isEnd: place == filed.count - 1, superseded)
        place += 1
      }
      if place < filed.count, filed[place].place == row.place {
        if filed[place].print != row.print { note(.different, row.size) }
        place += 1
      } else if row.series > superseded, let end, row.place < end.place {
        // Behind the file's end stand those that were signed after it was read.
        note(.notInFile, row.size)
      } else if end == nil {
        note(.notInFile, row.size)
      }
    }
    while place < filed.count {
      noteMissing(filed[place], isEnd: place == filed.count - 1, superseded)
      place += 1
    }
  }

  /// The file has a checkpoint before the table does, so its last one may be missing there.
  private mutating func noteMissing(_ kept: KeptCheckpoint, isEnd: Bool, _ superseded: Int) {
    if !isEnd, kept.series > superseded { note(.notInTable, kept.size) }
  }

  /// The roots that the log must give: of everything that its key signed, and of the auditor's own.
  var dues: [DueRoot] {
    var dues: [DueRoot] = []
    var prints: Set<UInt64> = []
    for row in stored where row.isSigned {
      prints.insert(row.print)
      dues.append(DueRoot(size: row.size, root: row.root, source: .table(series: row.series)))
    }
    for kept in filed where kept.isSigned && !prints.contains(kept.print) {
      dues.append(DueRoot(size: kept.size, root: kept.root, source: .file(series: kept.series)))
    }
    for (number, checkpoint) in own.enumerated() {
      dues.append(DueRoot(size: checkpoint.size, root: checkpoint.root, source: .own(number)))
    }
    return dues
  }

  /// What was compared.
  var summary: VerificationReport.Checkpoints {
    let signed = (stored + filed).filter(\.isSigned).map(\.size)
    return .init(
      table: Int64(stored.count), file: options.checkpointFile.map { _ in Int64(filed.count) },
      own: Int64(own.count), signedTo: signed.max() ?? 0, signedBy: signedBy,
      keyFrom: stored.isEmpty && filed.isEmpty && own.isEmpty ? nil : keyFrom)
  }

  /// What is wrong.
  func findings(behind start: Int64) -> [VerificationReport.Finding] {
    problems.map { problem in
      let (kind, what) = Self.words(problem)
      let more = problem.count > 1 ? ", and \(problem.count - 1) more" : ""
      return .init(position: problem.first, kind: kind, detail: what + more)
    }
  }

  private static func words(_ problem: Problem) -> (VerificationReport.Finding.Kind, String) {
    let of = "of \(Count(problem.first, "event"))"
    return switch problem.kind {
    case .lineUnreadable: (.record, "line \(problem.first) of the file of checkpoints was changed: it is none")
    case .fileUnordered: (.record, "the file of checkpoints is out of order at the one \(of)")
    case .fileHeadless: (.record, "the file of checkpoints lost its beginning: no line says who signs")
    case .fileMissing: (.record, "the file of checkpoints is gone, and the table has the one \(of)")
    case .rowUnreadable: (.record, "the table's row at position \(problem.first) is no checkpoint of it")
    case .notInFile: (.record, "the file lacks the checkpoint \(of), which the table has")
    case .notInTable: (.record, "the table lacks the checkpoint \(of), which the file has")
    case .different: (.record, "file and table have different checkpoints \(of)")
    case .fileUnsigned: (.signature, "the file's checkpoint \(of) is not signed by the log's key")
    case .tableUnsigned: (.signature, "the table's checkpoint \(of) is not signed by the log's key")
    case .ownUnsigned: (.signature, "the given checkpoint \(of) is not signed by a key that is known here")
    case .ownForeign: (.signature, "the given checkpoint \(of) is of another log")
    }
  }

  /// What is not wrong and still must be known.
  func notices(givenUp: [Int: Int]) -> [String] {
    var notices: [String] = []
    if stored.isEmpty && filed.isEmpty && own.isEmpty {
      notices.append("no checkpoint was held against it: what nobody signed can be rewritten whole")
    } else if keyFrom == "database" {
      notices.append("signatures were checked with the key that the database itself names: give --key to know better")
    }
    if options.checkpointFile == nil, !stored.isEmpty {
      notices.append("the file of checkpoints outside the database is not known here: give --checkpoints")
    }
    for (series, count) in givenUp.sorted(by: { $0.key < $1.key }) {
      let (origin, reason) = origins[series + 1] ?? ("", "")
      notices.append(
        """
        \(Count(count, "checkpoint")) of series \(series) \(count == 1 ? "is" : "are") not of this log: a person gave \
        it up for \(origin): \(reason)
        """)
    }
    return notices
  }
}
