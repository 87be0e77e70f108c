/// How much is measured: the whole run, or a quick look.
struct Settings: Sendable {
  /// Path of the `daybook` program that is measured.
  var daybook = ""
  /// A folder that is empty, and goes away with the run.
  var folder = ""
  /// Folder with the scripts of wrk and pgbench.
  var scripts = ""
  /// Names of the measures to take; empty: all.
  var only: Set<String> = []

  /// Times that the two sides of a ratio are measured, one after the other.
  var rounds = 5
  /// Events of one round of batch appends.
  var roundEvents = 30_000
  /// Seconds of one round of single appends.
  var singleSeconds = 5
  /// Events after which books are rebuilt and asked.
  var million: Int64 = 1_000_000
  /// Events after which books are asked again.
  var fiveMillion: Int64 = 5_000_000
  /// Events of the ledger whose past is asked for.
  var asOfEvents: Int64 = 10_000_000
  /// Positions between two snapshots of a book.
  var snapshotInterval: Int64 = 250_000
  /// How long growing to each of the two may take; what was reached by then is what is measured, and said.
  var growthBound: Duration = .seconds(240)
  /// Seconds of the paced load.
  var lagSeconds = 20
  /// Questions to the books, each time.
  var questions = 1000

  /// Events a request.
  static let batch = 500
  /// Requests in flight.
  static let inFlight = 4
  /// Events a second of the paced load.
  static let pace = 5000
  /// Decisions a second of their paced load.
  static let decisionPace = 2000

  /// A look that takes a minute or two: the same measures over less.
  mutating func beQuick() {
    rounds = 3
    roundEvents = 10_000
    singleSeconds = 2
    million = 60_000
    fiveMillion = 300_000
    asOfEvents = 300_000
    snapshotInterval = 30_000
    growthBound = .seconds(45)
    lagSeconds = 5
    questions = 200
  }

  /// Should a measure be taken?
  func wants(_ name: String) -> Bool { only.isEmpty || only.contains(name) }
}
