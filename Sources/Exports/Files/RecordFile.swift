import Compression

/// A file with a record a line, plain or compressed with zstd (`.zst`), read in constant memory.
enum RecordFile {
  /// Hands over each line; empty ones are left out.
  ///
  /// - Parameter progress: Bytes of the file read so far.
  static func forEachLine(
    _ path: String, progress: (Int64) -> Void, _ body: (_ number: Int64, _ line: [UInt8]) throws -> Void
  ) throws {
    let decompressor: ZstandardDecompressor?
    do throws(CompressionError) { decompressor = path.hasSuffix(".zst") ? try ZstandardDecompressor() : nil } catch {
      throw ExportError(.unreadable, error.detail)
    }
    var (rest, number, read) = ([UInt8](), Int64(0), Int64(0))
    func take(_ end: Int, from start: Int) throws {
      number += 1
      if end > start { try body(number, Array(rest[start..<end])) }
    }
    try ExportFile.pieces(of: path) { piece in
      read += Int64(piece.count)
      if let decompressor {
        do throws(CompressionError) { try decompressor.decompress(Array(piece), into: &rest) } catch {
          throw ExportError(.unreadable, "\(ExportFile.name(path)) does not decompress: \(error.detail)")
        }
      } else {
        rest.append(contentsOf: piece)
      }
      var start = 0
      while let end = rest[start...].firstIndex(of: 0x0A) {
        try take(end, from: start)
        start = end + 1
      }
      rest.removeSubrange(..<start)
      guard rest.count <= ExportLimits.record else {
        throw ExportError(.beyondLimit, "line \(number + 1) is longer than \(ExportLimits.record) bytes")
      }
      progress(read)
    }
    if !rest.isEmpty { try take(rest.count, from: 0) }
    do throws(CompressionError) { try decompressor?.finish() } catch {
      throw ExportError(.unreadable, "\(ExportFile.name(path)) is cut off")
    }
  }
}
