import Domain
import Glibc

/// A person's word that a halted ledger shall go on as it is: a file beside the checkpoints, so that nobody who reaches the
/// database alone can give it. The notary takes it in and removes it.
public struct AcceptanceFile: Sendable {
  /// Why, for people.
  public var reason: String

  private static func path(folder: String, ledger: String) -> String { "\(folder)/\(ledger).accepted" }

  /// Leaves word for the notary.
  ///
  /// - Throws: ``NotaryError`` `fileUnusable`, also where there is one already.
  public static func write(folder: String, ledger: String, reason: String) throws(NotaryError) {
    do {
      try DurableFile.create(
        path(folder: folder, ledger: ledger), JSON.object(["reason": .text(reason)]).canonical + [0x0A])
    } catch { throw NotaryError(.fileUnusable, "\(path(folder: folder, ledger: ledger)): \(error)") }
  }

  /// Takes the word, if there is one.
  static func take(folder: String, ledger: String) -> AcceptanceFile? {
    let path = path(folder: folder, ledger: ledger)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 8192)
    let count = read(descriptor, &bytes, bytes.count)
    guard count > 0, let reason = (try? JSON(parsing: Array(bytes[..<count])))?["reason"]?.string else { return nil }
    guard unlink(path) == 0 else { return nil }
    return AcceptanceFile(reason: reason)
  }
}
