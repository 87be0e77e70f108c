import DaybookClient
import Domain

/// Changes of the configuration, as commands ask for them: at once where they are free, else with a second human.
enum ChangeAnswer {
  /// What every command that changes the configuration takes besides.
  static let options: [OptionDescription] =
    [
      .value("--sequence", "N", "Change it only where it stands at this sequence.", usual: "as it was just read"),
      .value("--reason-code", "CODE", "Why, as a short token, where a second human is needed."),
      .value(
        "--evidence", "KIND:TITLE:TEXT", "What speaks for it; a text that is a URI counts as one.", isRepeatable: true
      ),
      .value("--risk", "RISK", "Raise the risk that the ledger computes.", allowed: ["low", "medium", "high"]),
      .value("--break-glass", "REASON", "Make it alone, as an admin; another owner reviews it later."),
    ] + CommonOptions.command

  /// Puts a configuration, and says what came of it: done, or which approval it waits for.
  static func put(
    _ invocation: Invocation, _ path: String, _ configuration: JSON, readAt sequence: Int64? = nil
  ) async throws -> ExitCode {
    try await send(invocation, "PUT", path, configuration, readAt: sequence)
  }

  /// Sends a change by a method, and says what came of it.
  ///
  /// - Parameter more: What a table shows besides.
  static func send(
    _ invocation: Invocation, _ method: String, _ path: String, _ configuration: JSON, readAt sequence: Int64? = nil,
    more: (JSONView) -> String? = { _ in nil }
  ) async throws -> ExitCode {
    let body = try completed(configuration, invocation, readAt: sequence)
    let answer = try await invocation.service().send(
      method, path, json: body, idempotencyKey: invocation["--idempotency-key"])
    let root = try answer.json()
    show(root, invocation)
    if invocation.format == .table, let more = more(root) {
      for line in more.split(separator: "\n") { Console.print(DisplayWidth.harmless(String(line))) }
    }
    return .done
  }

  /// A configuration with what is said for it.
  static func completed(_ configuration: JSON, _ invocation: Invocation, readAt sequence: Int64? = nil) throws -> JSON
  {
    var body = configuration
    body["sequence"] = (try invocation.integer("--sequence") ?? sequence).map(JSON.integer)
    if let approval = try approval(invocation) { body["approval"] = approval }
    if let reason = invocation["--break-glass"] { body["break_glass"] = .object(["reason": .text(reason)]) }
    return body
  }

  /// Shows what came of a change.
  static func show(_ root: JSONView, _ invocation: Invocation) {
    guard invocation.format == .table else {
      Console.write(Array(invocation.rows.text(root["events"]?.elements ?? [], columns: nil, whole: root).utf8))
      return
    }
    if let request = root["approval"], let id = request["approval"]?.string {
      let owners = request["quorum"]?.integer == 1 ? "one other owner" : "two other owners"
      Console.print("Not done yet: approval \(DisplayWidth.harmless(id)) needs \(owners).")
    } else {
      Console.print("Done, at position \(root["events"]?.elements.last?["position"]?.integer ?? 0).")
    }
  }

  /// A configuration as it is now, without what only the ledger says of it; nil where there is none.
  static func present(
    _ invocation: Invocation, _ path: String, member: String
  ) async throws -> (configuration: JSON, sequence: Int64)? {
    do {
      let root = try await invocation.service().send("GET", path).json()
      return root[member].map(apart)
    } catch let error as DaybookError where error.status == 404 {
      return nil
    }
  }

  /// A configuration and its sequence, apart.
  static func apart(_ view: JSONView) -> (configuration: JSON, sequence: Int64) {
    var json = JSON(view)
    let sequence = json["sequence"]?.integer ?? 0
    json["sequence"] = nil
    json["position"] = nil
    return (json, sequence)
  }

  private static func approval(_ invocation: Invocation) throws -> JSON? {
    let evidence = try invocation.all("--evidence").map { text throws(UsageError) in
      try ApprovalCommands.evidence(text, invocation)
    }
    let approval = JSON.object([
      "reason_code": invocation["--reason-code"].map { .text($0) }, "risk": invocation["--risk"].map { .text($0) },
      "evidence": evidence.isEmpty ? nil : .array(evidence),
    ])
    return approval.members?.isEmpty == true ? nil : approval
  }
}

extension Invocation {
  /// A switch that has an option for on and another for off; nil where neither was given.
  func either(_ on: String, _ off: String) throws(UsageError) -> Bool? {
    if has(on) && has(off) { throw UsageError("\(on) and \(off) exclude each other", command) }
    return has(on) ? true : has(off) ? false : nil
  }
}
