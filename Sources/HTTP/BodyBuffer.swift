/// The bytes of a streamed body that wait for the peer: two halves, one being filled while the other is sent.
///
/// A pure machine: `BodyWriter` holds it behind its lock and acts on what it answers.
struct BodyBuffer {
  /// How the body ends once the buffer has been sent.
  enum Ending {
    case complete
    case cutOff
  }

  /// What the sender gets.
  enum Read: Equatable {
    /// So many bytes were copied; more than 0.
    case bytes(Int, madeRoom: Bool)
    case complete
    case cutOff
    /// Nothing yet: wait to be woken.
    case wait
  }

  /// Bytes that one half holds; also the longest piece that stays contiguous among concurrent writes.
  let halfCapacity: Int
  private var filling: [UInt8] = []
  private var sending: [UInt8] = []
  private var sent = 0
  private var ending: Ending?

  init(capacity: Int) {
    halfCapacity = max(1, capacity / 2)
  }

  /// Bytes that wait.
  var count: Int { filling.count + sending.count - sent }

  /// Whether a piece can be taken now.
  func hasRoom(for bytes: Int) -> Bool {
    precondition(bytes <= halfCapacity)
    return filling.count + bytes <= halfCapacity
  }

  /// Takes a piece that has room.
  mutating func append(_ piece: ArraySlice<UInt8>) {
    precondition(hasRoom(for: piece.count) && ending == nil)
    filling.append(contentsOf: piece)
  }

  /// Nothing more will be written; the first ending stands.
  mutating func end(_ how: Ending) {
    if ending == nil { ending = how }
  }

  /// Copies what waits into the sender's memory, as far as it goes.
  mutating func read(into target: UnsafeMutableRawBufferPointer) -> Read {
    var madeRoom = false
    if sent == sending.count {
      sending.removeAll(keepingCapacity: true)
      swap(&filling, &sending)
      sent = 0
      madeRoom = true
    }
    let available = sending.count - sent
    if available == 0 {
      switch ending {
      case .complete: return .complete
      case .cutOff: return .cutOff
      case nil: return .wait
      }
    }
    let length = min(available, target.count)
    sending.withUnsafeBytes { target.copyMemory(from: .init(rebasing: $0[sent..<sent + length])) }
    sent += length
    return .bytes(length, madeRoom: madeRoom)
  }
}
