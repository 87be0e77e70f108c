import Domain

extension AccessTable {
  private static let ledger = "/v1/ledgers/{ledger}"

  /// What finance does: corrections, months, rates, differences.
  static let financeEndpoints: [EndpointAccess] = [
    .init(
      "restateEntry", "POST", ledger + "/restatements", .ledger, roles: [.finance], kinds: noAgent, request: [.json],
      "Restate what a completion or a cost cost.",
      "The whole new cost; nothing is overwritten, and each restatement says what was booked before."),
    .init(
      "listPeriods", "GET", ledger + "/periods", .ledger, roles: bookReaders,
      "Months, with the last position that posted to each, and what closed them."),
    .init(
      "closePeriod", "POST", ledger + "/periods/{period}/close", .ledger, roles: [.finance], kinds: people,
      request: [.json], "Close a month, and with it all before it.",
      "The service claims the newest checkpoint that covers the month, and the digests of the finance books there; 202: "
        + "another owner's grant closes it, and checks again."),
    .init(
      "reopenPeriod", "POST", ledger + "/periods/{period}/reopen", .ledger, roles: [.finance], kinds: people,
      request: [.json], "Reopen the last closed month.", "202: another owner's grant reopens it."),
    .init(
      "listRate", "POST", ledger + "/rates", .ledger, roles: [.finance], kinds: noAgent, request: [.json],
      "List a rate of exchange from a day on.", "It holds from the first open day on, where that is later."),
    .init(
      "recordDifference", "POST", ledger + "/reconciliations", .ledger, roles: [.finance], kinds: noAgent,
      request: [.json], "Record that an invoice and the books differ by more than was to be tolerated."),
    .init(
      "listRerates", "GET", ledger + "/rerates", .ledger, roles: bookReaders,
      "Re-ratings that are approved and not complete, and how far they are."),
    .init(
      "proposeRerate", "POST", ledger + "/rerates", .ledger, roles: [.finance], kinds: people, request: [.json],
      "Cost past completions by the prices known now.",
      "Nothing is booked yet: 202 with the totals before and after. Another owner's grant lets an adjustment be written "
        + "for each call."),
  ]
}
