/// CRC-32 as in IEEE 802.3 and zlib, eight bytes at a step.
enum CRC32 {
  /// The checksum of some bytes.
  static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    bytes.withContiguousStorageIfAvailable { checksum($0) } ?? Array(bytes).withUnsafeBufferPointer { checksum($0) }
  }

  private static func checksum(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
    tables.withUnsafeBufferPointer { tables in
      var crc: UInt32 = 0xFFFF_FFFF
      var at = 0
      let raw = UnsafeRawBufferPointer(bytes)
      while at + 8 <= bytes.count {
        let low = UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt32.self)) ^ crc
        let high = UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: at + 4, as: UInt32.self))
        crc =
          tables[7 << 8 | Int(low & 0xFF)] ^ tables[6 << 8 | Int(low >> 8 & 0xFF)]
          ^ tables[5 << 8 | Int(low >> 16 & 0xFF)] ^ tables[4 << 8 | Int(low >> 24)]
        crc ^=
          tables[3 << 8 | Int(high & 0xFF)] ^ tables[2 << 8 | Int(high >> 8 & 0xFF)]
          ^ tables[1 << 8 | Int(high >> 16 & 0xFF)] ^ tables[Int(high >> 24)]
        at += 8
      }
      while at < bytes.count {
        crc = crc >> 8 ^ tables[Int((crc ^ UInt32(bytes[at])) & 0xFF)]
        at += 1
      }
      return ~crc
    }
  }

  /// Eight tables of 256: the effect of a byte that stands 0 to 7 bytes before the end.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var crc = UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
      tables[byte] = crc
    }
    for table in 1..<8 {
      for byte in 0..<256 {
        let crc = tables[(table - 1) << 8 | byte]
        tables[table << 8 | byte] = crc >> 8 ^ tables[Int(crc & 0xFF)]
      }
    }
    return tables
  }()
}
