public import Postgres

/// How a notary is set up.
public struct NotaryOptions: Sendable {
  /// Where the log is; the login must be able to take Daybook's roles.
  public var database: ConnectionSettings
  /// File with the private key; made where nothing was ever signed.
  public var keyFile: String
  /// Folder with a file of checkpoints for each ledger.
  public var checkpointFolder: String
  /// The deployment's name, before `/LEDGER` in the origin of its checkpoints; nil: made from the key, or as it was.
  ///
  /// It counts when a ledger's first checkpoint is signed and stays from then on.
  public var name: String?
  /// Whom to ask for cosignatures.
  public var witnesses: [Witness] = []
  /// Between two checkpoints of a ledger at least: with the time to look for new events, a second at most after them.
  public var interval: Duration = .milliseconds(500)
  /// Between two looks at the heads of the logs.
  public var pace: Duration = .milliseconds(200)
  /// Between two passes that compare all entries with their tiles.
  public var patrolPause: Duration = .seconds(60)
  /// Between two tries to find a halted ledger mended.
  public var recheck: Duration = .seconds(5)

  /// The defaults, with key and checkpoints in one folder.
  public init(database: ConnectionSettings, folder: String) {
    self.database = database
    keyFile = folder + "/notary.key"
    checkpointFolder = folder + "/checkpoints"
  }
}
