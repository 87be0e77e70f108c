import Domain

extension ChangeForm {
  /// The claim is the service's to make: newest checkpoint, root, and digests of the books there.
  static let closing = ChangeForm(
    endpoint: "closePeriod", named: "period", made: ["position", "root", "books", "versions"],
    fields: CommandCatalogue.fields(of: "period.closed"),
    subject: periodSubject)
  static let reopening = ChangeForm(
    endpoint: "reopenPeriod", named: "period", fields: CommandCatalogue.fields(of: "period.reopened"),
    subject: periodSubject)

  private static let periodSubject: @Sendable (JSON) -> String? = { body in
    body["period"]?.string.flatMap { AccountingMonth($0) }.map { "period/\($0)" }
  }
}
