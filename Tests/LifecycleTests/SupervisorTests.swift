import Foundation
import Glibc
import Lifecycle
import Testing

/// Children here are shells; what they are told to do stands in their script.
private func shell(_ name: String, _ script: String) -> ChildSpecification {
  ChildSpecification(
    name: name, executable: "/bin/sh", arguments: ["-c", script], environment: ["PATH": "/usr/bin:/bin"])
}

private let quickRestarts = RestartPolicy(
  quickDeath: .seconds(5), firstWait: .milliseconds(10), longestWait: .milliseconds(20), quickDeathLimit: 5)

/// Polls until `condition` holds; false past the bound.
private func eventually(_ condition: () -> Bool) async -> Bool {
  for _ in 0..<6000 {
    if condition() { return true }
    try? await Task.sleep(for: .milliseconds(10))
  }
  return condition()
}

@Suite struct SupervisorTests {
  @Test func aKilledChildIsStartedAgainAndThatIsSaid() async throws {
    let reports = Reports()
    let supervisor = Supervisor([shell("api", "exec sleep 60")], policy: quickRestarts, report: reports.add)
    let shutdown = GracefulShutdown()
    let run = Task { try await supervisor.run(shutdown) }
    #expect(await eventually { supervisor.pid(of: "api") != nil })
    let first = try #require(supervisor.pid(of: "api"))
    kill(first, SIGKILL)
    #expect(await eventually { supervisor.pid(of: "api").map { $0 != first } ?? false })
    #expect(reports.all.count == 1)
    #expect(reports.all.first?.hasPrefix("api died (signal 9 (Killed))") == true)
    shutdown.request()
    try await run.value
  }

  @Test func aChildThatKeepsDyingIsGivenUpAndTheOthersAreEnded() async throws {
    let reports = Reports()
    let supervisor = Supervisor(
      [shell("good", "exec sleep 60"), shell("bad", "exit 3")], policy: quickRestarts, report: reports.add)
    let error = await #expect(throws: LifecycleError.self) { try await supervisor.run(GracefulShutdown()) }
    #expect(error?.code == .gaveUp)
    #expect(error?.message.contains("bad died 5 times in a row (exit code 3)") == true)
    #expect(supervisor.pid(of: "good") == nil)
    #expect(reports.all.count == 4)
  }

  @Test func shutdownAsksFirstAndKillsPastTheBound() async throws {
    let reports = Reports()
    let ready = FileManager.default.temporaryDirectory.appending(path: "daybook-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: ready) }
    let supervisor = Supervisor(
      [
        shell("deaf", "trap '' TERM; touch \(ready.path); while :; do sleep 0.05; done"),
        shell("polite", "exec sleep 60"),
      ],
      policy: quickRestarts, stopBound: .seconds(3), report: reports.add)
    let shutdown = GracefulShutdown()
    let run = Task { try await supervisor.run(shutdown) }
    #expect(await eventually { FileManager.default.fileExists(atPath: ready.path) })
    shutdown.request()
    try await run.value
    #expect(reports.all == ["deaf did not stop within 3 s; killing it"])
  }

  @Test func aProgramThatIsNotThereIsAClearError() async {
    let missing = ChildSpecification(name: "api", executable: "/nowhere/daybook", arguments: [], environment: [:])
    let supervisor = Supervisor([missing], policy: quickRestarts, report: { _ in })
    let error = await #expect(throws: LifecycleError.self) { try await supervisor.run(GracefulShutdown()) }
    #expect(error?.code == .spawnFailed)
  }

  @Test func childrenInheritNothingButTheLifeLine() async throws {
    let leaked = open("/dev/null", O_RDONLY)
    defer { close(leaked) }
    let supervisor = Supervisor(
      [ChildSpecification(name: "child", executable: "/bin/sleep", arguments: ["60"], environment: [:])],
      policy: quickRestarts, report: { _ in })
    let shutdown = GracefulShutdown()
    let run = Task { try await supervisor.run(shutdown) }
    #expect(await eventually { supervisor.pid(of: "child") != nil })
    let pid = try #require(supervisor.pid(of: "child"))
    // While it starts, its loader has a library open now and then; what it inherited would stay.
    let descriptors = { (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd"))?.sorted() }
    #expect(await eventually { descriptors() == ["0", "1", "2", "3"] }, "\(descriptors() ?? [])")
    shutdown.request()
    try await run.value
  }
}

@Suite struct ParentWatchTests {
  @Test func theEndOfTheParentsPipeRequestsAShutdown() async throws {
    var ends: [Int32] = [-1, -1]
    #expect(pipe(&ends) == 0)
    let reports = Reports()
    let shutdown = GracefulShutdown()
    let watching = ParentWatch(descriptor: ends[0], report: reports.add)
    let watch = Task { try await watching.run(shutdown) }
    #expect(await !shutdown.isRequested(within: .milliseconds(50)))
    close(ends[1])
    try await watch.value
    #expect(shutdown.isRequested)
    #expect(reports.all == ["the process that started this one is gone"])
  }
}
