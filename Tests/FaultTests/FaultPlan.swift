import DaybookClient
import Foundation
import Postgres
import Testing

/// All fault tests, one after another: each of them wants the machine for itself.
@Suite(.serialized) enum Faults {}

/// How much is tried, and from which seed; both can be set from outside, to try longer or to try again.
enum FaultPlan {
  /// Rounds of a test that counts them: `DAYBOOK_FAULT_ROUNDS`, where it is set, counts for all.
  static func rounds(_ usual: Int) -> Int {
    ProcessInfo.processInfo.environment["DAYBOOK_FAULT_ROUNDS"].flatMap(Int.init) ?? usual
  }

  /// True where more than the usual was asked for: then tests that mostly wait run too.
  static var isThorough: Bool { ProcessInfo.processInfo.environment["DAYBOOK_FAULT_ROUNDS"] != nil }

  /// The randomness of a test, from `DAYBOOK_FAULT_SEED` or a fresh seed, which is printed.
  static func random(_ test: String = #function) -> SplitMix {
    let seed =
      ProcessInfo.processInfo.environment["DAYBOOK_FAULT_SEED"].flatMap { UInt64($0) }
      ?? UInt64.random(in: 0...9999999)
    print("faults: \(test) from DAYBOOK_FAULT_SEED=\(seed)")
    return SplitMix(seed)
  }

  /// Asks until the answer is yes; false once the bound has passed.
  static func eventually(within bound: Duration, _ isTrue: () async throws -> Bool) async rethrows -> Bool {
    let deadline = ContinuousClock.now + bound
    while true {
      if try await isTrue() { return true }
      if ContinuousClock.now > deadline { return false }
      try? await Task.sleep(for: .milliseconds(50))
    }
  }

  /// Asks again what a busy machine alone refused: a process that was kept from reading who may for a second looks at nothing
  /// and says so, and a book may take longer than the process waits for it. Neither claims an identity.
  static func patiently<Value: Sendable>(_ ask: @Sendable () async throws -> Value) async throws -> Value {
    let deadline = ContinuousClock.now + .seconds(60)
    while true {
      do { return try await ask() } catch let error as DaybookError
        where ["authorisation-stale", "not-yet-posted"].contains(error.problem) && ContinuousClock.now < deadline
      {
        try await Task.sleep(for: .milliseconds(100))
      }
    }
  }

  /// A connection once Postgres takes one again: a server that recovers from a crash refuses all for a while.
  static func connected(_ settings: ConnectionSettings) async throws -> Connection {
    let deadline = ContinuousClock.now + .seconds(60)
    while true {
      do { return try Connection(settings) } catch {
        guard error.code == .connectFailed, ContinuousClock.now < deadline else { throw error }
      }
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  /// Runs what blocks where blocking is fine.
  @discardableResult
  static func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(with: Result { try work() }) }
    }
  }
}

/// SplitMix64: small, and the same everywhere.
struct SplitMix: RandomNumberGenerator, Sendable {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A pause between two bounds, in milliseconds.
  mutating func pause(_ bounds: ClosedRange<Int>) -> Duration { .milliseconds(Int.random(in: bounds, using: &self)) }
}
