import Control
import Domain
import Log

extension BatchPlan {
  /// Plans the adjustments of a re-rating that are not written yet.
  ///
  /// An entry that was reversed, restated or adjusted since the re-rating was proposed is left out: its sequence moved.
  mutating func add(_ adjustments: AdjustmentBatch) throws(WriteError) {
    guard var rerate = memory.withState({ $0.rerate(adjustments.rerate) }) else {
      throw WriteError(
        .refused(Refusal(code: "rerate-not-found", status: 404, detail: "No re-rating of this id is under way.")),
        "no re-rating of this id is under way")
    }
    let firstOpen = memory.withState { $0.firstOpenDay }
    for adjustment in adjustments.adjustments where adjustment.position > rerate.through {
      let subject = adjustment.subject
      let last =
        changedSequences[subject] ?? sequences[subject] ?? view.sequences[subject] ?? adjustment.sequence
      guard last == adjustment.sequence else { continue }
      let identity = adjustments.identity(of: adjustment)
      if isChecked, view.existing[identity] != nil { continue }
      record(
        Self.draft(adjustment, subject, identity, of: adjustments.rerate), sequence: last + 1,
        derived: adjustment.derived(firstOpen: firstOpen), by: .system)
      memory.withState { $0.apply(adjustment, to: &rerate, at: memory.position) }
      sendWhatIsPlanned(atOnce: Self.adjustmentsAtOnce)
    }
    memory.withState { $0.keep(rerate) }
  }

  /// Bytes of adjustments that one statement takes ahead: there are always more to come, so its own cost counts most.
  private static let adjustmentsAtOnce = 128 << 10
  /// Nobody said these events: their data is made in the form that it is kept in, and nothing is looked up in it.
  private static let unsaid: JSONView = {
    guard let document = try? JSONDocument(Array("{}".utf8)) else { preconditionFailure("an object is JSON") }
    return document.root
  }()

  private static func draft(
    _ adjustment: Adjustment, _ subject: String, _ identity: Identity, of rerate: String
  ) -> EventDraft {
    var data = Array("{\"adjusts\":\(adjustment.position),\"rerate\":".utf8)
    JSONWriter.appendString(rerate, to: &data)
    data.append(UInt8(ascii: "}"))
    return EventDraft(
      id: identity.id, source: identity.source, type: "entry.adjusted", subject: subject, body: unsaid, data: data,
      personal: nil, persons: [])
  }
}
