import Compression
import Crypto
import Domain
import Foundation
import Testing

@testable import Archive
@testable import Exports

/// Personal parts stand beside the segments, where an erasure reaches them, and nowhere else.
@Suite struct PersonalTests {
  private static let log = SampleLog.events(300, seed: 9)

  /// The log, and an event that erases the personal parts of some positions.
  private func erasing(_ positions: [Int64]) -> [RecordedEvent] {
    let last = Self.log[299]
    return Self.log.map { event in
      var event = event
      if positions.contains(event.position) { (event.personal, event.salt) = (nil, nil) }
      return event
    } + [
      SampleLog.event(
        position: 301, type: "payload.erased", subject: "erasure/1", sequence: 1, recordedAt: last.recordedAt,
        data: .object(["positions": .array(positions.map { .integer($0) }), "reason": .text("a request")]),
        id: "erasure",
        occurredAt: last.recordedAt)
    ]
  }

  private static let withPersonal = log.filter { $0.personal != nil }.map(\.position)

  private func find(_ text: String, in folder: SampleFolder, parts: [String]) throws -> Bool {
    let dictionaries = try folder.files("dictionaries")
    for part in parts {
      for file in try folder.files(part) {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
        let dictionary = try dictionaries.first.map {
          ZstandardDictionary([UInt8](try Data(contentsOf: URL(fileURLWithPath: $0))))
        }
        let content =
          part == "dictionaries" ? bytes : try Zstandard.decompress(bytes, limit: 1 << 26, dictionary: dictionary)
        if String(decoding: content, as: UTF8.self).contains(text) { return true }
      }
    }
    return false
  }

  @Test func segmentsAndDictionariesHoldNothingOfAPerson() throws {
    let folder = SampleFolder()
    try folder.write(Self.log)
    #expect(try folder.files("dictionaries").count == 1)
    #expect(try find("user-3", in: folder, parts: ["personal"]))
    #expect(try !find("user-3", in: folder, parts: ["segments", "dictionaries"]))
    #expect(try !find(SampleLog.token("user-3"), in: folder, parts: ["dictionaries"]))
  }

  @Test func anErasureIsCarriedOutInTheFilesAndToldApartFromAbsence() throws {
    let folder = SampleFolder()
    try folder.write(Self.log)
    let erased = Array(Self.withPersonal.prefix(20))
    let log = erasing(erased)
    try folder.write(log)
    let report = try folder.verify()
    #expect(report.findings == [] && report.erased == 20 && report.events == 301)
    #expect(report.erasures.lines.count == 1)
    let actor = try #require(log.last).actor
    let words = "erased at position 301 by \(actor) because a request: 20 events (\(erased[0]), "
    #expect(report.erasures.lines.first?.hasPrefix(words) == true, "\(report.erasures.lines)")
    let contents = SegmentContents(ExportFolder(folder.path), ledger: "main")
    for segment in try folder.manifest.segments
    where FileManager.default.fileExists(atPath: ExportFolder(folder.path).personalPath(segment.sha256)) {
      for offset in try contents.beside(segment).parts.keys {
        #expect(!erased.contains(segment.first + Int64(offset)))
      }
    }
  }

  @Test func anAbsentPersonalPartIsAFindingWithoutAnErasure() throws {
    let folder = SampleFolder()
    try folder.write(Self.log)
    unlink(try folder.files("personal")[1])
    let report = try folder.verify()
    #expect(report.findings.first?.kind == .personalMissing)
    #expect(report.findings.first?.position == Self.withPersonal.first { $0 > 100 })
  }

  @Test func anOlderPersonalFileBringsNothingBackUnseen() throws {
    let folder = SampleFolder()
    try folder.write(Self.log)
    let old = try folder.files("personal")[0]
    let bytes = try Data(contentsOf: URL(fileURLWithPath: old))
    try folder.write(erasing([Self.withPersonal[0]]))
    try bytes.write(to: URL(fileURLWithPath: old))
    let report = try folder.verify()
    #expect(report.findings.map(\.kind) == [.erasurePending] && report.isRestorable)
  }

  @Test func anAlteredPersonalPartIsFound() throws {
    let folder = SampleFolder()
    var log = Self.log
    let index = Int(Self.withPersonal[3]) - 1
    log[index].personal = Array("{\"/user\":\"mallory\"}".utf8)
    try folder.write(log)
    #expect(try folder.verify().findings.map(\.position) == [Int64(index + 1)])
  }
}
