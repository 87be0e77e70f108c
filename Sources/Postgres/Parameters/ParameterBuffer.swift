/// The wire form of one statement's parameters, one after another in one piece of memory.
///
/// The memory is reused from statement to statement. Appends are the hot path (sixty thousand rows of nineteen columns a
/// second): a pass for the size, one allocation at most, a pass of plain stores.
struct ParameterBuffer: ~Copyable {
  private var base: UnsafeMutableRawPointer
  private var capacity: Int
  private var used = 0
  /// Where each parameter starts, and its length; -1 for NULL.
  private(set) var places: [(offset: Int, length: Int)] = []

  /// Kept between statements; what is larger is given back.
  private static let keptCapacity = 4 << 20

  init() {
    capacity = 4096
    base = .allocate(byteCount: capacity, alignment: 16)
  }

  deinit { base.deallocate() }

  /// Replaces what is in it by the wire form of the parameters.
  mutating func encode(_ parameters: [Parameter]) {
    let size = parameters.reduce(0) { $0 + $1.wireSize }
    if size > capacity || capacity > Self.keptCapacity && size <= Self.keptCapacity {
      base.deallocate()
      capacity = max(size, 4096)
      base = .allocate(byteCount: capacity, alignment: 16)
    }
    used = 0
    places.removeAll(keepingCapacity: true)
    for parameter in parameters {
      let offset = used
      if case .null = parameter {
        places.append((offset, -1))
      } else {
        var cursor = WireCursor(at: base + used)
        parameter.write(to: &cursor)
        used = cursor.position - base
        places.append((offset, used - offset))
      }
    }
    precondition(used <= size, "the parameters took more room than was counted")
  }

  /// The address of a parameter; nil for NULL. Valid until the next `encode`.
  func address(_ index: Int) -> UnsafePointer<CChar>? {
    places[index].length < 0 ? nil : UnsafePointer((base + places[index].offset).assumingMemoryBound(to: CChar.self))
  }
}

/// Writes big-endian values at a moving address.
struct WireCursor {
  private(set) var position: UnsafeMutableRawPointer

  init(at position: UnsafeMutableRawPointer) { self.position = position }

  mutating func write<Value: FixedWidthInteger>(_ value: Value) {
    position.storeBytes(of: value.bigEndian, as: Value.self)
    position += MemoryLayout<Value>.size
  }

  mutating func write(_ bytes: UnsafeRawBufferPointer) {
    guard let address = bytes.baseAddress else { return }
    position.copyMemory(from: address, byteCount: bytes.count)
    position += bytes.count
  }

  mutating func write(_ bytes: [UInt8]) { bytes.withUnsafeBytes { write($0) } }

  /// The UTF-8 of the text. Native strings lie in one piece; others (bridged, lazy) are written byte by byte.
  mutating func write(_ text: String) {
    let written: Void? = text.utf8.withContiguousStorageIfAvailable { write(UnsafeRawBufferPointer($0)) }
    if written == nil { for byte in text.utf8 { write(byte) } }
  }
}
