import Lifecycle
import Notary
import Postgres

/// `daybook notary` and what a person tells it.
enum NotaryCommand {
  static let all: [CommandDescription] = [run, accept]

  private static let run = CommandDescription(
    path: ["notary"], summary: "Sign checkpoints of every ledger",
    discussion: """
      A part of `up` and of `serve`; alone, it signs for services that run with --no-notary. It signs size and root of each
      ledger's tree at most a second after new events, keeps the tiles that proofs are made of, and asks witnesses. The key
      and the files of checkpoints stand outside the database. Any number may run: each ledger is signed by one at a time,
      and only with the key that signed it before.

      It HALTS a ledger, and refuses to sign, when the log is no continuation of what was signed last:
        shrunk   the log ends earlier: it was cut off, or an older backup was restored. Appends are refused too.
        forked   its entries give another root: it was rewritten, or an older backup went on. Appends are refused too.
        altered  an entry behind it was changed or is gone; the tree in front of it still holds.
        key      the key is another one.   record   the kept checkpoints were changed.
      What to do: find out who did what. Restore the database to a state that has everything that was signed, or the one
      entry; the notary finds that out by itself and goes on. Only where that cannot be done, `daybook notary accept`.
      """,
    options: CommonOptions.database + NotarySetup.options + [RunningCommands.parentDescriptor]
  ) { invocation in
    let settings = ConnectionSettings(url: try invocation.database(), applicationName: "daybook notary")
    let runner = NotaryRunner(try NotarySetup.read(invocation, database: settings)) { Console.tell("notary: \($0)") }
    try await PartGroup(
      [NotarySetup.part(runner)] + ParentWatch.parts(invocation),
      bounds: .init(graceful: .seconds(10), forced: .seconds(1)), reportsFailures: false,
      report: { Console.tell("notary: \($0)") }
    ).run()
    return .done
  }

  private static let accept = CommandDescription(
    path: ["notary", "accept"], summary: "Let a halted ledger go on as it is",
    discussion: """
      The last resort, for a log that cannot be restored to what was signed. An altered entry stays a finding of every
      `daybook verify`, and signing goes on. A log that shrank or forked goes on under a new name (ORIGIN#2), as under the old
      one it would contradict itself: tell everybody who holds checkpoints or the verifier key. The word is left beside the
      files of checkpoints, where who reaches the database alone cannot give it; the running notary takes it in.
      """,
    options: [CommonOptions.ledger, .value("--reason", "TEXT", "Why, for those who will ask.")]
      + [CommonOptions.data] + NotarySetup.options.filter { $0.name == "--checkpoints" },
    examples: [
      ("daybook notary accept --ledger main --reason 'disk lost, restored to Monday'", "Go on behind a loss")
    ]
  ) { invocation in
    let reason = try invocation.required("--reason")
    let folder = invocation["--checkpoints"].map { DataFolder($0).path } ?? invocation.dataFolder.path("checkpoints")
    try AcceptanceFile.write(folder: folder, ledger: invocation.ledger, reason: reason)
    Console.print("The notary of \(invocation.ledger) will take it in; `daybook status` shows when it did.")
    return .done
  }
}
