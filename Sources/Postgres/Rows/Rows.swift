import CPostgres

/// The rows of one result; owns libpq's memory. Columns are read by index.
///
/// Reading a NULL as a value, or a value as something that its column is not, is the caller's mistake and stops the
/// program: who cannot know the columns asks for ``ResultFormat/text`` and reads strings.
public final class Rows {
  private let result: OpaquePointer
  /// How many rows.
  public let count: Int
  /// How many columns.
  public let columnCount: Int

  /// Takes the result over.
  init(owning result: OpaquePointer) {
    self.result = result
    self.count = Int(PQntuples(result))
    self.columnCount = Int(PQnfields(result))
  }

  deinit { PQclear(result) }

  /// The columns' names in order.
  public var columnNames: [String] { (0..<columnCount).map { String(cString: PQfname(result, Int32($0))) } }

  /// The columns' types in order, as numbers of `pg_type`.
  public var columnTypes: [UInt32] { (0..<columnCount).map { PQftype(result, Int32($0)) } }

  /// Rows touched by INSERT, UPDATE, DELETE, MERGE or COPY, or fetched by SELECT.
  public var affected: Int64 { Int64(String(cString: PQcmdTuples(result))) ?? 0 }

  /// What Postgres says it did: `INSERT 0 1`, `COMMIT`, `ROLLBACK`, ….
  public var commandTag: String { String(cString: PQcmdStatus(result)) }

  /// Is the value NULL?
  public func isNull(_ row: Int, _ column: Int) -> Bool {
    precondition(row >= 0 && row < count && column >= 0 && column < columnCount, "no such field")
    return PQgetisnull(result, Int32(row), Int32(column)) != 0
  }

  /// Lends the bytes of a value as they came over the wire, without a copy; empty for NULL.
  public func withField<Value>(
    _ row: Int, _ column: Int, _ body: (UnsafeRawBufferPointer) throws -> Value
  ) rethrows -> Value { try body(field(row, column)) }

  /// The bytes of a value; they live as long as the result.
  func field(_ row: Int, _ column: Int) -> UnsafeRawBufferPointer {
    precondition(row >= 0 && row < count && column >= 0 && column < columnCount, "no such field")
    let length = PQgetlength(result, Int32(row), Int32(column))
    return UnsafeRawBufferPointer(start: PQgetvalue(result, Int32(row), Int32(column)), count: Int(length))
  }

  /// The bytes of a value that must be there.
  func value(_ row: Int, _ column: Int) -> UnsafeRawBufferPointer {
    let field = field(row, column)
    precondition(!field.isEmpty || !isNull(row, column), "\(columnNames[column]) is NULL")
    return field
  }

  /// The type of a column.
  func typeID(_ column: Int) -> UInt32 { PQftype(result, Int32(column)) }

  /// Did the column come in the binary form?
  func isBinary(_ column: Int) -> Bool { PQfformat(result, Int32(column)) == 1 }
}
