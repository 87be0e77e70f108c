import Dispatch
@testable import Postgres
import Synchronization
import TestKit
import Testing

@Suite struct PoolMachineTests {
  @Test func `those who wait are served in their order, and leavers are skipped`() {
    var machine = PoolMachine(size: 2)
    #expect(machine.lease() == .use(0))
    #expect(machine.lease() == .use(1))
    #expect(machine.lease() == .wait(1))
    #expect(machine.lease() == .wait(2))
    #expect(machine.lease() == .wait(3))
    #expect(machine.leave(2) == true)
    #expect(machine.leave(2) == false)
    #expect(machine.waiterCount == 2)
    #expect(machine.giveBack(1) == .hand(to: 1))
    #expect(machine.leave(1) == false)
    #expect(machine.giveBack(0) == .hand(to: 3))
    #expect(machine.giveBack(0) == .park)
    #expect(machine.lease() == .use(0))
  }

  @Test func `closing turns the waiting away and finishes with the last one back`() {
    var machine = PoolMachine(size: 1)
    #expect(machine.lease() == .use(0))
    #expect(machine.lease() == .wait(1))
    #expect(machine.close() == [1])
    #expect(!machine.isFinished)
    #expect(machine.lease() == .refuse(.closed))
    #expect(machine.giveBack(0) == .finish)
    #expect(machine.isFinished)
  }

  @Test func `no slot is ever out twice, whatever happens in whatever order`() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix(state: seed)
    var machine = PoolMachine(size: 5)
    var out: Set<Int> = []
    var waiting: [UInt64] = []
    for _ in 0..<100_000 {
      switch random.next() % 4 {
      case 0, 1:
        switch machine.lease() {
        case .use(let slot):
          let isNew = out.insert(slot).inserted
          #expect(isNew && waiting.isEmpty, "seed \(seed)")
        case .wait(let waiter):
          #expect(out.count == 5, "seed \(seed)")
          waiting.append(waiter)
        case .refuse: #expect(waiting.count == PoolMachine.waiterLimit, "seed \(seed)")
        }
      case 2:
        guard let slot = out.randomElement(using: &random) else { continue }
        switch machine.giveBack(slot) {
        case .hand(let waiter):
          let expected = waiting.removeFirst()
          #expect(waiter == expected, "seed \(seed)")
        case .park:
          #expect(waiting.isEmpty, "seed \(seed)")
          out.remove(slot)
        case .finish: Issue.record("not closed; seed \(seed)")
        }
      default:
        guard let index = waiting.indices.randomElement(using: &random) else { continue }
        let waiter = waiting.remove(at: index)
        let left = machine.leave(waiter)
        #expect(left, "seed \(seed)")
      }
      #expect(machine.waiterCount == waiting.count, "seed \(seed)")
    }
  }

  /// Steele, Lea, Flood: "Fast splittable pseudorandom number generators".
  private struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
      return mixed ^ mixed >> 31
    }
  }
}

@Suite struct ConnectionPoolTests {
  @Test func `many tasks share few connections`() async throws {
    try await withDatabase { settings in
      let pool = ConnectionPool(settings, size: 3)
      let pids = try await withThrowingTaskGroup(of: Int32.self) { group in
        for _ in 0..<200 { group.addTask { try await pool.withConnection { $0.backendPID } } }
        return try await group.reduce(into: Set<Int32>()) { $0.insert($1) }
      }
      #expect(pids.count <= 3)
      await pool.close()
    }
  }

  @Test func `waiting ends at the limit`() async throws {
    try await withDatabase { settings in
      let pool = ConnectionPool(settings, size: 1, waitLimit: .milliseconds(50))
      let gate = Gate()
      async let holder: Void = pool.withConnection { _ in gate.hold() }
      await gate.untilHeld()
      let error = await #expect(throws: PostgresError.self) { try await pool.withConnection { _ in } }
      #expect(error?.code == .poolExhausted)
      gate.open()
      try await holder
      try await pool.withConnection { _ in }
      await pool.close()
    }
  }

  @Test func `a cancelled task does not wait any longer`() async throws {
    try await withDatabase { settings in
      let pool = ConnectionPool(settings, size: 1, waitLimit: .seconds(30))
      let gate = Gate()
      async let holder: Void = pool.withConnection { _ in gate.hold() }
      await gate.untilHeld()
      let waiter = Task { try await pool.withConnection { _ in } }
      try await Task.sleep(for: .milliseconds(50))
      waiter.cancel()
      await #expect(throws: CancellationError.self) { try await waiter.value }
      gate.open()
      try await holder
      await pool.close()
    }
  }

  @Test func `a transaction that was left open is rolled back`() async throws {
    try await withDatabase { settings in
      let pool = ConnectionPool(settings, size: 1)
      let first = try await pool.withConnection { connection in
        try connection.script("CREATE TABLE t (n int8)")
        try connection.script("BEGIN; INSERT INTO t VALUES (1)")
        return connection.backendPID
      }
      let second = try await pool.withConnection { connection in
        #expect(connection.transactionStatus == .idle)
        return (connection.backendPID, try connection.execute("SELECT count(*) FROM t").int64(0, 0))
      }
      #expect(second.0 == first)
      #expect(second.1 == 0)
      await pool.close()
    }
  }

  @Test func `lost connections are replaced, also those that died while idle`() async throws {
    try await withDatabase { settings in
      let pool = ConnectionPool(settings, size: 1)
      let first = try await pool.withConnection { $0.backendPID }
      let killer = try Connection(settings)
      // It waits until that one is gone, 30 s at most.
      try killer.execute("SELECT pg_terminate_backend($1, 30000)", [.int32(first)])
      let second = try await pool.withConnection { connection in
        try connection.execute("SELECT 1")
        return connection.backendPID
      }
      #expect(second != first)
      await #expect(throws: PostgresError.self) {
        try await pool.withConnection { _ = try $0.execute("SELECT pg_terminate_backend(pg_backend_pid())") }
      }
      #expect(try await pool.withConnection { try $0.execute("SELECT 5::int8").int64(0, 0) } == 5)
      await pool.close()
    }
  }

  @Test func `a closed pool waits for who is in it and lets nobody in`() async throws {
    try await withDatabase { settings in
      let pool = ConnectionPool(settings, size: 1)
      let isDone = Mutex(false)
      let gate = Gate()
      async let holder: Void = pool.withConnection { connection in
        gate.hold()
        try connection.execute("SELECT pg_sleep(0.2)")
        isDone.withLock { $0 = true }
      }
      await gate.untilHeld()
      gate.open()
      await pool.close()
      #expect(isDone.withLock { $0 })
      try await holder
      let error = await #expect(throws: PostgresError.self) { try await pool.withConnection { _ in } }
      #expect(error?.code == .poolExhausted)
    }
  }

  @Test func `an actor runs on its queue and may block there`() async throws {
    try await withDatabase { settings in
      let owner = Owner(settings)
      let answer = try await owner.answer()
      #expect(answer == 42)
    }
  }

  /// Holds a connection until the test says so: no test depends on how quick the machine is.
  private final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let held = AsyncStream<Void>.makeStream()
    func hold() {
      held.continuation.yield()
      semaphore.wait()
    }
    func untilHeld() async { for await _ in held.stream { return } }
    func open() { semaphore.signal() }
  }

  private actor Owner {
    private let executor = QueueExecutor(label: "test")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private let settings: ConnectionSettings
    private var connection: Connection?
    init(_ settings: ConnectionSettings) { self.settings = settings }
    func answer() throws -> Int64 {
      executor.checkIsolated()
      let connection = try connection ?? Connection(settings)
      self.connection = connection
      return try connection.execute("SELECT 42::int8").int64(0, 0)
    }
  }
}
