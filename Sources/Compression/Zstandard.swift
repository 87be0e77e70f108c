internal import CZstd

/// Zstandard frames (RFC 8878).
public enum Zstandard {
  /// Compresses into one frame that carries its content size and a checksum.
  ///
  /// - Parameters:
  ///   - level: 1 (fastest) to 22 (smallest).
  ///   - shortestMatch: Repetitions of fewer bytes are left alone, 3 to 7; nil for the level's own. In digits that are random,
  ///     short repetitions are chance, and writing them down costs more than the digits.
  ///   - dictionary: What the decompressor will know too.
  public static func compress(
    _ bytes: [UInt8], level: Int = 3, shortestMatch: Int? = nil, dictionary: ZstandardDictionary? = nil
  ) throws(CompressionError) -> [UInt8] {
    guard let context = ZSTD_createCCtx() else { throw CompressionError(.failed, "no memory for a compressor") }
    defer { ZSTD_freeCCtx(context) }
    if let shortestMatch { ZSTD_CCtx_setParameter(context, ZSTD_c_minMatch, Int32(clamping: shortestMatch)) }
    if let dictionary {
      try check(ZSTD_CCtx_loadDictionary(context, dictionary.bytes, dictionary.bytes.count), .failed)
    }
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(clamping: level))
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    var result = 0
    let frame = [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(bytes.count)) { buffer, count in
      result = bytes.withUnsafeBytes {
        ZSTD_compress2(context, buffer.baseAddress, buffer.count, $0.baseAddress, $0.count)
      }
      count = ZSTD_isError(result) == 0 ? result : 0
    }
    try check(result, .failed)
    return frame
  }

  /// Decompresses one or more frames that follow each other; refuses more than `limit` bytes of content.
  ///
  /// What a frame says about its size is not believed: memory grows with what really comes out.
  public static func decompress(
    _ bytes: [UInt8], limit: Int, dictionary: ZstandardDictionary? = nil
  ) throws(CompressionError) -> [UInt8] {
    let decompressor = try ZstandardDecompressor(limit: limit, dictionary: dictionary)
    var content: [UInt8] = []
    try decompressor.decompress(bytes, into: &content)
    try decompressor.finish()
    return content
  }

  /// Throws what libzstd answered where it is an error.
  static func check(_ result: Int, _ code: CompressionError.Code) throws(CompressionError) {
    guard ZSTD_isError(result) != 0 else { return }
    throw CompressionError(code, String(cString: ZSTD_getErrorName(result)))
  }
}
