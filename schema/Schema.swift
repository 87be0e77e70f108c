/// The numbered SQL of the log, compiled in from `schema/sql`.
public enum Schema {
  /// Every migration in the order of its number: 1, 2, 3, … without gaps.
  public static let migrations: [Migration] = EmbeddedFiles.all.map(Migration.init).sorted { $0.number < $1.number }

  /// The condition of the index `daybook.events_control`, to repeat in a query that should use it.
  ///
  /// It leaves out what services append in bulk. A query that names types as constants needs no repetition.
  public static let controlEventsCondition = """
    type NOT IN ('completion.recorded', 'route.decided', 'route.denied', 'reservation.expired', 'tool.invoked', \
    'retrieval.performed', 'case.escalated', 'cost.incurred', 'revenue.earned', 'invoice.received', 'entry.adjusted') \
    AND (type < 'x.' OR type >= 'x/')
    """
}
