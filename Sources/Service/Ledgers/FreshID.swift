import Crypto
import Domain
import Foundation

extension Timestamp {
  /// This machine's clock.
  static var now: Timestamp { Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)) }
}

/// UUIDv7 texts from this machine's clock and randomness.
enum FreshID {
  static func next() -> String {
    UUIDv7.text(milliseconds: Timestamp.now.microseconds / 1000, random: SecureRandom.bytes(10))
  }
}
