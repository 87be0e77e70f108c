public import Domain

/// A balanced entry: its lines add up to zero in every currency.
public struct JournalEntry {
  /// The day it is posted on.
  public var day: CivilDate
  /// The event that caused it; 0 for an allocation, which follows from all entries of its day.
  public var position: Int64
  /// The event's type, or `allocation`.
  public var type: String
  /// When the event happened; nil for an allocation.
  public var time: Timestamp?
  /// The event's receipt id, `ledger/position/leaf`; empty for an allocation.
  public var receipt: [UInt8]
  /// What it is about, for queries: operation, model, provider, strategy, category, and what it corrects.
  public var labels: [(key: StaticString, name: ExactText)]
  /// Debits above zero, credits below.
  public var lines: [JournalLine]
}

/// One line of an entry.
public struct JournalLine: Equatable {
  /// The account.
  public var account: Account
  /// Above zero for a debit, below zero for a credit.
  public var money: Money
}
