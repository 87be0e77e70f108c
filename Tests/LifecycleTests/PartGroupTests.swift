import Lifecycle
import Synchronization
import Testing

/// What a group reported, in order.
final class Reports: Sendable {
  private let lines = Mutex<[String]>([])
  var all: [String] { lines.withLock { $0 } }
  @Sendable func add(_ line: String) { lines.withLock { $0.append(line) } }
}

struct Broken: Error, CustomStringConvertible { let description = "broken" }

@Suite struct PartGroupTests {
  private let quick = PartGroup.Bounds(graceful: .milliseconds(200), forced: .milliseconds(200))

  @Test func aRequestedShutdownLetsEveryPartFinishWhatItAccepted() async throws {
    let finished = Mutex(0)
    let shutdown = GracefulShutdown()
    let parts = (0..<3).map { number in
      ClosurePart("part \(number)") { shutdown in
        await shutdown.requested()
        try await Task.sleep(for: .milliseconds(20))
        finished.withLock { $0 += 1 }
      }
    }
    Task {
      try await Task.sleep(for: .milliseconds(20))
      shutdown.request()
    }
    try await PartGroup(parts, handlesSignals: false).run(shutdown)
    #expect(finished.withLock { $0 } == 3)
  }

  @Test func oneFailureEndsTheOthersInGoodOrderAndIsThrown() async {
    let wasGraceful = Mutex(false)
    let reports = Reports()
    let group = PartGroup(
      [
        ClosurePart("good") { shutdown in
          await shutdown.requested()
          wasGraceful.withLock { $0 = !Task.isCancelled }
        },
        ClosurePart("bad") { _ in throw Broken() },
      ], handlesSignals: false, report: reports.add)
    await #expect(throws: Broken.self) { try await group.run() }
    #expect(wasGraceful.withLock { $0 })
    #expect(reports.all == ["bad failed: broken"])
  }

  @Test func onePartThatEndsEndsTheGroup() async throws {
    let reports = Reports()
    let group = PartGroup(
      [ClosurePart("waiting") { await $0.requested() }, ClosurePart("brief") { _ in }],
      handlesSignals: false, report: reports.add)
    try await group.run()
    #expect(reports.all == ["brief has ended; the rest follows"])
  }

  @Test func aPartThatIgnoresTheRequestIsCancelledPastTheBound() async {
    let group = PartGroup(
      [ClosurePart("slow") { _ in try await Task.sleep(for: .seconds(60)) }], bounds: quick, handlesSignals: false)
    let shutdown = GracefulShutdown()
    shutdown.request()
    let start = ContinuousClock.now
    let error = await #expect(throws: LifecycleError.self) { try await group.run(shutdown) }
    #expect(error?.code == .boundExceeded)
    #expect(start.duration(to: .now) < .seconds(50))
  }

  @Test func cancellingTheCallerCancelsThePartsAndWaitsForThem() async {
    let ended = Mutex(false)
    let group = PartGroup(
      [
        ClosurePart("part") { _ in
          try? await Task.sleep(for: .seconds(60))
          ended.withLock { $0 = Task.isCancelled }
        }
      ], handlesSignals: false)
    let run = Task { try await group.run() }
    run.cancel()
    let error = await #expect(throws: LifecycleError.self) { try await run.value }
    #expect(error?.code == .boundExceeded)
    #expect(ended.withLock { $0 })
  }

  @Test func aPartThatIgnoresEvenCancellationIsGivenUp() async {
    let release = GracefulShutdown()
    let group = PartGroup(
      [ClosurePart("deaf") { _ in await Task { await release.requested() }.value }], bounds: quick,
      handlesSignals: false)
    let shutdown = GracefulShutdown()
    shutdown.request()
    let error = await #expect(throws: LifecycleError.self) { try await group.run(shutdown) }
    #expect(error?.code == .boundExceeded)
    release.request()
  }
}

@Suite struct GracefulShutdownTests {
  @Test func aCancelledWaiterReturnsThoughNothingWasRequested() async {
    let shutdown = GracefulShutdown()
    for _ in 0..<200 {
      let waiter = Task { await shutdown.requested() }
      waiter.cancel()
      await waiter.value
    }
    #expect(!shutdown.isRequested)
    #expect(await !shutdown.isRequested(within: .milliseconds(5)))
  }

  @Test func everyWaiterLearnsOfIt() async {
    let shutdown = GracefulShutdown()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<100 { group.addTask { await shutdown.requested() } }
      shutdown.request()
    }
    #expect(await shutdown.isRequested(within: .seconds(60)))
  }
}
