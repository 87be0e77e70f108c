/// Lines to try of the commands that explain themselves but for this; the others carry theirs with them.
enum CommandExamples {
  /// The lines of a command, each with what it does.
  static func lines(of command: String) -> [(line: String, what: String)] { all[command].map { [$0] } ?? [] }

  static let all: [String: (line: String, what: String)] = [
    "serve": (
      "daybook serve --database-url postgres://daybook@db.example/daybook", "One more on a database of yours"
    ),
    "project": ("daybook project --projections /etc/daybook/books", "With a book of yours"),
    "migrate": ("daybook migrate --check", "Whether a database is up to date"),
    "event": ("daybook event 4711", "What was said at a position, and what the ledger concluded"),
    "books": ("daybook books --format json", "With every parameter and column, for a program"),
    "skip": (
      "daybook skip daily_spend 4711 --reason 'mistyped by the importer'", "Past the event that it stopped at"
    ),
    "approvals show": (
      "daybook approvals show 01a1f8d3-04d0-7ef1-adba-e8ca8093f3ea", "The exact change, before granting it"
    ),
    "break-glass list": ("daybook break-glass list", "What another owner still has to review"),
    "recommendations list": ("daybook recommendations list --format json", "With the whole change that is proposed"),
    "recommendations accept": (
      "daybook recommendations accept 01a1f8d3-04d0-7ef1-adba-e8ca8093f3ea --reason 'tried for a week'",
      "Ask another owner to let it be done"
    ),
    "recommendations dismiss": (
      "daybook recommendations dismiss 01a1f8d3-04d0-7ef1-adba-e8ca8093f3ea --reason 'worse answers'", "Not this one"
    ),
    "kill-switch list": ("daybook kill-switch list --format json", "For a monitor"),
    "prices list": ("daybook prices list --provider openai --at 2025-06-10T00:00:00Z", "What held on a day"),
    "prices history": ("daybook prices history o3 --provider openai", "Every price, and when it was learned"),
    "routes list": ("daybook routes list --format csv", "For a spreadsheet"),
    "routes show": ("daybook routes show chat_message", "Primary, fallbacks, and what it requires"),
    "models list": ("daybook models list --format csv", "For a spreadsheet"),
    "models show": ("daybook models show deepseek", "Who serves it, and for whom"),
    "evaluations list": ("daybook evaluations list --operation chat_message", "Who passed what for a route"),
    "toggles list": ("daybook toggles list", "What is on, what is locked, and who may change it"),
    "toggles enforce": (
      "daybook toggles enforce helix_can_change_models && change-the-model", "Only where it is on, on record"
    ),
    "policy show": ("daybook policy show --format json", "As `policy set` takes it"),
    "budgets list": ("daybook budgets list", "Every budget and limit"),
    "budgets enable": ("daybook budgets enable per-user-day", "It refuses again what has no room"),
    "budgets disable": (
      "daybook budgets disable per-user-day --evidence 'note:drill:load test until five'",
      "It counts on, once two other owners have granted it"
    ),
    "keys list": ("daybook keys list --format json", "With roles, ledgers and expiry, and without secrets"),
    "keys rotate": (
      "daybook keys rotate o6bqwg07l8oj --reason yearly --overlap 600", "The old one ends in ten minutes"
    ),
    "keys revoke": ("daybook keys revoke o6bqwg07l8oj --reason 'stood in a ticket'", "At once, on every instance"),
    "owners list": ("daybook owners list", "Who is accountable, and since when"),
    "ledgers list": ("daybook ledgers list", "Their names, zones and currencies"),
    "ledgers open": (
      "daybook ledgers open berlin --time-zone Europe/Berlin --reporting-currency EUR",
      "One that closes its days there"
    ),
    "proof inclusion": ("daybook proof inclusion 4711", "That an event is in the newest checkpoint's tree"),
    "proof consistency": (
      "daybook proof consistency 4711 56378", "That the older tree is where the newer one begins"
    ),
    "keys log": ("daybook keys log > log.keys", "For whoever shall check the log"),
    "notary": (
      "daybook notary --checkpoints /mnt/other/checkpoints", "Its files on another disk than the database's"
    ),
    "version": ("daybook version", "Of this program"),
  ]
}
