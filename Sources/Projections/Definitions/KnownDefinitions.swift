import Crypto
import Synchronization

/// Definitions that this process has read before: every connection meets the same books again, and reading one takes
/// longer than asking it.
enum KnownDefinitions {
  /// Kept at a time. A deployment has a dozen, and some more while new versions are built.
  private static let most = 200
  private static let known = Mutex<[String: ProjectionDefinition]>([:])

  /// The definition that such files of such a folder make, read where it is not known.
  ///
  /// - Throws: what `read` throws; that is not remembered.
  static func definition(
    folder: String, files: [String: String], read: () throws -> ProjectionDefinition
  ) throws -> ProjectionDefinition {
    let key = key(folder, files)
    if let definition = known.withLock({ $0[key] }) { return definition }
    let definition = try read()
    known.withLock { known in
      if known.count >= most { known = [:] }
      known[key] = definition
    }
    return definition
  }

  /// A hash of every byte; each text is led by its length, so none can run into the next. Texts as they are would not do:
  /// Swift takes different spellings of é for equal.
  private static func key(_ folder: String, _ files: [String: String]) -> String {
    var bytes = Array("\(folder.utf8.count) \(folder)".utf8)
    for (path, text) in files.sorted(by: { $0.key < $1.key }) {
      bytes += Array("\(path.utf8.count) \(path)\(text.utf8.count) ".utf8)
      bytes += Array(text.utf8)
    }
    return Hex.string(SHA256Digest.hash(bytes))
  }
}
