import Synchronization

@testable import DaybookClient

/// A ledger that a script refers to before it is made.
final class FakeLedgerReference: Sendable {
  private let held = Mutex<FakeLedger?>(nil)

  var value: FakeLedger? {
    get { held.withLock { $0 } }
    set { held.withLock { $0 = newValue } }
  }
}

/// A guard that a script refers to before it is made.
final class GuardReference: Sendable {
  private let held = Mutex<KillSwitchGuard?>(nil)

  var value: KillSwitchGuard? {
    get { held.withLock { $0 } }
    set { held.withLock { $0 = newValue } }
  }
}
