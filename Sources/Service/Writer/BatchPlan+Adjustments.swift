import Control
import Domain
import Log

extension BatchPlan {
  /// Plans the adjustments of a re-rating that are not written yet.
  ///
  /// An entry that was reversed, restated or adjusted since the re-rating was proposed is left out: its sequence moved.
  mutating func add(_ adjustments: AdjustmentBatch) throws(WriteError) {
    guard let rerate = memory.state.rerate(adjustments.rerate) else {
      throw WriteError(
        .refused(Refusal(code: "rerate-not-found", status: 404, detail: "No re-rating of this id is under way.")),
        "no re-rating of this id is under way")
    }
    for adjustment in adjustments.adjustments where adjustment.position > rerate.through {
      let subject = adjustment.subject
      let last =
        changedSequences[subject] ?? sequences[subject] ?? view.sequences[subject] ?? adjustment.sequence
      guard last == adjustment.sequence else { continue }
      let identity = adjustments.identity(of: adjustment)
      if isChecked, view.existing[identity] != nil { continue }
      record(
        Self.draft(adjustment, identity, of: adjustments.rerate), sequence: last + 1,
        derived: adjustment.derived(firstOpen: memory.state.firstOpenDay), by: .system)
      memory.state.advance(to: memory.position)
      memory.state.apply(adjustment, of: adjustments.rerate)
      sendWhatIsPlanned()
    }
  }

  private static func draft(_ adjustment: Adjustment, _ identity: Identity, of rerate: String) -> EventDraft {
    var data = Array("{\"adjusts\":\(adjustment.position),\"rerate\":".utf8)
    JSONWriter.appendString(rerate, to: &data)
    data.append(UInt8(ascii: "}"))
    guard let document = try? JSONDocument(data) else { preconditionFailure("a made object is strict JSON") }
    return EventDraft(
      id: identity.id, source: identity.source, type: "entry.adjusted", subject: adjustment.subject,
      body: document.root, data: data, personal: nil, persons: [])
  }
}
