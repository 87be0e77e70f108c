import Compression
import Domain

/// Finds which positions the erasures of an export name, before anything of it is used: it is read without being
/// checked, and
/// only what could be an erasure is parsed.
public enum ErasureScan {
  private static let name = Array("payload.erased".utf8)

  /// What was found.
  public struct Erasures: Sendable {
    /// The positions that the erasures name.
    public var positions: Set<Int64> = []
    /// The data of each erasure.
    public var data: [[UInt8]] = []
  }

  /// The erasures of a folder or a file of records.
  ///
  /// - Parameter isThorough: Takes every segment apart. Else only those whose text has the type as one word, which it is as
  ///   long as no column of types happens to begin like it.
  /// - Throws: `ExportError`; a verification tells more.
  public static func erasures(_ path: String, isThorough: Bool) throws -> Erasures {
    var found = Erasures()
    guard ExportFile.isFolder(path) else {
      try RecordFile.forEachLine(path, progress: { _ in }) { _, line in take(line, &found) }
      return found
    }
    let folder = ExportFolder(path)
    let manifest = try folder.manifest().manifest
    let contents = SegmentContents(folder, ledger: manifest.ledger)
    for segment in manifest.segments {
      let text = try contents.text(of: segment)
      guard isThorough || mentions(text) else { continue }
      try SegmentReader(text, format: SegmentContents.format).forEach { _, record in take(record, &found) }
    }
    return found
  }

  private static func take(_ record: [UInt8], _ found: inout Erasures) {
    guard mentions(record), let root = try? JSONDocument(record, limits: ExportedEvent.limits).root,
      root["type"]?.isString("payload.erased") == true
    else { return }
    if let data = root["data"] { found.data.append(data.canonical) }
    for position in root["data"]?["positions"]?.elements ?? [] {
      if let position = position.integer { found.positions.insert(position) }
    }
  }

  private static func mentions(_ text: [UInt8]) -> Bool {
    text.withUnsafeBufferPointer { bytes in
      var at = 0
      let last = bytes.count - name.count
      while at <= last {
        if bytes[at] == name[0], bytes[at + 8] == name[8], name.indices.allSatisfy({ bytes[at + $0] == name[$0] }) {
          return true
        }
        at += 1
      }
      return false
    }
  }
}
