internal import CZstd

/// Decompresses frames piece by piece in constant memory; for one task at a time.
public final class ZstandardDecompressor {
  private let context: OpaquePointer
  private let limit: Int
  private var chunk: [UInt8]
  private var produced = 0
  private var isWithinFrame = false
  private var sawFrame = false

  /// Makes a decompressor that refuses more than `limit` bytes of content.
  ///
  /// - Parameter dictionary: What the compressor knew; frames made without one do not need it.
  public init(limit: Int = .max, dictionary: ZstandardDictionary? = nil) throws(CompressionError) {
    guard let context = ZSTD_createDCtx() else { throw CompressionError(.failed, "no memory for a decompressor") }
    self.context = context
    self.limit = limit
    chunk = [UInt8](repeating: 0, count: ZSTD_DStreamOutSize())
    if let dictionary {
      // A dictionary that libzstd does not take leaves the context without one.
      try Zstandard.check(ZSTD_DCtx_loadDictionary(context, dictionary.bytes, dictionary.bytes.count), .corrupt)
    }
  }

  deinit { ZSTD_freeDCtx(context) }

  /// Decompresses the next piece and appends what comes out.
  ///
  /// - Throws: `corrupt`, `beyondLimit`; the decompressor cannot go on after either.
  public func decompress(_ piece: [UInt8], into content: inout [UInt8]) throws(CompressionError) {
    var position = 0
    var holdsMore = false
    while position < piece.count || holdsMore {
      var result = 0
      var written = 0
      chunk.withUnsafeMutableBytes { target in
        piece.withUnsafeBytes { source in
          var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
          var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: position)
          result = ZSTD_decompressStream(context, &output, &input)
          position = input.pos
          written = output.pos
        }
      }
      try Zstandard.check(result, .corrupt)
      guard written <= limit - produced else {
        throw CompressionError(.beyondLimit, "more than \(limit) bytes of content")
      }
      content.append(contentsOf: chunk[..<written])
      produced += written
      // Zero says that the frame is complete and wholly written; a full chunk before that may hide the rest of it.
      holdsMore = result != 0 && written == chunk.count
      isWithinFrame = result != 0
      sawFrame = true
    }
  }

  /// Says that no piece follows.
  ///
  /// - Throws: `truncated` where a frame is not complete or there was none.
  public func finish() throws(CompressionError) {
    guard sawFrame, !isWithinFrame else { throw CompressionError(.truncated, "the frame is not complete") }
  }
}
