/// Types of columns. Amounts are decimal strings, integers numbers, days `YYYY-MM-DD`, timestamps RFC 3339 in UTC;
/// `person` holds a token in SQL and the producer's own name for the person in answers, as long as it is known.
public enum ColumnType: String, Sendable, CaseIterable {
  case text, date, integer, amount, json, person, timestamp, boolean
}
