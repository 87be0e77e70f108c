import Control
import Crypto
public import Domain
public import Postgres

/// The control state of a ledger at a position, as the log gives it.
public struct ControlReplay: Sendable {
  /// The ledger.
  public var ledger: String
  /// The last event folded in; 0 for none.
  public var position: Int64
  /// Version of the rules that it was folded under.
  public var rulesVersion: Int
  /// Version of the form that it is written in.
  public var form: Int64
  /// The state as canonical JSON (RFC 8785): equal at a position on every machine.
  public var state: [UInt8]

  /// Lower-case hex SHA-256 of the state.
  public var digest: String { Hex.string(SHA256Digest.hash(state)) }

  /// Where a replay ends.
  public enum Point: Sendable {
    /// With this position.
    case position(Int64)
    /// With the last event recorded at or before a moment.
    case moment(Timestamp)
    /// With the head as it is now.
    case head

    /// The position that is meant, in the log that a reader reads.
    public func position(in reader: LogReader) throws(PostgresError) -> Int64 {
      switch self {
      case .position(let position): position
      case .moment(let moment): try reader.position(at: moment)
      case .head: try reader.head().position
      }
    }
  }

  /// Folds the log of a ledger up to a point.
  ///
  /// - Parameters:
  ///   - fromSnapshot: Starts from the newest snapshot below: quicker, and as true as the snapshot is.
  ///   - check: Called before each event; what it throws ends the replay.
  /// - Throws: `LogError.unknownLedger`, `LogError.beyondHead`, `LogError.corrupt`, and what Postgres answers.
  public static func run(
    _ connection: Connection, ledger: String, at point: Point, fromSnapshot: Bool, check: () throws -> Void = {}
  ) throws -> ControlReplay {
    let position = try point.position(in: LogReader(connection, ledger: ledger))
    let state = try ControlFold.state(of: ledger, at: position, fromSnapshot: fromSnapshot, connection, check: check)
    return ControlReplay(
      ledger: ledger, position: position, rulesVersion: ControlState.rulesVersion, form: ControlState.snapshotForm,
      state: state.snapshot())
  }
}
