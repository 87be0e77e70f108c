public import Domain

extension CommandCatalogue {
  /// Restates what an entry cost.
  public static func restateEntry(_ body: JSONView) throws(EventFaults) -> Command {
    .restateEntry(try checked("restateEntry", body))
  }

  /// Lists a rate of exchange.
  public static func listRate(_ body: JSONView) throws(EventFaults) -> Command {
    .listRate(try checked("listRate", body))
  }

  /// Records that an invoice and the books differ.
  public static func recordDifference(_ body: JSONView) throws(EventFaults) -> Command {
    .recordDifference(try checked("recordDifference", body))
  }

  /// What a request for a re-rating selects.
  public static func rerateSelection(_ body: JSONView) throws(EventFaults) -> RerateSelection {
    let json = try checked("proposeRerate", body)
    guard let selection = RerateSelection(json) else {
      throw EventFaults([
        ValidationFault(
          pointer: "/from", code: "pattern", detail: "expected: from and to as days YYYY-MM-DD, in order")
      ])
    }
    return selection
  }

  /// Asks for a re-rating as it was computed: the request's members, and what was found.
  public static func rerate(_ body: JSONView, id: String, found: RerateProposal) throws(EventFaults) -> Command {
    try change(.rerate, body, made: ["rerate": id], computed: found.json)
  }
}
