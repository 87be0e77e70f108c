import DaybookClient
import Domain

/// Appends the facts of a file in batches, in its order.
struct FactSending {
  private let file: FactFile
  private let total: Int
  private let batch: Int
  private let invocation: Invocation

  init(_ file: FactFile, total: Int, _ invocation: Invocation) throws {
    self.file = file
    self.total = total
    self.invocation = invocation
    batch = Int(try invocation.integer("--batch", in: 1...10_000) ?? 500)
  }

  func run(_ summary: FactSummary) async throws {
    let daybook = try invocation.service()
    let bar = ProgressBar("Appending \(file.name)", environment: invocation.environment)
    defer { bar.finish() }
    var facts: [ImportedFact] = []
    var (fresh, known) = (0, 0)
    try await file.forEach(progress: { _, _ in }, fault: { _, _ in }) { fact in
      facts.append(fact)
      if facts.count == batch { try await send(&facts, daybook, &fresh, &known, bar) }
    }
    try await send(&facts, daybook, &fresh, &known, bar)
    bar.finish()
    guard fresh + known == total else {
      throw CheckFailure(
        "\(file.name) changed while it was read: \(Count(fresh + known, "event")) instead of \(total)")
    }
    summary.show(invocation, "\(file.name): \(Count(fresh, "event")) appended, \(known) there already")
  }

  private func send(
    _ facts: inout [ImportedFact], _ daybook: Daybook, _ fresh: inout Int, _ known: inout Int, _ bar: ProgressBar
  ) async throws {
    guard !facts.isEmpty else { return }
    do {
      let result = try await daybook.append(facts.map { $0.event(source: file.source) })
      known += result.receipts.count { $0.isDuplicate }
      fresh += result.receipts.count { !$0.isDuplicate }
    } catch let error as DaybookError where !error.faults.isEmpty {
      // The service counts events of the batch; people count lines.
      for fault in error.faults.prefix(FactFaults.most) {
        let line = fault.index.flatMap { facts.indices.contains($0) ? facts[$0].line : nil }
        let place = (line.map { "line \($0): " } ?? "") + (fault.pointer.isEmpty ? "" : "\(fault.pointer): ")
        Console.tell("\(place)\(fault.detail) (\(fault.code))")
      }
      throw CheckFailure(
        """
        \(error.title ?? error.message); appended before line \(facts[0].line): \(Count(fresh + known, "event"))
        """)
    }
    bar.update(Int64(fresh + known), of: Int64(total))
    facts = []
  }
}
