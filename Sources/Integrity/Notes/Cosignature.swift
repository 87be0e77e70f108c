/// What a witness signs (c2sp.org/tlog-cosignature, Ed25519): that this was the largest consistent tree that it had seen of the
/// log at a time.
public struct Cosignature: Sendable, Equatable {
  /// Seconds since 1970.
  public let time: Int64
  /// 64 bytes over `message(time:text:)`.
  public let signature: [UInt8]

  /// Makes one; `sign` is the witness's Ed25519.
  public init(time: Int64, text: [UInt8], sign: ([UInt8]) -> [UInt8]) {
    precondition(time >= 0, "witnesses' clocks start in 1970")
    self.time = time
    signature = sign(Self.message(time: time, text: text))
  }

  /// Reads the bytes of a signature line: eight of time, big-endian, then 64; nil for anything else.
  public init?(_ line: NoteSignature) {
    guard line.bytes.count == 72 else { return nil }
    let time = line.bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard time <= UInt64(Int64.max) else { return nil }
    self.time = Int64(time)
    signature = Array(line.bytes.dropFirst(8))
  }

  /// The signature line of a witness's key.
  public func line(of key: VerifierKey) -> NoteSignature {
    precondition(key.kind == .cosignature, "a cosignature is a witness's")
    return NoteSignature(
      name: key.name, keyID: key.id, bytes: withUnsafeBytes(of: time.bigEndian) { Array($0) } + signature)
  }

  /// What is signed: two lines of its own, then the checkpoint's text.
  public static func message(time: Int64, text: [UInt8]) -> [UInt8] {
    Array("cosignature/v1\ntime \(time)\n".utf8) + text
  }
}
