/// Rows in the binary form of COPY, gathered for `Connection.copyIn`: the counterpart of `CopiedRows`.
public struct RowsToCopy: Sendable {
  private var bytes: [UInt8]
  private let pieceSize: Int

  /// Begins a copy whose pieces have some `pieceSize` bytes.
  public init(pieceSize: Int = 1 << 20) {
    self.pieceSize = pieceSize
    // Neither flags nor an extension.
    bytes = CopiedRows.signature + [UInt8](repeating: 0, count: 8)
  }

  /// Adds a row, a value for each column and of its type.
  public mutating func append(_ values: [Parameter]) {
    let most = values.reduce(2) { $0 + 4 + $1.wireSize }
    withUnsafeTemporaryAllocation(byteCount: most, alignment: 8) { row in
      guard let base = row.baseAddress else { return }
      var cursor = WireCursor(at: base)
      cursor.write(Int16(values.count))
      for value in values {
        if case .null = value {
          cursor.write(Int32(-1))
          continue
        }
        var length = WireCursor(at: cursor.position)
        cursor.write(Int32(0))
        let start = cursor.position
        value.write(to: &cursor)
        length.write(Int32(cursor.position - start))
      }
      bytes.append(contentsOf: UnsafeRawBufferPointer(start: base, count: cursor.position - base))
    }
  }

  /// A piece, once there is enough for one.
  public mutating func piece() -> [UInt8]? {
    guard bytes.count >= pieceSize else { return nil }
    defer {
      bytes = []
      bytes.reserveCapacity(pieceSize + pieceSize / 8)
    }
    return bytes
  }

  /// Ends the copy; the last piece.
  public mutating func finish() -> [UInt8] {
    defer { bytes = [] }
    return bytes + [0xFF, 0xFF]
  }
}
