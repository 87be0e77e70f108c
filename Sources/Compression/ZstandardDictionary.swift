internal import CZstd

/// What a compressor and a decompressor know beforehand; small files of one kind shrink by it (RFC 8878, section 5).
///
/// The bytes are a file of their own: `zstd -D FILE` takes it.
public struct ZstandardDictionary: Sendable, Equatable {
  /// As libzstd trains and reads it.
  public let bytes: [UInt8]

  /// Takes the bytes of a dictionary that was trained before.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Trains a dictionary of at most `size` bytes from samples of what is to be compressed.
  ///
  /// - Returns: nil where the samples are too few or too small to learn from.
  public static func train(_ samples: [[UInt8]], size: Int) -> ZstandardDictionary? {
    precondition(size >= 1024, "libzstd wants room for its tables")
    let joined = Array(samples.joined())
    let sizes = samples.map(\.count)
    guard samples.count >= 8, joined.count >= size else { return nil }
    var trained = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      trained = ZDICT_trainFromBuffer(buffer.baseAddress, buffer.count, joined, sizes, UInt32(sizes.count))
      count = ZDICT_isError(trained) == 0 ? trained : 0
    }
    return bytes.isEmpty ? nil : ZstandardDictionary(bytes)
  }
}
