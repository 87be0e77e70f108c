import Domain
public import Integrity

/// Verifies an export from its files alone: no database, no service, and no code of the rooms that wrote it.
///
/// Memory grows by about 50 bytes an event, for the sequences of subjects and the identities; nothing else of the log
/// is
/// kept.
public struct ExportVerifier: Sendable {
  /// Keys of the log, of whoever signed the manifest, and of witnesses.
  public var keys: [VerifierKey] = []
  /// Signed checkpoints that the log must fit, as they were published or kept by somebody.
  public var checkpoints: [SignedNote] = []
  /// True where the first finding ends it: for who goes on only with an export that has none.
  public var endsAtFirstFinding = false
  /// Called now and then with what is done and what there is: events of a folder, bytes of a file.
  public var progress: @Sendable (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
  /// Is given each event after it was checked, as long as nothing is wrong; what it throws ends the verification.
  public var visit: (@Sendable (ExportedEvent) throws -> Void)?

  /// Verifies against nothing but what the export says itself.
  public init() {}

  /// Verifies a folder with segments, or a file of records.
  ///
  /// - Throws: `ExportError` `missing` where there is nothing at the path, `unreadable` where it is nothing of ours;
  ///   and what
  ///   `visit` throws. What is wrong with an export stands in the report.
  public func verify(_ path: String) throws -> ExportReport {
    ExportFile.isFolder(path) ? try verifyFolder(ExportFolder(path)) : try verifyFile(path)
  }

  private func verifyFolder(_ folder: ExportFolder) throws -> ExportReport {
    let (note, checkpoint, manifest): (SignedNote, Checkpoint, ExportManifest)
    do throws(ExportError) { (note, checkpoint, manifest) = try folder.manifest() } catch {
      // What is not there at all is no export; what is there and wrong is a finding.
      if error.code == .missing && ExportFile.size(folder.notePath) == nil { throw error }
      var report = ExportReport()
      report.find(error.code == .missing ? .missing : Self.kind(error), 0, error.detail)
      return report
    }
    var check = LogCheck(after: manifest.start, first: manifest.first)
    (check.report.ledger, check.report.first) = (manifest.ledger, manifest.first)
    checkSignature(note, "the manifest's note", checkpoint.size, &check.report)
    if checkpoint.origin != manifest.origin || checkpoint.size != manifest.last || checkpoint.root != manifest.root {
      check.report.find(.signature, 0, "\(ExportFolder.note) and the manifest tell another origin, size or root")
    }
    expectCheckpoints(&check, checkpoints + publishedCheckpoint(folder, &check.report), origin: manifest.origin)
    requireSignature(&check.report)
    try verifySegments(folder, manifest, &check)
    check.finish()
    return check.report
  }

  private func verifySegments(_ folder: ExportFolder, _ manifest: ExportManifest, _ check: inout LogCheck) throws {
    let contents = SegmentContents(folder, ledger: manifest.ledger)
    for segment in manifest.segments {
      if endsAtFirstFinding && !check.report.isClean { return }
      if segment.first != check.next {
        check.report.find(
          .gap, min(check.next, segment.first),
          "the manifest goes on at \(segment.first) where \(check.next) should follow: a segment was dropped or moved"
        )
        check.skip(to: segment.first)
      }
      let name = "the root that the manifest names for position \(segment.last)"
      check.expectations[segment.last, default: []].append(.init(root: segment.root, kind: .root, name: name))
      do {
        try verify(segment, contents, &check)
        check.report.segments += 1
      } catch let fault as ExportError {
        let at = check.next
        check.report.find(Self.kind(fault), at, "positions \(at) to \(segment.last): \(fault.detail)")
        check.expectations[segment.last] = nil
        check.skip(to: segment.last + 1)
      }
      progress(check.next - manifest.first, manifest.last - manifest.first + 1)
    }
  }

  private func verify(
    _ segment: ExportManifest.Segment, _ contents: SegmentContents, _ check: inout LogCheck
  ) throws {
    var personalFault: ExportError?
    try contents.forEach(of: segment) { fault in
      personalFault = fault
    } _: { exported in
      check.check(exported, personalGiven: personalFault == nil)
      if check.report.isClean { try visit?(exported) }
    }
    if let personalFault {
      check.report.find(
        .personal, segment.first,
        "the personal parts of \(segment.first) to \(segment.last) cannot be read: \(personalFault.detail)")
    }
  }

  private static func kind(_ error: ExportError) -> ExportReport.Finding.Kind {
    switch error.code {
    case .missing: .missing
    case .altered: .digest
    case .foreign: .swapped
    default: .unreadable
    }
  }

  /// Verifies a file of records, which has no manifest: gaps, hashes and order, and the tree where it begins at 1.
  private func verifyFile(_ path: String) throws -> ExportReport {
    let total = ExportFile.size(path) ?? 0
    var check: LogCheck?
    do {
      try RecordFile.forEachLine(path, progress: { progress($0, total) }) { number, line in
        if endsAtFirstFinding, check?.report.isClean == false { return }
        var known: LogCheck
        if let check { known = check } else { known = try self.check(fromFirst: line) }
        // The check must not be copied: its tables are large.
        check = nil
        defer { check = known }
        do {
          let exported = try ExportedEvent(record: line, ledger: known.report.ledger, position: nil)
          known.check(exported, personalGiven: true)
          if known.report.isClean { try visit?(exported) }
        } catch let error as ExportError {
          let at = known.next
          known.report.find(Self.kind(error), at, "line \(number): \(error.detail)")
          known.skip(to: at + 1)
        }
      }
    } catch let error as ExportError {
      guard let at = check?.next else { throw error }
      check?.report.find(Self.kind(error), at, error.detail)
    }
    guard var check else { throw ExportError(.unreadable, "\(ExportFile.name(path)) has no records") }
    check.finish()
    return check.report
  }

  private func check(fromFirst line: [UInt8]) throws(ExportError) -> LogCheck {
    let ledger = try Self.ledger(line)
    let first = try ExportedEvent(record: line, ledger: ledger, position: nil).event.position
    var check = LogCheck(after: first == 1 ? TreeEdge() : nil, first: first)
    (check.report.ledger, check.report.first) = (ledger, first)
    expectCheckpoints(&check, checkpoints, origin: nil)
    if !checkpoints.isEmpty { requireSignature(&check.report) }
    return check
  }

  private static func ledger(_ line: [UInt8]) throws(ExportError) -> String {
    guard let ledger = ExportedEvent.ledger(line) else {
      throw ExportError(.unreadable, "the first line is no record of a log with its ledger and position")
    }
    return ledger
  }
}

extension ExportVerifier {
  /// A known key's signature must be right; what unknown keys signed says nothing.
  private func checkSignature(_ note: SignedNote, _ what: String, _ size: Int64, _ report: inout ExportReport) {
    guard note.signatures.contains(where: { line in keys.contains { $0.claims(line) } }) else { return }
    do {
      for key in try note.verified(by: keys) where !report.signedBy.contains(key.name) {
        report.signedBy.append(key.name)
      }
      report.signedTo = max(report.signedTo, size)
    } catch { report.find(.signature, 0, "\(what): \(error.detail)") }
  }

  private func requireSignature(_ report: inout ExportReport) {
    if keys.isEmpty || !report.signedBy.isEmpty { return }
    report.find(.signature, 0, "none of the keys that were given signed the manifest or a checkpoint")
  }

  private func publishedCheckpoint(_ folder: ExportFolder, _ report: inout ExportReport) -> [SignedNote] {
    guard ExportFile.size(folder.checkpointPath) != nil else { return [] }
    do {
      return [try SignedNote(parsing: try ExportFile.read(folder.checkpointPath, limit: SignedNote.bytesAtMost))]
    } catch {
      report.find(.unreadable, 0, "the folder's checkpoint cannot be read")
      return []
    }
  }

  private func expectCheckpoints(_ check: inout LogCheck, _ notes: [SignedNote], origin: String?) {
    for note in notes {
      guard let checkpoint = try? Checkpoint(text: note.text) else {
        check.report.find(.unreadable, 0, "a checkpoint cannot be read")
        continue
      }
      if let origin, checkpoint.origin != origin {
        check.report.find(.signature, 0, "a checkpoint is of another log: \(checkpoint.origin)")
        continue
      }
      checkSignature(note, "a checkpoint", checkpoint.size, &check.report)
      if checkpoint.size < check.next { continue }
      let name = "the root of the checkpoint of \(Count(checkpoint.size, "event"))"
      check.expectations[checkpoint.size, default: []].append(
        .init(root: checkpoint.root, kind: .checkpoint, name: name))
    }
  }
}
