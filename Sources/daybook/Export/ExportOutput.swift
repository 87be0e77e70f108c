/// A file that is there whole or not at all, or standard output, written in large pieces.
final class ExportOutput {
  /// Bytes that are gathered before they are written.
  static let piece = 256 << 10

  /// What was not written yet.
  var bytes: [UInt8] = []
  private let file: OutputFile?

  /// - Parameter path: `-` for standard output.
  init(_ path: String) throws {
    file = path == "-" ? nil : try OutputFile(path)
    bytes.reserveCapacity(Self.piece + (64 << 10))
  }

  /// Writes what there is, if it is that much.
  func flush(atLeast count: Int) throws {
    guard bytes.count >= count, !bytes.isEmpty else { return }
    if let file { try file.write(bytes) } else { Console.write(bytes) }
    bytes.removeAll(keepingCapacity: true)
  }

  /// Writes the rest, and gives the file its name.
  func finish() throws {
    try flush(atLeast: 0)
    try file?.finish()
  }
}
