import Glibc

/// A Postgres of our own in a folder: reached through a Unix socket only, by nobody but its account and root.
///
/// The state is in the folder, so any process may make a value for it and ask. Calls block until the server did what was
/// asked. The server lives in a session of its own: neither ^C at our terminal nor our end reaches it; who starts it
/// stops it.
///
/// - `data/` the cluster, `log/` its logs (a week), `socket/` its socket (or a short path elsewhere).
/// - The superuser is `daybook`, without a password. When we are root the server runs as `postgres` and the folder
///   belongs to that account, with mode 0700: whoever can reach the socket could read the files anyway.
public struct PrivateCluster: Sendable {
  /// The name of the superuser.
  public static let user = "daybook"

  /// The folder as it was given.
  public let folder: String
  /// How it is run, from its next start on.
  public var options: PrivateClusterOptions

  /// Names a cluster; nothing is made yet.
  public init(folder: String, options: PrivateClusterOptions = .durable) {
    self.folder = folder
    self.options = options
  }

  /// Is there a cluster in the folder?
  public var isInitialized: Bool { access("\(folder)/data/PG_VERSION", F_OK) == 0 }

  /// Does its server run?
  public var isRunning: Bool { processID != nil }

  /// The process id of its server; nil when it does not run.
  public var processID: Int32? { process?.runningPID }

  /// Makes the cluster where there is none, and starts its server where it does not run. Blocks until it answers.
  public func start() throws(PrivateClusterError) {
    let place = try ServerFolder(folder, account: .current())
    let programs = try ServerPrograms.find(forMajorVersion: recordedMajorVersion)
    if !isInitialized { try initialize(place, programs) }
    if isRunning { return }
    try place.write(configuration(place).text, to: "\(place.data)/daybook.conf")
    ServerProcess(dataFolder: place.data).removeStaleLockFiles(socketFolder: try place.socketFolder())
    unlink(place.startLog)
    let seconds = options.startTimeout.components.seconds
    let outcome = run(
      programs.path("pg_ctl"), ["start", "-s", "-w", "-t", "\(seconds)", "-D", place.data, "-l", place.startLog],
      place)
    guard outcome.status == 0 else {
      throw PrivateClusterError(
        code: .notStarted,
        message: [outcome.output, FileTail.read(place.startLog), place.latestLogLines].joined(separator: "\n"))
    }
  }

  /// Stops the server and waits for its end; nothing happens when it does not run.
  public func stop(_ mode: PrivateClusterStop = .fast) throws(PrivateClusterError) {
    guard isRunning else { return }
    let place = try ServerFolder(folder, account: .current())
    let programs = try ServerPrograms.find(forMajorVersion: recordedMajorVersion)
    let seconds = options.stopTimeout.components.seconds
    let outcome = run(
      programs.path("pg_ctl"), ["stop", "-s", "-w", "-t", "\(seconds)", "-m", mode.rawValue, "-D", place.data], place)
    guard outcome.status == 0 || !isRunning else {
      throw PrivateClusterError(code: .notStopped, message: outcome.output)
    }
  }

  /// Kills the server and all its processes with SIGKILL, as a crash would. The next start recovers.
  public func kill() {
    guard let process else { return }
    let deadline = ContinuousClock.now + .seconds(10)
    while case let processes = process.allPIDs, !processes.isEmpty, .now < deadline {
      for id in processes { Glibc.kill(id, SIGKILL) }
      usleep(10_000)
    }
  }

  /// How to connect to one of its databases, as its superuser.
  public func settings(database: String = "postgres") -> ConnectionSettings {
    let socket = (try? ServerFolder(folder, account: .current()).socketFolder()) ?? "\(folder)/socket"
    return ConnectionSettings(
      url: "postgresql:///\(Self.percentEncoded(database))?host=\(Self.percentEncoded(socket))&user=\(Self.user)")
  }

  /// Makes a database; answers false when it is there already.
  @discardableResult
  public func createDatabase(named name: String, template: String? = nil) throws(PostgresError) -> Bool {
    let connection = try Connection(settings())
    defer { connection.close() }
    let source = template.map { " TEMPLATE \(Connection.quoted($0))" } ?? ""
    do throws(PostgresError) {
      try connection.execute("CREATE DATABASE \(Connection.quoted(name))\(source)", isPrepared: false)
      return true
    } catch {
      // duplicate_database, or another process made it in this very moment.
      if error.sqlState == "42P04" || error.constraint == "pg_database_datname_index" { return false }
      throw error
    }
  }

  /// Removes a database, and throws out who is in it.
  public func dropDatabase(named name: String) throws(PostgresError) {
    let connection = try Connection(settings())
    defer { connection.close() }
    try connection.execute("DROP DATABASE IF EXISTS \(Connection.quoted(name)) WITH (FORCE)", isPrepared: false)
  }
}

extension PrivateCluster {
  /// Runs initdb beside the final place and renames, so that a half-made cluster is never taken for one.
  private func initialize(_ place: ServerFolder, _ programs: ServerPrograms) throws(PrivateClusterError) {
    let draft = "\(place.path)/data.new"
    _ = run("/bin/rm", ["-rf", draft], place)
    var arguments = [
      "-D", draft, "-U", Self.user, "--encoding=UTF8", "--locale=\(Self.locale)", "--lc-messages=C",
      "--data-checksums", "--auth-local=trust", "--auth-host=reject",
    ]
    if !options.isDurable { arguments.append("--no-sync") }
    let outcome = run(programs.path("initdb"), arguments, place)
    guard outcome.status == 0 else { throw PrivateClusterError(code: .notInitialized, message: outcome.output) }
    let includes = "echo \"include 'daybook.conf'\" >> \"$1/postgresql.conf\""
    guard run("/bin/sh", ["-c", includes, "sh", draft], place).status == 0, rename(draft, place.data) == 0 else {
      throw PrivateClusterError(code: .notInitialized, message: "\(place.data): \(String(cString: strerror(errno)))")
    }
  }

  private func configuration(_ place: ServerFolder) throws(PrivateClusterError) -> ServerConfiguration {
    ServerConfiguration(socketFolder: try place.socketFolder(), logFolder: place.log, options: options)
  }

  private func run(_ program: String, _ arguments: [String], _ place: ServerFolder) -> ServerCommand.Outcome {
    ServerCommand(
      arguments: place.account.commandPrefix + [program] + arguments, folder: place.path, outputPath: place.output
    ).run()
  }

  private var process: ServerProcess? {
    guard let resolved = realpath("\(folder)/data", nil) else { return nil }
    defer { free(resolved) }
    return ServerProcess(dataFolder: String(cString: resolved))
  }

  private var recordedMajorVersion: Int? {
    Int(FileTail.read("\(folder)/data/PG_VERSION").trimmedLine.prefix { $0.isNumber })
  }

  /// Bytes compare as bytes in both; C.UTF-8 knows the letters beyond ASCII.
  private static var locale: String {
    guard let locale = newlocale(1 << Int32(LC_CTYPE), "C.UTF-8", nil) else { return "C" }
    freelocale(locale)
    return "C.UTF-8"
  }

  private static func percentEncoded(_ text: String) -> String {
    text.utf8.reduce(into: "") { encoded, byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      default: encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
  }
}
