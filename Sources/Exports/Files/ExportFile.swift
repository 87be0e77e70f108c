import Glibc

/// Files of an export, read whole within a bound or in pieces.
enum ExportFile {
  /// - Throws: `missing`; `beyondLimit` before more than the bound is read.
  static func read(_ path: String, limit: Int) throws(ExportError) -> [UInt8] {
    var content: [UInt8] = []
    do {
      try pieces(of: path) { piece throws(ExportError) in
        guard content.count + piece.count <= limit else {
          throw ExportError(.beyondLimit, "\(name(path)) is longer than \(limit) bytes")
        }
        content += piece
      }
    } catch { throw error as? ExportError ?? ExportError(.unreadable, "\(name(path)) cannot be read") }
    return content
  }

  /// Hands over a file in pieces of 256 KiB.
  static func pieces<Failure: Error>(
    of path: String, _ body: (ArraySlice<UInt8>) throws(Failure) -> Void
  ) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ExportError(.missing, "\(name(path)) cannot be opened") }
    defer { close(descriptor) }
    var piece = [UInt8](repeating: 0, count: 256 << 10)
    while true {
      let count = Glibc.read(descriptor, &piece, piece.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw ExportError(.missing, "\(name(path)) cannot be read") }
      if count == 0 { return }
      try body(piece[..<count])
    }
  }

  /// Bytes of a file; nil where there is none.
  static func size(_ path: String) -> Int64? {
    var status = stat()
    return stat(path, &status) == 0 ? Int64(status.st_size) : nil
  }

  /// True for a folder.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The last two parts of a path, enough to find the file within its export.
  static func name(_ path: String) -> String { path.split(separator: "/").suffix(2).joined(separator: "/") }
}
