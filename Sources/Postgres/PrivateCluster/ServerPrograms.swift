import Glibc

/// The folder that Postgres's programs are in.
struct ServerPrograms {
  var folder: String
  /// The major version, where it could be told.
  var majorVersion: Int?

  func path(_ program: String) -> String { "\(folder)/\(program)" }

  /// Finds the programs: what `pg_config` says, then Debian's folders from the newest, then PATH.
  ///
  /// A cluster that exists can only be run by its own major version.
  static func find(forMajorVersion wanted: Int?) throws(PrivateClusterError) -> ServerPrograms {
    let candidates = (configured() + debianFolders() + pathFolders()).filter { folder in
      ["initdb", "pg_ctl", "postgres"].allSatisfy { access("\(folder)/\($0)", X_OK) == 0 }
    }
    .map { ServerPrograms(folder: $0, majorVersion: majorVersion(of: $0)) }
    let fitting = candidates.first { wanted == nil || $0.majorVersion == wanted }
    if let fitting { return fitting }
    let found = candidates.isEmpty ? "none was found" : "found \(candidates.map(\.folder).joined(separator: ", "))"
    throw PrivateClusterError(
      code: .programsMissing,
      message: "the programs of PostgreSQL \(wanted.map(String.init) ?? "15 or later") are needed; \(found)")
  }

  private static func configured() -> [String] {
    let programs: [String] = pathFolders().map { "\($0)/pg_config" }
    guard let program = programs.first(where: { access($0, X_OK) == 0 }),
      let folder = output(of: [program, "--bindir"])
    else { return [] }
    return [folder.trimmedLine]
  }

  private static func debianFolders() -> [String] {
    let parent = "/usr/lib/postgresql"
    return FolderListing.names(in: parent).compactMap(Int.init).sorted(by: >).map { "\(parent)/\($0)/bin" }
  }

  private static func pathFolders() -> [String] {
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    return path.split(separator: ":").map(String.init)
  }

  /// From `postgres (PostgreSQL) 15.20 (…)`.
  private static func majorVersion(of folder: String) -> Int? {
    guard let words = output(of: ["\(folder)/postgres", "--version"])?.split(separator: " "), words.count > 2 else {
      return nil
    }
    return Int(words[2].prefix { $0.isNumber })
  }

  private static func output(of arguments: [String]) -> String? {
    var template = Array("/tmp/daybook-output-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { return nil }
    Glibc.close(descriptor)
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { unlink(path) }
    let outcome = ServerCommand(arguments: arguments, folder: "/", outputPath: path).run()
    return outcome.status == 0 ? outcome.output : nil
  }
}

/// The names in a folder.
enum FolderListing {
  /// Names without `.` and `..`, in no order; empty when the folder cannot be read.
  static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }
}
