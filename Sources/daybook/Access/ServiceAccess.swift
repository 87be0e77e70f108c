import DaybookClient
import Lifecycle

extension Invocation {
  /// The data folder that is meant.
  var dataFolder: DataFolder {
    let given = values["--data"]?.last ?? environment["DAYBOOK_DATA"].flatMap { $0.isEmpty ? nil : $0 }
    return DataFolder(given ?? DataFolder.usualPath(environment))
  }

  /// A client of the service that is meant.
  ///
  /// The address: `--url`, `DAYBOOK_URL`, the copy that runs on the data folder, or the usual one. The key: `--key-file`,
  /// `DAYBOOK_KEY`, or the data folder's admin key where the address is that copy's own: who may read the folder may do
  /// anything there anyway.
  func service() throws -> Daybook {
    // A copy that was killed leaves its record behind: the admin key is not for whoever listens at its port now.
    let local = ReadyRecord.read(dataFolder.readyFile).flatMap { ProcessIdentity.runsThisProgram($0.pid) ? $0 : nil }
    let url = self["--url"] ?? local?.url ?? "http://127.0.0.1:7450"
    let key: String
    if let file = self["--key-file"] {
      guard let text = AtomicFile.read(file) else { throw UsageError("cannot read the key file \(file)", command) }
      key = text
    } else if let variable = environment["DAYBOOK_KEY"], !variable.isEmpty {
      key = variable
    } else if local?.url == url, let text = AtomicFile.read(dataFolder.adminKeyFile) {
      key = text
    } else {
      throw UsageError("no key: set DAYBOOK_KEY or give --key-file", command)
    }
    let configuration = DaybookConfiguration(
      source: "/daybook/cli", timeout: .seconds(150), retry: RetryPolicy(attempts: 4, deadline: .seconds(10)),
      allowsUnencryptedRemote: has("--insecure"))
    return try Daybook(url: url, key: key.trimmed, ledger: ledger, configuration: configuration)
  }

  /// The database that is meant: `--database-url`, `DAYBOOK_DATABASE_URL`, or the private one of a running copy.
  func database() throws -> String {
    if let url = self["--database-url"] { return url }
    if let url = ReadyRecord.read(dataFolder.readyFile)?.databaseURL { return url }
    throw UsageError(
      "no database: give --database-url, set DAYBOOK_DATABASE_URL, or start `daybook up` on \(dataFolder.path)",
      command)
  }
}

extension String {
  /// Without white space at either end.
  var trimmed: String {
    var view = self[...]
    while view.first?.isWhitespace == true { view.removeFirst() }
    while view.last?.isWhitespace == true { view.removeLast() }
    return String(view)
  }
}
