import DaybookClient
import Domain
import Glibc

/// `daybook export --format csv`: answers of books, streamed.
enum BookExport {
  /// A question, and the file that its answer goes to.
  private struct Question {
    var book: String
    var query: String
    var file: String
  }

  static func run(_ invocation: Invocation) async throws -> ExitCode {
    for option in ["--after", "--type", "--subject", "--input", "--focus-version"]
    where invocation.values[option] != nil {
      throw UsageError("\(option) is not for --format csv", invocation.command)
    }
    let daybook = try invocation.service()
    var parameters = invocation.parameters
    for name in ["from", "to"] {
      if let day = invocation["--" + name] { parameters.append((name: name, value: day)) }
    }
    let asOf = try invocation.integer("--up-to", in: 1...Int64.max).map { AsOf.position($0) }
    let output = invocation["--output"] ?? "-"
    if let book = invocation["--book"] {
      try await write(daybook, book, invocation["--query"], parameters, asOf, try ExportOutput(output))
      return .done
    }
    guard invocation["--query"] == nil else {
      throw UsageError("--query is of a book: give --book", invocation.command)
    }
    guard output != "-" else {
      throw UsageError("all books go into a folder: give --output, or --book", invocation.command)
    }
    try await writeAll(invocation, daybook, parameters, asOf, folder: output)
    return .done
  }

  private static func writeAll(
    _ invocation: Invocation, _ daybook: Daybook, _ parameters: [(name: String, value: String)], _ asOf: AsOf?,
    folder: String
  ) async throws {
    let list = try await daybook.bookList()
    guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
      throw CheckFailure("cannot make the folder \(folder): \(String(cString: strerror(errno)))")
    }
    let (questions, left) = questions(list, parameters)
    let bar = ProgressBar("Exporting books", environment: invocation.environment)
    defer { bar.finish() }
    for (index, question) in questions.enumerated() {
      try await write(
        daybook, question.book, question.query, parameters.filter { takes(list, question, $0.name) }, asOf,
        try ExportOutput(folder + "/" + question.file))
      bar.update(Int64(index + 1), of: Int64(questions.count), unit: "answers")
    }
    bar.finish()
    for question in left {
      Console.tell("\(question) needs a parameter and was left out: ask it with --book and --query")
    }
    Console.print("\(folder): \(questions.map(\.file).joined(separator: ", "))")
  }

  /// Every question that needs no parameter but those given, and the names of the others.
  private static func questions(
    _ list: JSON, _ parameters: [(name: String, value: String)]
  ) -> (questions: [Question], left: [String]) {
    var questions: [Question] = []
    var left: [String] = []
    for entry in list["books"]?.elements ?? [] {
      guard let name = entry["projection"]?.string else { continue }
      for query in entry["queries"]?.elements ?? [] {
        guard let title = query["query"]?.string else { continue }
        let missing = (query["parameters"]?.elements ?? []).contains { parameter in
          parameter["required"] == .boolean(true) && !parameters.contains { $0.name == parameter["name"]?.string }
        }
        if missing {
          left.append("\(name) \(title)")
        } else {
          questions.append(Question(book: name, query: title, file: "\(name).\(title).csv"))
        }
      }
    }
    return (questions, left)
  }

  /// A parameter that only some books have is given to these.
  private static func takes(_ list: JSON, _ question: Question, _ name: String) -> Bool {
    (list["books"]?.elements ?? []).contains { book in
      book["projection"]?.string == question.book
        && (book["queries"]?.elements ?? []).contains { query in
          query["query"]?.string == question.query
            && (query["parameters"]?.elements ?? []).contains { $0["name"]?.string == name }
        }
    }
  }

  private static func write(
    _ daybook: Daybook, _ book: String, _ query: String?, _ parameters: [(name: String, value: String)],
    _ asOf: AsOf?, _ output: ExportOutput
  ) async throws {
    for try await piece in try await daybook.booksCSVStream(book, query: query, parameters: parameters, asOf: asOf) {
      output.bytes += piece
      try output.flush(atLeast: ExportOutput.piece)
    }
    try output.finish()
  }
}
