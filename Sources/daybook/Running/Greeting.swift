@preconcurrency import Glibc
import Lifecycle

/// What `up` prints once everything answers.
struct Greeting {
  let text: String

  init(_ up: UpCommand, _ record: ReadyRecord, totals: String?, isKeyNew: Bool) {
    let folder = up.folder
    // A log that a service manager keeps need not hold the key again at every start.
    let showsKey = isKeyNew || isatty(1) == 1
    let key = AtomicFile.read(folder.adminKeyFile)?.trimmed
    let file = record.adminKeyFile.map { "kept in \($0)" } ?? "made by another copy; it has the file"
    var lines = [
      "", "Daybook is ready.", "",
      "  address    \(record.url)",
      "  ledger     \(record.ledger)",
      "  admin key  \(showsKey ? key.map { "\($0)  (\(file))" } ?? file : file)",
      "  data       \(folder.path)", "",
    ]
    if let totals { lines += [totals, ""] }
    lines += ["Try:"] + Self.commands(up, hasDemo: totals != nil).map { "  \($0)" }
    lines += ["", "Ctrl-C stops everything; starting again finds it as it was.", ""]
    text = lines.joined(separator: "\n")
  }

  /// Three commands that work as they stand, in a shell in the folder where `up` was started.
  private static func commands(_ up: UpCommand, hasDemo: Bool) -> [String] {
    let program = quoted(ProcessIdentity.executable)
    let usual = DataFolder.usualPath(up.invocation.environment)
    let data = up.folder.path == usual ? "" : " --data \(quoted(up.folder.path))"
    let database = up.invocation["--database-url"] != nil && up.invocation.environment["DAYBOOK_DATABASE_URL"] == nil
    let verify = database ? "\(program) status\(data)" : "\(program) verify\(data)"
    if hasDemo {
      return [
        "\(program) query daily_spend --from 2023-11-16 --to 2023-11-16 --group-by operation\(data)",
        "\(program) events --type completion.recorded --limit 5\(data)",
        verify,
      ]
    }
    return [
      "\(program) append --type x.note --subject note/1 --event-data '{\"text\":\"hello\"}'\(data)",
      "\(program) events\(data)",
      verify,
    ]
  }

  /// As a shell takes it for one word.
  private static func quoted(_ path: String) -> String {
    let isPlain = path.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/._-".contains($0)) }
    return isPlain ? path : "'\(path.replacing("'", with: "'\\''"))'"
  }
}
