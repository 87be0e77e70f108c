import DaybookClient
import Synchronization
import Testing

/// Several clients that append at once and repeat with the same ids what was not answered, whatever happens to the other side.
final class Load: Sendable {
  let journal = Journal()
  private let endpoints: [Daybook]
  private let sizes: ClosedRange<Int>
  /// Some appends are given up after a failure: such events may be there once, or not.
  private let givesUp: Bool
  private let isStopping = Mutex(false)
  private let failed = Mutex<[String: Int]>([:])
  private let workers = Mutex<[Task<Void, Never>]>([])
  /// Nothing may stay unanswered for longer, once everything runs again.
  private static let patience: Duration = .seconds(120)

  init(_ endpoints: [Daybook], sizes: ClosedRange<Int> = 1...20, givesUp: Bool = true) {
    self.endpoints = endpoints
    self.sizes = sizes
    self.givesUp = givesUp
  }

  /// Requests that were not answered with a success, by what was said instead.
  var failures: [String: Int] { failed.withLock { $0 } }

  /// Starts so many clients. Their events' ids begin with `name`.
  func start(_ count: Int, _ name: String, _ random: inout SplitMix) {
    for worker in 0..<count {
      let seed = random.next()
      let task = Task { await self.work("\(name)\(worker)", seed) }
      workers.withLock { $0.append(task) }
    }
  }

  /// Lets every client come to the end of what it began, and waits for it.
  func finish() async {
    isStopping.withLock { $0 = true }
    for task in workers.withLock({ $0 }) { await task.value }
  }

  private func work(_ name: String, _ seed: UInt64) async {
    var source = EventSource(name, seed: seed)
    var random = SplitMix(seed &+ 1)
    while !isStopping.withLock({ $0 }) {
      await deliver(source.batch(sizes), &random)
    }
  }

  private func deliver(_ batch: [Event], _ random: inout SplitMix) async {
    let start = ContinuousClock.now
    var endpoint = endpoints.randomElement(using: &random)!
    while true {
      do {
        journal.note(try await endpoint.append(batch))
        return
      } catch let error as DaybookError where error.isRetryable {
        failed.withLock { $0[error.problem ?? "\(error.code)", default: 0] += 1 }
        if givesUp && Int.random(in: 0..<20, using: &random) == 0 { return }
        if isStopping.withLock({ $0 }) && ContinuousClock.now - start > Self.patience {
          Issue.record("not answered for \(Self.patience): \(error.debugDescription)")
          return
        }
        try? await Task.sleep(for: random.pause(20...150))
        endpoint = endpoints.randomElement(using: &random)!
      } catch {
        Issue.record("refused: \(String(reflecting: error))")
        isStopping.withLock { $0 = true }
        return
      }
    }
  }
}
