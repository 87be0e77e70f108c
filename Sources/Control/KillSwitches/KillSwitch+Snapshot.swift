import Domain

extension KillSwitch {
  var snapshot: JSON {
    .object([
      "scope": .string(scope), "reason": .text(reason), "triggered_by": .text(triggeredBy), "actor": .text(actor),
      "position": .integer(position), "activated_at": .text(activatedAt.description),
    ])
  }

  init(_ reader: SnapshotReader) throws(SnapshotFault) {
    self.init(
      scope: ExactText(try reader.text("scope")), reason: try reader.text("reason"),
      triggeredBy: try reader.text("triggered_by"), actor: try reader.text("actor"),
      position: try reader.integer("position"), activatedAt: try reader.moment("activated_at"))
  }
}
