import Compression
import Domain

/// Finds which positions the erasures of an export name, before anything of it is used: it is read without being
/// checked, and
/// only what could be an erasure is parsed.
public enum ErasureScan {
  private static let name = Array("payload.erased".utf8)

  /// The positions, in any order.
  ///
  /// - Throws: `ExportError`; a verification tells more.
  public static func positions(_ path: String) throws -> Set<Int64> {
    var positions: Set<Int64> = []
    guard ExportFile.isFolder(path) else {
      try RecordFile.forEachLine(path, progress: { _ in }) { _, line in take(line, &positions) }
      return positions
    }
    let folder = ExportFolder(path)
    let manifest = try folder.manifest().manifest
    let contents = SegmentContents(folder, ledger: manifest.ledger)
    for segment in manifest.segments {
      let text = try contents.text(of: segment)
      guard mentions(text) else { continue }
      try SegmentReader(text, format: SegmentContents.format).forEach { _, record in take(record, &positions) }
    }
    return positions
  }

  private static func take(_ record: [UInt8], _ positions: inout Set<Int64>) {
    guard mentions(record), let root = try? JSONDocument(record, limits: ExportedEvent.limits).root,
      root["type"]?.isString("payload.erased") == true
    else { return }
    for position in root["data"]?["positions"]?.elements ?? [] {
      if let position = position.integer { positions.insert(position) }
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
