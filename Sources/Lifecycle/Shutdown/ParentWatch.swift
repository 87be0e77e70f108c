import Dispatch
@preconcurrency import Glibc

/// Requests a shutdown when the process that started this one is gone, however it went.
///
/// The parent keeps the writing end of a pipe and its children inherit the reading end: the kernel closes the writing
/// end even when the parent is killed, and the read that waits here ends.
public struct ParentWatch: Part {
  /// What the part is called in messages.
  public var name: String { "parent watch" }
  private let descriptor: Int32
  private let report: PartGroup.Report

  /// Watches the reading end that this process inherited as `descriptor`.
  public init(descriptor: Int32, report: @escaping PartGroup.Report = { _ in }) {
    self.descriptor = descriptor
    self.report = report
  }

  /// Returns once the parent is gone or `shutdown` is requested.
  public func run(_ shutdown: GracefulShutdown) async throws {
    let (descriptor, report) = (descriptor, report)
    // The thread outlives `run` when the shutdown comes first; it holds nothing but the descriptor.
    DispatchQueue(label: "daybook.parent-watch").async {
      var byte: UInt8 = 0
      while true {
        let count = read(descriptor, &byte, 1)
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { break }
      }
      if !shutdown.isRequested { report("the process that started this one is gone") }
      shutdown.request()
    }
    await shutdown.requested()
  }
}
