/// Which slot of a pool is whose: values only, no connection and no clock in sight.
///
/// A slot is a place for one connection. Free slots are taken last-in first-out, so that a quiet pool keeps few
/// connections busy; those who wait are served first-in first-out, and nobody overtakes them.
struct PoolMachine {
  typealias Slot = Int
  typealias Waiter = UInt64

  /// What becomes of one who asks.
  enum LeaseAction: Equatable {
    case use(Slot)
    case wait(Waiter)
    case refuse(Refusal)
  }

  /// Why nobody is let in.
  enum Refusal: Equatable { case closed, tooManyWaiting }

  /// What becomes of a slot that was given back.
  enum ReturnAction: Equatable {
    case hand(to: Waiter)
    case park
    /// The pool is closed, and this was the last slot that was out.
    case finish
  }

  /// Those who wait hold memory of their own and of their request: beyond this many, waiting is hopeless anyway.
  static let waiterLimit = 10_000

  private var free: [Slot]
  private var leasedCount = 0
  private var waiters: [Waiter] = []
  /// Waiters before this index were served; they are cut off now and then.
  private var firstWaiter = 0
  private var nextWaiter: Waiter = 1
  /// Waiters in the queue who do not wait any longer.
  private var gone: Set<Waiter> = []
  private(set) var isClosed = false

  init(size: Int) {
    precondition(size > 0, "a pool has at least one connection")
    free = Array((0..<size).reversed())
  }

  /// Closed, and no slot is out.
  var isFinished: Bool { isClosed && leasedCount == 0 }

  /// How many wait.
  var waiterCount: Int { waiters.count - firstWaiter - gone.count }

  mutating func lease() -> LeaseAction {
    if isClosed { return .refuse(.closed) }
    if let slot = free.popLast() {
      leasedCount += 1
      return .use(slot)
    }
    if waiterCount >= Self.waiterLimit { return .refuse(.tooManyWaiting) }
    let waiter = nextWaiter
    nextWaiter += 1
    waiters.append(waiter)
    return .wait(waiter)
  }

  mutating func giveBack(_ slot: Slot) -> ReturnAction {
    precondition(leasedCount > 0 && !free.contains(slot), "slot \(slot) was not out")
    while let waiter = popWaiter() {
      if gone.remove(waiter) == nil { return .hand(to: waiter) }
    }
    leasedCount -= 1
    free.append(slot)
    return isFinished ? .finish : .park
  }

  /// The waiter does not wait any longer; answers false if it was served already.
  mutating func leave(_ waiter: Waiter) -> Bool {
    // Waiters are numbered as they come, so the queue is sorted.
    guard firstWaiter < waiters.count, waiter >= waiters[firstWaiter] else { return false }
    return gone.insert(waiter).inserted
  }

  /// Lets nobody in any more. Answers who is turned away.
  mutating func close() -> [Waiter] {
    isClosed = true
    let turnedAway = waiters[firstWaiter...].filter { !gone.contains($0) }
    waiters = []
    firstWaiter = 0
    gone = []
    return turnedAway
  }

  private mutating func popWaiter() -> Waiter? {
    guard firstWaiter < waiters.count else { return nil }
    let waiter = waiters[firstWaiter]
    firstWaiter += 1
    if firstWaiter > 64 && firstWaiter * 2 > waiters.count {
      waiters.removeFirst(firstWaiter)
      firstWaiter = 0
    }
    return waiter
  }
}
