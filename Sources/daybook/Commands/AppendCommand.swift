import DaybookClient
import Domain

/// `daybook append`.
enum AppendCommand {
  static func run(_ invocation: Invocation) async throws -> ExitCode {
    let batch = Int(try invocation.integer("--batch", in: 1...10_000) ?? 500)
    let daybook = try invocation.service()
    var receipts = ReceiptSink(format: invocation.format)
    if invocation["--type"] != nil {
      guard invocation.operand(0) == nil else {
        throw UsageError("give a file or --type, not both", invocation.command)
      }
      receipts.take(
        try await daybook.send(
          "POST", "events", body: try single(invocation).canonical, contentType: "application/cloudevents+json"))
    } else {
      let path = invocation.operand(0).flatMap { $0 == "-" ? nil : $0 }
      var reader = try EventFileReader(path: path, command: invocation.command)
      while let events = try reader.next(batch) {
        do {
          receipts.take(
            try await daybook.send(
              "POST", "events", body: events, contentType: "application/cloudevents-batch+json"))
        } catch {
          receipts.finish()
          throw error
        }
      }
    }
    receipts.finish()
    return .done
  }

  private static func single(_ invocation: Invocation) throws -> JSON {
    let text = invocation["--event-data"] ?? "{}"
    guard let data = try? JSON(parsing: Array(text.utf8)), case .object = data else {
      throw UsageError(
        "--event-data takes a JSON object (whole numbers and texts, no floating point)", invocation.command)
    }
    return .object([
      "specversion": .text("1.0"), "id": .text(invocation["--id"] ?? EventID.make()),
      "source": .text(invocation["--source"] ?? "/daybook/cli"), "type": .text(try invocation.required("--type")),
      "subject": .text(try invocation.required("--subject")), "time": invocation["--time"].map { .text($0) },
      "datacontenttype": .text("application/json"), "data": data,
    ])
  }
}

/// Shows receipts as they come, or their sum at the end.
private struct ReceiptSink {
  let format: OutputFormat
  private var count = 0
  private var duplicates = 0
  private var first: Int64?
  private var last: Int64?
  private var kept: [JSONView] = []

  init(format: OutputFormat) { self.format = format }

  mutating func take(_ answer: Answer) {
    guard let root = try? answer.json(), let receipts = root["events"]?.elements else { return }
    count += receipts.count
    duplicates += receipts.count { $0["duplicate"]?.boolean == true }
    first = first ?? receipts.first?["position"]?.integer
    last = receipts.last?["position"]?.integer ?? last
    switch format {
    case .ndjson: Console.write(Array(RowWriter(format: .ndjson).text(receipts, columns: nil).utf8))
    case .json, .csv: kept += receipts
    case .table: break
    }
  }

  func finish() {
    switch format {
    case .ndjson: break
    case .json, .csv: Console.write(Array(RowWriter(format: format).text(kept, columns: nil).utf8))
    case .table:
      guard let first, let last else { return Console.print("No events.") }
      let again = duplicates == 0 ? "" : count == 1 ? ", there already" : ", \(duplicates) of them there already"
      let place = count == 1 ? " at position \(first)" : ", positions \(first) to \(last)"
      Console.print("\(Count(count, "event"))\(place)\(again).")
    }
  }
}
