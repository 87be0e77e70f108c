import Synchronization

/// The newest checkpoint of each ledger that is signed here, for those who ask witnesses.
final class NotaryBoard: Sendable {
  private let storage = Mutex<[String: SignedCheckpoint]>([:])

  var latest: [String: SignedCheckpoint] { storage.withLock { $0 } }

  func show(_ ledger: String, _ checkpoint: SignedCheckpoint?) { storage.withLock { $0[ledger] = checkpoint } }
}
