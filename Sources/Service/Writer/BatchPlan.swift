import Control
import Domain
import Log

/// One batch being decided: what was seen under the lock, and the events it will add. No I/O but for the sequences of subjects
/// that a command touches, which are asked for through `lastSequences`.
///
/// The memory is changed in place: the tree grows, the control state changes in its overlay. If the commit fails, the writer puts the
/// old tree back and drops the overlay.
struct BatchPlan {
  let ledger: String
  let zone: ReportingZone
  let view: AppendView
  /// The recorded time of every event of the batch.
  let now: Timestamp
  /// False while the writer trusts the unique indexes to object to identities and sequences it did not look up.
  let isChecked: Bool
  let memory: LedgerMemory
  let sequences: RecentCache<String, Int64>
  let persons: RecentCache<PersonName, String>
  /// Reads last sequences under the lock, for the subjects of commands.
  let lastSequences: ([String]) throws -> [String: Int64]

  /// The root of the tree at a position of the log, read under the lock; nil where it has no such position.
  let rootAt: (Int64) throws -> [UInt8]?

  /// Finds what an erasure selects, under the lock; given what was found before without it.
  let select: (ErasureSelector, SelectorScan?) throws -> Erasable

  /// Sends events ahead that are planned for good; nil where the batch must not talk to Postgres before it is decided.
  let sendAhead: ((EventBatch, _ from: Int) -> Void)?

  var batch = EventBatch()
  /// Events that were sent ahead.
  var sentCount = 0
  /// Bytes of their payloads.
  var sentBytes = 0
  /// Bytes of the payloads planned since.
  var unsentBytes = 0
  var seals: [Seal] = []
  var newTokens: [PersonName: String] = [:]
  /// The erasures among the planned events, with how many positions each names.
  var erasures: [(position: Int64, positions: Int)] = []
  /// Tokens that the batch's erasures forget: who is named from then on gets another one.
  var forgotten: Set<String> = []
  /// Where in the batch an identity stands.
  var planned: [Identity: Int] = [:]
  /// What the batch's commands caused, by the identity of their first event.
  var commands: [Identity: [RecordedEvent]] = [:]
  /// The subjects' last sequences as they will be after the commit.
  var changedSequences: [String: Int64] = [:]
  /// Last sequences that were asked for while the batch was decided.
  var learnedSequences: [String: Int64] = [:]
  var salts = SaltSource()

  init(
    ledger: String, zone: ReportingZone, view: AppendView, now: Timestamp, isChecked: Bool, memory: LedgerMemory,
    sequences: RecentCache<String, Int64>, persons: RecentCache<PersonName, String>,
    lastSequences: @escaping ([String]) throws -> [String: Int64],
    rootAt: @escaping (Int64) throws -> [UInt8]? = { _ in nil },
    select: @escaping (ErasureSelector, SelectorScan?) throws -> Erasable = { _, _ in Erasable() },
    sendAhead: ((EventBatch, _ from: Int) -> Void)? = nil
  ) {
    self.ledger = ledger
    self.zone = zone
    self.view = view
    self.now = now
    self.isChecked = isChecked
    self.memory = memory
    self.sequences = sequences
    self.persons = persons
    self.lastSequences = lastSequences
    self.rootAt = rootAt
    self.select = select
    self.sendAhead = sendAhead
  }

  /// Makes room for a batch of so many events.
  mutating func reserve(_ count: Int) {
    planned.reserveCapacity(count)
    changedSequences.reserveCapacity(count)
  }

  /// The first event of the batch, by which the whole is found again.
  var first: RecordedEvent? { batch.events.first }
}
