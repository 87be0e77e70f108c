public import Domain

/// A point of the log to look back to.
public enum AsOf: Sendable, Hashable {
  /// The book as it was when this position had been posted.
  case position(Int64)
  /// The book as it was when everything recorded up to this time had been posted.
  case time(Timestamp)

  var text: String {
    switch self {
    case .position(let position): String(position)
    case .time(let time): time.description
    }
  }
}

extension Daybook {
  /// Asks a book.
  ///
  /// - Parameters:
  ///   - projection: The book's name, such as `daily_spend`.
  ///   - query: One of its queries; its first where it is nil.
  ///   - parameters: The query's parameters, such as `from`, `to`, `group_by`.
  ///   - minPosition: Waits until the book reflects at least this position, such as a receipt's.
  ///   - asOf: Looks back to a point of the log; slower than the present, and bounded in number.
  /// - Throws: ``DaybookError``; `CancellationError`.
  public func books(
    _ projection: String, query: String? = nil, parameters: [(name: String, value: String)] = [],
    minPosition: Int64? = nil, asOf: AsOf? = nil
  ) async throws -> BookAnswer {
    try BookAnswer(
      try await send(
        "GET", Self.bookPath(projection, query), query: Self.bookQuery(parameters, minPosition, asOf)))
  }

  /// Asks a book for CSV with a header line, as bytes.
  public func booksCSV(
    _ projection: String, query: String? = nil, parameters: [(name: String, value: String)] = [],
    minPosition: Int64? = nil, asOf: AsOf? = nil
  ) async throws -> [UInt8] {
    try await send(
      "GET", Self.bookPath(projection, query), query: Self.bookQuery(parameters, minPosition, asOf),
      accept: "text/csv"
    ).body
  }

  /// Asks a book for CSV with a header line and hands it over as it comes, however long it is.
  ///
  /// - Throws: ``DaybookError``; `CancellationError`. An answer that breaks off throws `connection`.
  public func booksCSVStream(
    _ projection: String, query: String? = nil, parameters: [(name: String, value: String)] = [],
    minPosition: Int64? = nil, asOf: AsOf? = nil
  ) async throws -> AnswerPieces {
    let request = TransportRequest(
      method: "GET",
      url: address(Self.bookPath(projection, query), Self.bookQuery(parameters, minPosition, asOf)),
      headers: [authorisation, (name: "Accept", value: "text/csv")], timeout: configuration.timeout)
    let stream = try await transport.open(request)
    guard stream.head.status == 200 else {
      var answer = stream.head
      while answer.body.count < 65_536, let piece = try await stream.next() { answer.body += piece }
      throw DaybookError(answer: answer)
    }
    return AnswerPieces(stream: stream)
  }

  /// The books there are, with their queries, parameters and columns, as the ledger describes them.
  public func bookList() async throws -> JSON { JSON(try await send("GET", "books").json()) }

  private static func bookPath(_ projection: String, _ query: String?) -> String {
    "books/\(escaped(projection))" + (query.map { "/\(escaped($0))" } ?? "")
  }

  private static func bookQuery(
    _ parameters: [(name: String, value: String)], _ minPosition: Int64?, _ asOf: AsOf?
  ) -> [(name: String, value: String)] {
    var query = parameters
    if let minPosition { query.append((name: "min_position", value: String(minPosition))) }
    if let asOf { query.append((name: "as_of", value: asOf.text)) }
    return query
  }
}
