internal import CZstd

/// Compresses a stream into one frame with a checksum, in constant memory; for one task at a time.
public final class ZstandardCompressor {
  private let context: OpaquePointer
  private var chunk: [UInt8]

  /// Makes a compressor.
  ///
  /// - Parameters:
  ///   - level: 1 (fastest) to 22 (smallest).
  ///   - contentSize: the length of the whole content in bytes, kept in the frame where it is known beforehand.
  public init(level: Int = 3, contentSize: Int? = nil) throws(CompressionError) {
    guard let context = ZSTD_createCCtx() else { throw CompressionError(.failed, "no memory for a compressor") }
    self.context = context
    chunk = [UInt8](repeating: 0, count: ZSTD_CStreamOutSize())
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(clamping: level))
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    if let contentSize { ZSTD_CCtx_setPledgedSrcSize(context, UInt64(contentSize)) }
  }

  deinit { ZSTD_freeCCtx(context) }

  /// Compresses the next piece and appends what is ready of the frame.
  public func compress(_ piece: [UInt8], into frame: inout [UInt8]) throws(CompressionError) {
    try run(piece, ZSTD_e_continue, into: &frame)
  }

  /// Ends the frame and appends the rest of it; a piece compressed after this begins another frame.
  ///
  /// - Throws: `failed` where the content has another length than was announced.
  public func finish(into frame: inout [UInt8]) throws(CompressionError) {
    try run([], ZSTD_e_end, into: &frame)
  }

  private func run(
    _ piece: [UInt8], _ directive: ZSTD_EndDirective, into frame: inout [UInt8]
  ) throws(CompressionError) {
    var position = 0
    var isDone = false
    while !isDone {
      var result = 0
      var written = 0
      chunk.withUnsafeMutableBytes { target in
        piece.withUnsafeBytes { source in
          var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
          var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: position)
          result = ZSTD_compressStream2(context, &output, &input, directive)
          position = input.pos
          written = output.pos
        }
      }
      try Zstandard.check(result, .failed)
      frame.append(contentsOf: chunk[..<written])
      isDone = directive == ZSTD_e_end ? result == 0 : position == piece.count
    }
  }
}
