import Compression

/// The content of a snapshot, decompressed piece by piece.
struct SnapshotContent {
  private static let step = 64 << 10

  private let frame: [UInt8]
  private let decompressor: ZstandardDecompressor
  private var offset = 0
  private var ready: ArraySlice<UInt8> = []

  init(_ frame: [UInt8]) throws {
    self.frame = frame
    decompressor = try ZstandardDecompressor(limit: Int(BookSnapshot.sizeLimit))
  }

  /// The next bytes, `most` of them at most; nil at the end.
  mutating func next(_ most: Int64 = .max) throws -> [UInt8]? {
    while ready.isEmpty {
      guard offset < frame.count else {
        try decompressor.finish()
        return nil
      }
      let end = min(frame.count, offset + Self.step)
      var piece: [UInt8] = []
      try decompressor.decompress(Array(frame[offset..<end]), into: &piece)
      offset = end
      ready = piece[...]
    }
    let count = Int(min(most, Int64(ready.count)))
    defer { ready = ready.dropFirst(count) }
    return Array(ready.prefix(count))
  }
}
