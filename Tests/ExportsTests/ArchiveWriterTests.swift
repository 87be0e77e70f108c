import Crypto
import Domain
import Foundation
import Integrity
import Testing

@testable import Archive
@testable import Exports

/// The folder of an archive at every moment: what is there, what comes next, what may not happen.
@Suite struct ArchiveWriterTests {
  private static let log = SampleLog.events(420, seed: 21)

  @Test(arguments: 0..<2) func manySmallStepsEndWhereOneLargeOneDoes(seed: UInt64) throws {
    let (whole, grown) = (SampleFolder(), SampleFolder())
    try whole.write(Self.log)
    var random = SeededGenerator(seed: seed)
    var end = 0
    while end < Self.log.count {
      end = min(Self.log.count, end + Int.random(in: 1...130, using: &random))
      try grown.write(Array(Self.log.prefix(end)))
      let report = try grown.verify()
      #expect(report.findings == [] && report.events == Int64(end))
    }
    #expect(try grown.manifest.segments.map(\.last) == whole.manifest.segments.map(\.last))
    #expect(try grown.manifest.root == whole.manifest.root)
    #expect(try FileManager.default.contentsOfDirectory(atPath: grown.path + "/segments").count == 5)
  }

  /// A writer that stays open writes its last segment anew as events come.
  @Test func oneWriterMayBeSealedAgainAndAgain() throws {
    let folder = SampleFolder()
    do {
      let writer = try folder.writer(Self.log)
      for (index, event) in Self.log.enumerated() {
        try writer.append(event)
        if index % 37 == 0 { try writer.seal() }
      }
      try writer.seal()
    }
    #expect(try folder.verify().findings == [])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/segments").count == 5)
  }

  @Test func anotherLogIsNotAppended() throws {
    let folder = SampleFolder()
    try folder.write(Array(Self.log.prefix(150)))
    let other = SampleLog.events(420, seed: 22)
    #expect { try folder.write(other) } throws: { ($0 as? ArchiveError)?.code == .diverged }
    // The log shrank, then grew otherwise, within the segment that was sealed early.
    var forked = Self.log
    forked[140] = other[140]
    forked[140].sequence = Self.log[140].sequence
    #expect { try folder.write(forked) } throws: { ($0 as? ArchiveError)?.code == .diverged }
    #expect { try folder.write(Array(Self.log.prefix(120))) } throws: { ($0 as? ArchiveError)?.code == .diverged }
    #expect(try folder.verify().findings == [])
  }

  @Test func anAlteredFolderIsNotGoneOnWith() throws {
    let folder = SampleFolder()
    try folder.write(Array(Self.log.prefix(250)))
    let path = try folder.files("segments")[0]
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[40] ^= 1
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect { try folder.write(Self.log) } throws: { ($0 as? ArchiveError)?.code == .corrupt }
  }

  @Test func twoWritersDoNotShareAFolder() throws {
    let folder = SampleFolder()
    let writer = try folder.writer(Self.log)
    #expect { _ = try folder.writer(Self.log) } throws: { ($0 as? ArchiveError)?.code == .busy }
    _ = writer.position
  }

  @Test func aRangeFromTheMiddleVerifiesAgainstTheTreeBeforeIt() throws {
    let folder = SampleFolder()
    do {
      let writer = try ArchiveWriter(
        folder.path, ledger: "main", origin: SampleFolder.origin, from: 201, signer: SampleFolder.signer,
        edge: { SampleFolder.edge(Self.log, at: $0) })
      for event in Self.log[200..<300] { try writer.append(event) }
      try writer.seal()
    }
    let report = try folder.verify()
    #expect(report.findings == [] && report.first == 201 && report.last == 300)
    #expect(report.root == SampleFolder.edge(Self.log, at: 300).root)
  }

  @Test func anEventWhoseValuesWereChangedIsNotArchived() throws {
    var log = Self.log
    log[10].data = Array("{\"forged\":true}".utf8)
    #expect { try SampleFolder().write(log) } throws: { ($0 as? ArchiveError)?.code == .corrupt }
  }
}
