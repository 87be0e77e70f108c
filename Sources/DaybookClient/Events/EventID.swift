internal import Domain
internal import Synchronization

/// Makes ids for events: UUIDs of version 7 (RFC 9562), ascending within the process.
///
/// Time-ordered ids keep the ledger's identity index local, which random ids would not.
public enum EventID {
  /// A new id, such as `01981f5e-7c1a-7b3e-9d5a-0c6b1f2e3d4c`.
  public static func make() -> String { generator.next() }

  private static let generator = EventIDGenerator()
}

/// The last id of the process, so that the next one is larger.
final class EventIDGenerator: Sendable {
  private struct State {
    /// Milliseconds since 1970.
    var milliseconds: UInt64 = 0
    /// The 12 bits `rand_a` and the upper 30 of `rand_b`, counted up within a millisecond.
    var counter: UInt64 = 0
  }

  private let state = Mutex(State())
  private let now: @Sendable () -> UInt64

  init(now: @escaping @Sendable () -> UInt64 = EventIDGenerator.clock) { self.now = now }

  static let clock: @Sendable () -> UInt64 = { UInt64(max(0, Moment.now.microseconds / 1000)) }

  func next() -> String {
    let random = UInt64.random(in: 0...UInt64.max)
    let time = now()
    let (milliseconds, counter) = state.withLock { state in
      if time > state.milliseconds {
        state.milliseconds = time
        // The top bit stays free, so that a millisecond has room to count.
        state.counter = (random >> 22) & 0x1FF_FFFF_FFFF
      } else {
        state.counter += 1 + (random >> 44)
        if state.counter >= 1 << 42 {
          state.milliseconds += 1
          state.counter &= 0x1FF_FFFF_FFFF
        }
      }
      return (state.milliseconds, state.counter)
    }
    let high = milliseconds << 16 | 0x7000 | counter >> 30
    let low = 0x8000_0000_0000_0000 | (counter & 0x3FFF_FFFF) << 32 | random & 0xFFFF_FFFF
    return Self.text(high, low)
  }

  private static func text(_ high: UInt64, _ low: UInt64) -> String {
    String(unsafeUninitializedCapacity: 36) { text in
      var place = 0
      for half in [high, low] {
        var shift = 60
        while shift >= 0 {
          if place == 8 || place == 13 || place == 18 || place == 23 {
            text[place] = 0x2D
            place += 1
          }
          let digit = UInt8(truncatingIfNeeded: half >> UInt64(shift) & 15)
          text[place] = digit < 10 ? 0x30 + digit : 0x57 + digit
          place += 1
          shift -= 4
        }
      }
      return 36
    }
  }
}
